@ E_j = saturate(E_j + ((x X_j + A_j - leak E_j) >> 16)) over a row: dense eligibility of a rule with one presynaptic
@ trace. A_j holds the rule's terms without a trace, with the rounding's offset.
@
@ extern "C" fn(eligibility, X, A, constants, length)
@   A          i32; -32767^2 <= x X_j + A_j <= 32767^2 + 2^16 - 2
@   constants  lower half: -leak = a_E - 2^16, a_E at least one half; upper half: x
@   length     a multiple of 8, not 0; the slices begin at multiples of 4 bytes
@
@ The multiply-accumulates wrap nowhere: 32767^2 + 2^16 - 2 + 2^30 < 2^31. PKHTB takes both upper halves, which is the
@ shift; E + t saturated is floor(a_E E + ...) saturated, because E is whole.
@
@ r0 E   r1 X   r2 A   r3 constants   r4 r5 E   r6-r9 A   r10 r11 X   lr end of E
@ 34 instructions for 8 synapses.

    .syntax unified
    .arch armv7e-m
    .section .text.metaplastic_eligibility_row, "ax", %progbits
    .global metaplastic_eligibility_row
    .type metaplastic_eligibility_row, %function
    .thumb_func
metaplastic_eligibility_row:
    push {r4-r11, lr}
    ldr lr, [sp, #36]
    add lr, r0, lr, lsl #1
.Lrow_eight:
    ldrd r4, r5, [r0]
    ldm r2!, {r6-r9}
    ldrd r10, r11, [r1], #8
    smlabb r6, r4, r3, r6
    smlatb r7, r4, r3, r7
    smlabt r6, r10, r3, r6
    smlatt r7, r10, r3, r7
    pkhtb r7, r7, r6, asr #16
    qadd16 r4, r4, r7
    smlabb r8, r5, r3, r8
    smlatb r9, r5, r3, r9
    smlabt r8, r11, r3, r8
    smlatt r9, r11, r3, r9
    pkhtb r9, r9, r8, asr #16
    qadd16 r5, r5, r9
    strd r4, r5, [r0], #8
    ldrd r4, r5, [r0]
    ldm r2!, {r6-r9}
    ldrd r10, r11, [r1], #8
    smlabb r6, r4, r3, r6
    smlatb r7, r4, r3, r7
    smlabt r6, r10, r3, r6
    smlatt r7, r10, r3, r7
    pkhtb r7, r7, r6, asr #16
    qadd16 r4, r4, r7
    smlabb r8, r5, r3, r8
    smlatb r9, r5, r3, r9
    smlabt r8, r11, r3, r8
    smlatt r9, r11, r3, r9
    pkhtb r9, r9, r8, asr #16
    qadd16 r5, r5, r9
    strd r4, r5, [r0], #8
    cmp r0, lr
    bne .Lrow_eight
    pop {r4-r11, pc}
