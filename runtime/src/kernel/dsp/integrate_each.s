@ v_j = saturate(round(a_j v_j) + I_j), and the neurons with v_j >= theta: each with a decay of its own.
@
@ extern "C" fn(membrane, input, decays, below, length, spikes) -> count
@   input    i32 I_j, the sum of everything but the decayed potential
@   decays   a_j, Q0.16 in 16 bits
@   below    theta - 1 in both halves, theta >= 1
@   length   a multiple of 4, not 0; membrane and decays begin at a multiple of 4 bytes
@   spikes   room for length u16 indices; the first count of them are written
@
@ As integrate.s; UXTH and LSR bring a decay into a register of its own. What the loop needs only where a neuron spikes
@ lies on the stack: the beginning of v at sp, the first spike at sp + 4, the end of v and the next spike in the places of
@ the arguments.
@
@ r0 v   r1 I   r2 a   r3 theta - 1   r4-r7 I, then v   r8 r9 old v, then theta - 1 - v   r10 r11 a of two   r12 lr scratch
@ 30 instructions for 4 neurons, and about 17 where one of them spikes.

    .syntax unified
    .arch armv7e-m
    .section .text.metaplastic_integrate_each, "ax", %progbits
    .global metaplastic_integrate_each
    .type metaplastic_integrate_each, %function
    .thumb_func
metaplastic_integrate_each:
    push {r0, r2, r4-r11, lr}
    ldr r4, [sp, #44]
    ldr r5, [sp, #48]
    add r4, r0, r4, lsl #1
    str r4, [sp, #44]
    str r5, [sp, #4]
.Lintegrate_each_four:
    ldm r1!, {r4-r7}
    ldrd r8, r9, [r0]
    ldrd r10, r11, [r2], #8
    lsl r12, r8, #16
    uxth lr, r10
    smmlar r4, r12, lr, r4
    bfc r8, #0, #16
    lsr r10, r10, #16
    smmlar r5, r8, r10, r5
    lsl r12, r9, #16
    uxth lr, r11
    smmlar r6, r12, lr, r6
    bfc r9, #0, #16
    lsr r11, r11, #16
    smmlar r7, r9, r11, r7
    ssat r4, #16, r4
    ssat r5, #16, r5
    ssat r6, #16, r6
    ssat r7, #16, r7
    pkhbt r4, r4, r5, lsl #16
    pkhbt r5, r6, r7, lsl #16
    strd r4, r5, [r0], #8
    qsub16 r8, r3, r4
    qsub16 r9, r3, r5
    orr r10, r8, r9
    tst r10, #0x80008000
    bne .Lintegrate_each_spikes
.Lintegrate_each_next:
    ldr r10, [sp, #44]
    cmp r0, r10
    bne .Lintegrate_each_four
    ldr r0, [sp, #48]
    ldr r1, [sp, #4]
    sub r0, r0, r1
    lsr r0, r0, #1
    pop {r1, r2, r4-r11, pc}
.Lintegrate_each_spikes:
    ldr lr, [sp, #48]
    ldr r10, [sp, #0]
    sub r10, r0, r10
    lsr r10, r10, #1
    sub r10, r10, #4
    tst r8, #0x8000
    beq .Lintegrate_each_1
    strh r10, [lr], #2
.Lintegrate_each_1:
    tst r8, #0x80000000
    beq .Lintegrate_each_2
    add r4, r10, #1
    strh r4, [lr], #2
.Lintegrate_each_2:
    tst r9, #0x8000
    beq .Lintegrate_each_3
    add r4, r10, #2
    strh r4, [lr], #2
.Lintegrate_each_3:
    tst r9, #0x80000000
    beq .Lintegrate_each_4
    add r4, r10, #3
    strh r4, [lr], #2
.Lintegrate_each_4:
    str lr, [sp, #48]
    b .Lintegrate_each_next
