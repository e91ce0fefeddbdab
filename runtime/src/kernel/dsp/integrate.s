@ v_j = saturate(round(a v_j) + I_j), and the neurons with v_j >= theta.
@
@ extern "C" fn(membrane, input, decay, below, length, spikes) -> count
@   input    i32 I_j, the sum of everything but the decayed potential
@   decay    a, Q0.16 in 32 bits
@   below    theta - 1 in both halves, theta >= 1
@   length   a multiple of 4, not 0; the membrane begins at a multiple of 4 bytes
@   spikes   room for length u16 indices; the first count of them are written
@
@ SMMLAR multiplies 32 by 32 bits, rounds half up at bit 32 and adds: with v in the upper half of a cleared word,
@ I + ((a v 2^16 + 2^31) >> 32) = I + ((a v + 2^15) >> 16). QSUB16 of theta - 1 and v is negative exactly where
@ v >= theta; saturation keeps the sign. An index is written for every neuron of a group in which one spikes, and kept
@ for those that do: there are never more indices than neurons before.
@
@ r0 v   r1 I   r2 a   r3 theta - 1   r4-r7 I, then v   r8 r9 old v, then theta - 1 - v   r10 scratch   r11 end of v
@ r12 neuron   lr next spike
@ 24 instructions for 4 neurons, and 22 where one of the four spikes.

    .syntax unified
    .section .text.metaplastic_integrate, "ax", %progbits
    .global metaplastic_integrate
    .type metaplastic_integrate, %function
    .thumb_func
metaplastic_integrate:
    push {r0, r4-r11, lr}
    ldr r11, [sp, #40]
    add r11, r0, r11, lsl #1
    ldr lr, [sp, #44]
.Lintegrate_four:
    ldm r1!, {r4-r7}
    ldrd r8, r9, [r0]
    lsl r10, r8, #16
    smmlar r4, r10, r2, r4
    bfc r8, #0, #16
    smmlar r5, r8, r2, r5
    lsl r10, r9, #16
    smmlar r6, r10, r2, r6
    bfc r9, #0, #16
    smmlar r7, r9, r2, r7
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
    bne .Lintegrate_spike
.Lintegrate_next:
    cmp r0, r11
    bne .Lintegrate_four
    ldr r0, [sp, #44]
    sub r0, lr, r0
    lsr r0, r0, #1
    add sp, sp, #4
    pop {r4-r11, pc}
.Lintegrate_spike:
    ldr r12, [sp]
    sub r12, r0, r12
    lsr r12, r12, #1
    sub r12, r12, #4
    strh r12, [lr]
    ubfx r10, r8, #15, #1
    add lr, lr, r10, lsl #1
    add r12, r12, #1
    strh r12, [lr]
    lsr r10, r8, #31
    add lr, lr, r10, lsl #1
    add r12, r12, #1
    strh r12, [lr]
    ubfx r10, r9, #15, #1
    add lr, lr, r10, lsl #1
    add r12, r12, #1
    strh r12, [lr]
    lsr r10, r9, #31
    add lr, lr, r10, lsl #1
    b .Lintegrate_next
