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
@ v >= theta; saturation keeps the sign.
@
@ r0 v   r1 I   r2 a   r3 theta - 1   r4-r7 I, then v   r8 r9 old v, then theta - 1 - v   r10 scratch   r11 end of v
@ r12 v of neuron 4   lr next spike
@ 46 instructions for 8 neurons, and about 13 where one of four spikes.

    .syntax unified
    .arch armv7e-m
    .section .text.metaplastic_integrate, "ax", %progbits
    .global metaplastic_integrate
    .type metaplastic_integrate, %function
    .thumb_func
metaplastic_integrate:
    push {r4-r11, lr}
    ldr r11, [sp, #36]
    ldr lr, [sp, #40]
    add r12, r0, #8
    tst r11, #4
    add r11, r0, r11, lsl #1
    bne .Lintegrate_four
.Lintegrate_eight:
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
    bne .Lintegrate_first_spikes
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
    bne .Lintegrate_second_spikes
.Lintegrate_next:
    cmp r0, r11
    bne .Lintegrate_eight
    ldr r0, [sp, #40]
    sub r0, lr, r0
    lsr r0, r0, #1
    pop {r4-r11, pc}
.Lintegrate_first_spikes:
    sub r10, r0, r12
    lsr r10, r10, #1
    tst r8, #0x8000
    beq .Lintegrate_first_1
    strh r10, [lr], #2
.Lintegrate_first_1:
    tst r8, #0x80000000
    beq .Lintegrate_first_2
    add r4, r10, #1
    strh r4, [lr], #2
.Lintegrate_first_2:
    tst r9, #0x8000
    beq .Lintegrate_first_3
    add r4, r10, #2
    strh r4, [lr], #2
.Lintegrate_first_3:
    tst r9, #0x80000000
    beq .Lintegrate_four
    add r4, r10, #3
    strh r4, [lr], #2
    b .Lintegrate_four
.Lintegrate_second_spikes:
    sub r10, r0, r12
    lsr r10, r10, #1
    tst r8, #0x8000
    beq .Lintegrate_second_1
    strh r10, [lr], #2
.Lintegrate_second_1:
    tst r8, #0x80000000
    beq .Lintegrate_second_2
    add r4, r10, #1
    strh r4, [lr], #2
.Lintegrate_second_2:
    tst r9, #0x8000
    beq .Lintegrate_second_3
    add r4, r10, #2
    strh r4, [lr], #2
.Lintegrate_second_3:
    tst r9, #0x80000000
    beq .Lintegrate_next
    add r4, r10, #3
    strh r4, [lr], #2
    b .Lintegrate_next
