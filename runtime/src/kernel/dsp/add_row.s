@ E_j = saturate(E_j + R_j) over a row: what a presynaptic spike adds where eligibility decays lazily.
@
@ extern "C" fn(eligibility, increments, length)
@   length   a multiple of 8, not 0; both slices begin at multiples of 4 bytes
@
@ QADD16 is the saturated sum of a pair.
@
@ r0 E   r1 R   r3-r6 E   r7-r10 R   lr end of E
@ 16 instructions for 16 synapses.

    .syntax unified
    .arch armv7e-m
    .section .text.metaplastic_add_row, "ax", %progbits
    .global metaplastic_add_row
    .type metaplastic_add_row, %function
    .thumb_func
metaplastic_add_row:
    push {r4-r10, lr}
    add lr, r0, r2, lsl #1
    tst r2, #8
    beq .Ladd_sixteen
    ldm r0, {r3-r6}
    ldm r1!, {r7-r10}
    qadd16 r3, r3, r7
    qadd16 r4, r4, r8
    qadd16 r5, r5, r9
    qadd16 r6, r6, r10
    stm r0!, {r3-r6}
    cmp r0, lr
    beq .Ladd_done
.Ladd_sixteen:
    ldm r0, {r3-r6}
    ldm r1!, {r7-r10}
    qadd16 r3, r3, r7
    qadd16 r4, r4, r8
    qadd16 r5, r5, r9
    qadd16 r6, r6, r10
    stm r0!, {r3-r6}
    ldm r0, {r3-r6}
    ldm r1!, {r7-r10}
    qadd16 r3, r3, r7
    qadd16 r4, r4, r8
    qadd16 r5, r5, r9
    qadd16 r6, r6, r10
    stm r0!, {r3-r6}
    cmp r0, lr
    bne .Ladd_sixteen
.Ladd_done:
    pop {r4-r10, pc}
