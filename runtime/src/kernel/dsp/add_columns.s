@ E_ij = saturate(E_ij + (((x_i X + A) >> 16) and mask_j)) over rows: what the spikes of many postsynaptic neurons add
@ where eligibility decays lazily and all of them add the same. A is as in add_column.
@
@ extern "C" fn(eligibility, mask, traces, X, A, end of traces, end of mask)
@   mask     all bits of the columns of neurons that spike, none of the others; a row, a multiple of 8
@   traces   an i16 x_i for each row
@   X        lower half: X; bit 19: bit 3 of a row's length
@
@ r0 E   r1 mask   r2 traces   r3 X   r4-r7 E   r8-r11 mask   r12 increment in both halves   lr ends
@ 24 instructions for 16 synapses, 11 a row.

    .syntax unified
    .arch armv7e-m
    .section .text.metaplastic_add_columns, "ax", %progbits
    .global metaplastic_add_columns
    .type metaplastic_add_columns, %function
    .thumb_func
metaplastic_add_columns:
    push {r1, r4-r11, lr}
    b .Lcolumns_more
.Lcolumns_row:
    ldr lr, [sp, #40]
    ldrsh r12, [r2], #2
    smlabb r12, r12, r3, lr
    pkhtb r12, r12, r12, asr #16
    ldr r1, [sp]
    ldr lr, [sp, #48]
    tst r3, #0x80000
    bne .Lcolumns_half
.Lcolumns_sixteen:
    ldm r0, {r4-r7}
    ldm r1!, {r8-r11}
    and r8, r8, r12
    and r9, r9, r12
    and r10, r10, r12
    and r11, r11, r12
    qadd16 r4, r4, r8
    qadd16 r5, r5, r9
    qadd16 r6, r6, r10
    qadd16 r7, r7, r11
    stm r0!, {r4-r7}
.Lcolumns_half:
    ldm r0, {r4-r7}
    ldm r1!, {r8-r11}
    and r8, r8, r12
    and r9, r9, r12
    and r10, r10, r12
    and r11, r11, r12
    qadd16 r4, r4, r8
    qadd16 r5, r5, r9
    qadd16 r6, r6, r10
    qadd16 r7, r7, r11
    stm r0!, {r4-r7}
    cmp r1, lr
    bne .Lcolumns_sixteen
.Lcolumns_more:
    ldr lr, [sp, #44]
    cmp r2, lr
    bne .Lcolumns_row
    pop {r1, r4-r11, pc}
