@ x = (a x) >> 16 over a trace in Q31, rounded down, x not negative.
@
@ extern "C" fn(trace, fraction, length, factor)
@   trace      upper halves of x + 2^15: x rounded to Q15
@   fraction   lower halves of x + 2^15
@   length     a multiple of 8, not 0; both slices begin at multiples of 4 bytes
@   factor     2^16 a, a Q0.16 of at least one half
@
@ To SMMLA the factor is 2^32 less than it is, a negative number: the upper word of its product with x, and x + 2^15,
@ are the exact product, rounded down, plus 2^15.
@
@ r0 trace   r1 fraction   r2 end of the trace   r3 factor   r4-r7 trace, then x + 2^15   r8-r11 fraction
@ r12 x + 2^15   lr x
@ 38 instructions for 8 neurons.

    .syntax unified
    .arch armv7e-m
    .section .text.metaplastic_decay_trace, "ax", %progbits
    .global metaplastic_decay_trace
    .type metaplastic_decay_trace, %function
    .thumb_func
metaplastic_decay_trace:
    push {r4-r11, lr}
    add r2, r0, r2, lsl #1
.Ltrace_eight:
    ldm r0, {r4-r7}
    ldm r1, {r8-r11}
    pkhbt r12, r8, r4, lsl #16
    pkhtb r4, r4, r8, asr #16
    sub lr, r12, #0x8000
    smmla r12, lr, r3, r12
    sub lr, r4, #0x8000
    smmla r4, lr, r3, r4
    pkhbt r8, r12, r4, lsl #16
    pkhtb r4, r4, r12, asr #16
    pkhbt r12, r9, r5, lsl #16
    pkhtb r5, r5, r9, asr #16
    sub lr, r12, #0x8000
    smmla r12, lr, r3, r12
    sub lr, r5, #0x8000
    smmla r5, lr, r3, r5
    pkhbt r9, r12, r5, lsl #16
    pkhtb r5, r5, r12, asr #16
    pkhbt r12, r10, r6, lsl #16
    pkhtb r6, r6, r10, asr #16
    sub lr, r12, #0x8000
    smmla r12, lr, r3, r12
    sub lr, r6, #0x8000
    smmla r6, lr, r3, r6
    pkhbt r10, r12, r6, lsl #16
    pkhtb r6, r6, r12, asr #16
    pkhbt r12, r11, r7, lsl #16
    pkhtb r7, r7, r11, asr #16
    sub lr, r12, #0x8000
    smmla r12, lr, r3, r12
    sub lr, r7, #0x8000
    smmla r7, lr, r3, r7
    pkhbt r11, r12, r7, lsl #16
    pkhtb r7, r7, r12, asr #16
    stm r0!, {r4-r7}
    stm r1!, {r8-r11}
    cmp r0, r2
    bne .Ltrace_eight
    pop {r4-r11, pc}
