@ sums_j += (c g_j + 2^14) >> 15.
@
@ extern "C" fn(sums, factors, length, coefficient)
@   length   a multiple of 8, not 0; factors begin at a multiple of 4 bytes
@
@ The shift leaves the highest bit that it drops in the carry flag: added, it rounds half up.
@
@ r0 sums   r1 g   r2 end of sums   r3 c   r4 r5 g, then sums   r6 sums
@ 50 instructions for 8 neurons.

    .syntax unified
    .arch armv6-m
    .section .text.metaplastic_add_products, "ax", %progbits
    .global metaplastic_add_products
    .type metaplastic_add_products, %function
    .thumb_func
metaplastic_add_products:
    push {r4-r6, lr}
    lsls r2, r2, #2
    adds r2, r0, r2
.Lproducts_eight:
    .rept 4
    ldm r1!, {r5}
    sxth r4, r5
    muls r4, r3, r4
    ldr r6, [r0]
    asrs r4, r4, #15
    adcs r4, r4, r6
    asrs r5, r5, #16
    muls r5, r3, r5
    ldr r6, [r0, #4]
    asrs r5, r5, #15
    adcs r5, r5, r6
    stm r0!, {r4, r5}
    .endr
    cmp r0, r2
    bne .Lproducts_eight
    pop {r4-r6, pc}
