@ sums_j += a W_j + b V_j over two rows of i8 weights, exact: what two analog values add to a row of inputs.
@
@ extern "C" fn(sums, first, second, values, length)
@   values   a in the low half, b in the high one, i16
@   length   a multiple of 8, not 0; both rows begin at multiples of 4 bytes
@
@ SXTB16 makes i16 of bytes 0 and 2 of a word, rotated by 8 of 1 and 3; PKHBT and PKHTB pair the weights of a column,
@ and SMLAD multiplies both by their values. A sum of 64 products is below 2^28.
@
@ r0 sums   r1 W   r2 V   r3 values   r4-r9 weights   r10 r11 sums   lr end of W
@ 38 instructions for 16 products.

    .syntax unified
    .arch armv7e-m
    .section .text.metaplastic_add_two_rows, "ax", %progbits
    .global metaplastic_add_two_rows
    .type metaplastic_add_two_rows, %function
    .thumb_func
metaplastic_add_two_rows:
    push {r4-r11, lr}
    ldr lr, [sp, #36]
    add lr, r1, lr
.Ltwo_rows_eight:
    ldr r4, [r1], #4
    ldr r5, [r2], #4
    sxtb16 r6, r4
    sxtb16 r7, r4, ror #8
    sxtb16 r8, r5
    sxtb16 r9, r5, ror #8
    pkhbt r4, r6, r8, lsl #16
    pkhbt r5, r7, r9, lsl #16
    pkhtb r6, r8, r6, asr #16
    pkhtb r7, r9, r7, asr #16
    ldrd r10, r11, [r0]
    smlad r10, r4, r3, r10
    smlad r11, r5, r3, r11
    strd r10, r11, [r0], #8
    ldrd r10, r11, [r0]
    smlad r10, r6, r3, r10
    smlad r11, r7, r3, r11
    strd r10, r11, [r0], #8
    ldr r4, [r1], #4
    ldr r5, [r2], #4
    sxtb16 r6, r4
    sxtb16 r7, r4, ror #8
    sxtb16 r8, r5
    sxtb16 r9, r5, ror #8
    pkhbt r4, r6, r8, lsl #16
    pkhbt r5, r7, r9, lsl #16
    pkhtb r6, r8, r6, asr #16
    pkhtb r7, r9, r7, asr #16
    ldrd r10, r11, [r0]
    smlad r10, r4, r3, r10
    smlad r11, r5, r3, r11
    strd r10, r11, [r0], #8
    ldrd r10, r11, [r0]
    smlad r10, r6, r3, r10
    smlad r11, r7, r3, r11
    strd r10, r11, [r0], #8
    cmp r1, lr
    bne .Ltwo_rows_eight
    pop {r4-r11, pc}
