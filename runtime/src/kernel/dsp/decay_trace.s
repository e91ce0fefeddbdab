@ x = (a x) >> 16 over a trace in Q31, rounded down, x not negative.
@
@ extern "C" fn(trace, residue, length, factor)
@   trace     x rounded to Q15
@   residue   what x differs by, in units of 2^-31
@   length    a multiple of 8, not 0; both slices begin at multiples of 4 bytes
@   factor    2^16 a, a Q0.16 of at least one half
@
@ To SMMLA the factor is 2^32 less than it is, a negative number: the upper word of its product with x, and x, are the
@ exact product, rounded down.
@
@ r0 trace   r1 residue   r2 end of the trace   r3 factor   r4-r7 trace   r8-r11 residue   r12 x
@ 46 instructions for 8 neurons.

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
    lsl r12, r4, #16
    sxtah r12, r12, r8
    bfc r4, #0, #16
    sxtah r4, r4, r8, ror #16
    smmla r12, r12, r3, r12
    smmla r4, r4, r3, r4
    pkhbt r8, r12, r4, lsl #16
    add r12, r12, #0x8000
    add r4, r4, #0x8000
    pkhtb r4, r4, r12, asr #16
    lsl r12, r5, #16
    sxtah r12, r12, r9
    bfc r5, #0, #16
    sxtah r5, r5, r9, ror #16
    smmla r12, r12, r3, r12
    smmla r5, r5, r3, r5
    pkhbt r9, r12, r5, lsl #16
    add r12, r12, #0x8000
    add r5, r5, #0x8000
    pkhtb r5, r5, r12, asr #16
    lsl r12, r6, #16
    sxtah r12, r12, r10
    bfc r6, #0, #16
    sxtah r6, r6, r10, ror #16
    smmla r12, r12, r3, r12
    smmla r6, r6, r3, r6
    pkhbt r10, r12, r6, lsl #16
    add r12, r12, #0x8000
    add r6, r6, #0x8000
    pkhtb r6, r6, r12, asr #16
    lsl r12, r7, #16
    sxtah r12, r12, r11
    bfc r7, #0, #16
    sxtah r7, r7, r11, ror #16
    smmla r12, r12, r3, r12
    smmla r7, r7, r3, r7
    pkhbt r11, r12, r7, lsl #16
    add r12, r12, #0x8000
    add r7, r7, #0x8000
    pkhtb r7, r7, r12, asr #16
    stm r0!, {r4-r7}
    stm r1!, {r8-r11}
    cmp r0, r2
    bne .Ltrace_eight
    pop {r4-r11, pc}
