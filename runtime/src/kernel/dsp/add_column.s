@ E_i = saturate(E_i + ((x_i X + A) >> 16)) down a column: what a postsynaptic spike adds where eligibility decays
@ lazily. A is the addend of the rule's terms without a trace, with the rounding's offset.
@
@ extern "C" fn(column, row, traces, X, A, rows)
@   row      synapses of a row
@   traces   rows i16 x_i, from a multiple of 4 bytes on
@   X        i16; |x X + A| < 2^31
@
@ Loads stand together: on a Cortex-M4 each behind another takes one cycle less.
@
@ r0 E_i   r1 bytes of a row   r2 traces   r3 X   r4 r5 traces, then x X + A   r6-r8 E   r9 2 rows   r10 3 rows   r11 A
@ r12 x X + A   lr end of the traces of whole eights
@ 46 instructions for 8 synapses.

    .syntax unified
    .arch armv7e-m
    .section .text.metaplastic_add_column, "ax", %progbits
    .global metaplastic_add_column
    .type metaplastic_add_column, %function
    .thumb_func
metaplastic_add_column:
    push {r4-r11, lr}
    lsl r1, r1, #1
    lsl r9, r1, #1
    add r10, r9, r1
    ldr r11, [sp, #36]
    ldr r12, [sp, #40]
    bic r12, r12, #7
    add lr, r2, r12, lsl #1
    cmp r2, lr
    beq .Lcolumn_tail
.Lcolumn_eight:
    ldrd r4, r5, [r2], #8
    ldrsh r6, [r0]
    ldrsh r7, [r0, r1]
    ldrsh r8, [r0, r9]
    smlabb r12, r4, r3, r11
    smlatb r4, r4, r3, r11
    add r6, r6, r12, asr #16
    add r7, r7, r4, asr #16
    ldrsh r4, [r0, r10]
    smlabb r12, r5, r3, r11
    smlatb r5, r5, r3, r11
    add r8, r8, r12, asr #16
    add r4, r4, r5, asr #16
    ssat r6, #16, r6
    ssat r7, #16, r7
    ssat r8, #16, r8
    ssat r4, #16, r4
    strh r6, [r0]
    strh r7, [r0, r1]
    strh r8, [r0, r9]
    strh r4, [r0, r10]
    add r0, r0, r1, lsl #2
    ldrd r4, r5, [r2], #8
    ldrsh r6, [r0]
    ldrsh r7, [r0, r1]
    ldrsh r8, [r0, r9]
    smlabb r12, r4, r3, r11
    smlatb r4, r4, r3, r11
    add r6, r6, r12, asr #16
    add r7, r7, r4, asr #16
    ldrsh r4, [r0, r10]
    smlabb r12, r5, r3, r11
    smlatb r5, r5, r3, r11
    add r8, r8, r12, asr #16
    add r4, r4, r5, asr #16
    ssat r6, #16, r6
    ssat r7, #16, r7
    ssat r8, #16, r8
    ssat r4, #16, r4
    strh r6, [r0]
    strh r7, [r0, r1]
    strh r8, [r0, r9]
    strh r4, [r0, r10]
    add r0, r0, r1, lsl #2
    cmp r2, lr
    bne .Lcolumn_eight
.Lcolumn_tail:
    ldr r12, [sp, #40]
    and r12, r12, #7
    add lr, r2, r12, lsl #1
    b .Lcolumn_more
.Lcolumn_one:
    ldrsh r4, [r2], #2
    smlabb r8, r4, r3, r11
    ldrsh r12, [r0]
    add r12, r12, r8, asr #16
    ssat r12, #16, r12
    strh r12, [r0]
    add r0, r0, r1
.Lcolumn_more:
    cmp r2, lr
    bne .Lcolumn_one
    pop {r4-r11, pc}
