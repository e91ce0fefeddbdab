@ E = (E + up) >> 1: the pass that gives a lazily decayed scale its headroom back.
@
@ extern "C" fn(eligibility, length, up)
@   length   a multiple of 8, not 0; the slice begins at a multiple of 4 bytes
@   up       0 or 1
@
@ SHADD16 is half of E + up, rounded down, in 17 bits: nothing wraps.
@
@ r0 E   r1 end of E   r2-r9 pairs   r12 up in both halves
@ 12 instructions for 16 synapses.

    .syntax unified
    .arch armv7e-m
    .section .text.metaplastic_halve, "ax", %progbits
    .global metaplastic_halve
    .type metaplastic_halve, %function
    .thumb_func
metaplastic_halve:
    push {r4-r9, lr}
    orr r12, r2, r2, lsl #16
    tst r1, #8
    add r1, r0, r1, lsl #1
    beq .Lhalve_sixteen
    ldm r0, {r2-r5}
    shadd16 r2, r2, r12
    shadd16 r3, r3, r12
    shadd16 r4, r4, r12
    shadd16 r5, r5, r12
    stm r0!, {r2-r5}
    cmp r0, r1
    beq .Lhalve_done
.Lhalve_sixteen:
    ldm r0, {r2-r9}
    shadd16 r2, r2, r12
    shadd16 r3, r3, r12
    shadd16 r4, r4, r12
    shadd16 r5, r5, r12
    shadd16 r6, r6, r12
    shadd16 r7, r7, r12
    shadd16 r8, r8, r12
    shadd16 r9, r9, r12
    stm r0!, {r2-r9}
    cmp r0, r1
    bne .Lhalve_sixteen
.Lhalve_done:
    pop {r4-r9, pc}
