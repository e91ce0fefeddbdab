@ x = (a x) >> 16 over a trace, rounded down, x not negative.
@
@ extern "C" fn(trace, length, decay)
@   length   a multiple of 8, not 0; the slice begins at a multiple of 4 bytes
@   decay    a, Q0.16 in 32 bits
@
@ SMULWB and SMULWT multiply 32 by 16 bits and drop 16: the exact product, rounded down, for every u16 decay.
@
@ r0 x   r1 end of x   r2 a   r3 product   r4-r11 pairs
@ 28 instructions for 16 neurons.

    .syntax unified
    .arch armv7e-m
    .section .text.metaplastic_decay_trace, "ax", %progbits
    .global metaplastic_decay_trace
    .type metaplastic_decay_trace, %function
    .thumb_func
metaplastic_decay_trace:
    push {r4-r11, lr}
    tst r1, #8
    add r1, r0, r1, lsl #1
    beq .Ltrace_sixteen
    ldm r0, {r4-r7}
    smulwb r3, r2, r4
    smulwt r4, r2, r4
    pkhbt r4, r3, r4, lsl #16
    smulwb r3, r2, r5
    smulwt r5, r2, r5
    pkhbt r5, r3, r5, lsl #16
    smulwb r3, r2, r6
    smulwt r6, r2, r6
    pkhbt r6, r3, r6, lsl #16
    smulwb r3, r2, r7
    smulwt r7, r2, r7
    pkhbt r7, r3, r7, lsl #16
    stm r0!, {r4-r7}
    cmp r0, r1
    beq .Ltrace_done
.Ltrace_sixteen:
    ldm r0, {r4-r11}
    smulwb r3, r2, r4
    smulwt r4, r2, r4
    pkhbt r4, r3, r4, lsl #16
    smulwb r3, r2, r5
    smulwt r5, r2, r5
    pkhbt r5, r3, r5, lsl #16
    smulwb r3, r2, r6
    smulwt r6, r2, r6
    pkhbt r6, r3, r6, lsl #16
    smulwb r3, r2, r7
    smulwt r7, r2, r7
    pkhbt r7, r3, r7, lsl #16
    smulwb r3, r2, r8
    smulwt r8, r2, r8
    pkhbt r8, r3, r8, lsl #16
    smulwb r3, r2, r9
    smulwt r9, r2, r9
    pkhbt r9, r3, r9, lsl #16
    smulwb r3, r2, r10
    smulwt r10, r2, r10
    pkhbt r10, r3, r10, lsl #16
    smulwb r3, r2, r11
    smulwt r11, r2, r11
    pkhbt r11, r3, r11, lsl #16
    stm r0!, {r4-r11}
    cmp r0, r1
    bne .Ltrace_sixteen
.Ltrace_done:
    pop {r4-r11, pc}
