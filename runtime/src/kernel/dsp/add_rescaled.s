@ total_j += (sum_j + half) >> shift, shift 2 to 30.
@
@ extern "C" fn(total, sums, length, factor)
@   length   a multiple of 8, not 0
@   factor   2^(32 - shift)
@
@ SMMLAR multiplies 32 by 32 bits, rounds half up at bit 32 and adds: (sum 2^(32 - shift) + 2^31) >> 32 is the rounded
@ shift, in 64 bits.
@
@ r0 total   r1 sums   r2 end of sums   r3 factor   r4-r7 sums   r8-r10 r12 total
@ 18 instructions for 8 sums.

    .syntax unified
    .arch armv7e-m
    .section .text.metaplastic_add_rescaled, "ax", %progbits
    .global metaplastic_add_rescaled
    .type metaplastic_add_rescaled, %function
    .thumb_func
metaplastic_add_rescaled:
    push {r4-r10, lr}
    add r2, r1, r2, lsl #2
.Lrescaled_eight:
    ldm r1!, {r4-r7}
    ldm r0, {r8-r10, r12}
    smmlar r8, r4, r3, r8
    smmlar r9, r5, r3, r9
    smmlar r10, r6, r3, r10
    smmlar r12, r7, r3, r12
    stm r0!, {r8-r10, r12}
    ldm r1!, {r4-r7}
    ldm r0, {r8-r10, r12}
    smmlar r8, r4, r3, r8
    smmlar r9, r5, r3, r9
    smmlar r10, r6, r3, r10
    smmlar r12, r7, r3, r12
    stm r0!, {r8-r10, r12}
    cmp r1, r2
    bne .Lrescaled_eight
    pop {r4-r10, pc}
