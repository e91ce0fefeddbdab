@ E_ij = saturate(((E_ij + 1) >> 1) + (((x_i X + A) >> 16) and mask_j)) over rows: halving, and what the spikes of many
@ postsynaptic neurons add where eligibility decays lazily and all of them add the same. A is as in add_column.
@
@ extern "C" fn(eligibility, mask, traces, X, A, end of traces, end of mask)
@   mask     all bits of the columns of neurons that spike, 1 of the others; a row, a multiple of 8
@   traces   an i16 x_i for each row
@   X        lower half: X; bit 19: bit 3 of a row's length; |x_i X + A| < 2^30
@
@ With d the increment, (E + 2 d + 1) >> 1 is ((E + 1) >> 1) + d: SHADD16 computes it in 17 bits. 2 d + 1 fits 16 bits,
@ the result lies within (-32768 - 32767) / 2 and 32767: nothing saturates. Masked by 1, 2 d + 1 is 1: only halved.
@
@ r0 E   r1 mask   r2 traces   r3 X   r4-r7 E   r8-r11 mask   r12 2 d + 1 in both halves   lr ends
@ 24 instructions for 16 synapses, 13 a row.

    .syntax unified
    .arch armv7e-m
    .section .text.metaplastic_halve_and_add_columns, "ax", %progbits
    .global metaplastic_halve_and_add_columns
    .type metaplastic_halve_and_add_columns, %function
    .thumb_func
metaplastic_halve_and_add_columns:
    push {r1, r4-r11, lr}
    b .Lhalve_columns_more
.Lhalve_columns_row:
    ldr lr, [sp, #40]
    ldrsh r12, [r2], #2
    smlabb r12, r12, r3, lr
    asr r12, r12, #15
    orr r12, r12, #1
    pkhbt r12, r12, r12, lsl #16
    ldr r1, [sp]
    ldr lr, [sp, #48]
    tst r3, #0x80000
    bne .Lhalve_columns_half
.Lhalve_columns_sixteen:
    ldm r0, {r4-r7}
    ldm r1!, {r8-r11}
    and r8, r8, r12
    and r9, r9, r12
    and r10, r10, r12
    and r11, r11, r12
    shadd16 r4, r4, r8
    shadd16 r5, r5, r9
    shadd16 r6, r6, r10
    shadd16 r7, r7, r11
    stm r0!, {r4-r7}
.Lhalve_columns_half:
    ldm r0, {r4-r7}
    ldm r1!, {r8-r11}
    and r8, r8, r12
    and r9, r9, r12
    and r10, r10, r12
    and r11, r11, r12
    shadd16 r4, r4, r8
    shadd16 r5, r5, r9
    shadd16 r6, r6, r10
    shadd16 r7, r7, r11
    stm r0!, {r4-r7}
    cmp r1, lr
    bne .Lhalve_columns_sixteen
.Lhalve_columns_more:
    ldr lr, [sp, #44]
    cmp r2, lr
    bne .Lhalve_columns_row
    pop {r1, r4-r11, pc}
