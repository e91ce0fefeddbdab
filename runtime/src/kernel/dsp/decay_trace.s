@ x = (a x) >> 16 over a trace in Q31, rounded down, x not negative.
@
@ extern "C" fn(trace, fraction, length, factor)
@   trace      upper halves of x
@   fraction   lower halves
@   length     a multiple of 8, not 0; both slices begin at multiples of 4 bytes
@   factor     2^16 a, a Q0.16 of at least one half
@
@ PKHBT and PKHTB put x together. To SMMLA the factor is 2^32 less than it is, a negative number: the upper word of
@ its product with x, and x, are the exact product, rounded down.
@
@ r0 upper halves   r1 lower halves   r2 end of the upper halves   r3 factor   r4-r7 upper   r8-r11 lower   r12 x
@ 30 instructions for 8 neurons.

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
    smmla r12, r12, r3, r12
    smmla r4, r4, r3, r4
    pkhbt r8, r12, r4, lsl #16
    pkhtb r4, r4, r12, asr #16
    pkhbt r12, r9, r5, lsl #16
    pkhtb r5, r5, r9, asr #16
    smmla r12, r12, r3, r12
    smmla r5, r5, r3, r5
    pkhbt r9, r12, r5, lsl #16
    pkhtb r5, r5, r12, asr #16
    pkhbt r12, r10, r6, lsl #16
    pkhtb r6, r6, r10, asr #16
    smmla r12, r12, r3, r12
    smmla r6, r6, r3, r6
    pkhbt r10, r12, r6, lsl #16
    pkhtb r6, r6, r12, asr #16
    pkhbt r12, r11, r7, lsl #16
    pkhtb r7, r7, r11, asr #16
    smmla r12, r12, r3, r12
    smmla r7, r7, r3, r7
    pkhbt r11, r12, r7, lsl #16
    pkhtb r7, r7, r12, asr #16
    stm r0!, {r4-r7}
    stm r1!, {r8-r11}
    cmp r0, r2
    bne .Ltrace_eight
    pop {r4-r11, pc}
