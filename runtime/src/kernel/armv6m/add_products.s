@ sums_j += (c g_j + offset) >> 15.
@
@ extern "C" fn(sums, factors, length, coefficient, offset)
@   length   a multiple of 8, not 0; factors begin at a multiple of 4 bytes
@
@ r0 sums   r1 g   r2 end of sums   r3 c   r4 r5 g, then sums   r6 sums   r7 offset
@ 58 instructions for 8 neurons.

    .syntax unified
    .arch armv6-m
    .section .text.metaplastic_add_products, "ax", %progbits
    .global metaplastic_add_products
    .type metaplastic_add_products, %function
    .thumb_func
metaplastic_add_products:
    push {r4-r7, lr}
    ldr r7, [sp, #20]
    lsls r2, r2, #2
    adds r2, r0, r2
.Lproducts_eight:
    .rept 4
    ldm r1!, {r5}
    sxth r4, r5
    muls r4, r3, r4
    adds r4, r4, r7
    ldr r6, [r0]
    asrs r4, r4, #15
    adds r4, r4, r6
    asrs r5, r5, #16
    muls r5, r3, r5
    adds r5, r5, r7
    ldr r6, [r0, #4]
    asrs r5, r5, #15
    adds r5, r5, r6
    stm r0!, {r4, r5}
    .endr
    cmp r0, r2
    bne .Lproducts_eight
    pop {r4-r7, pc}
