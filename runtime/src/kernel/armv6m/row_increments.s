@ R_j = (r V_j + offset) >> 16 for as long as |V_j| <= limit: what a spike adds to a row under a scale.
@
@ extern "C" fn(increments, sums, length, scale, limit, offset) -> the end of the eights of R that are written
@   length   a multiple of 8, not 0
@   scale    r, 0 to 65535
@   limit    0 to 32767
@   offset   16 bits
@
@ r0 R   r1 V   r2 scratch   r3 r   r4 limit   r5 r6 V   r7 offset   r12 2 limit   lr end of R
@ 62 instructions for 8 neurons.

    .syntax unified
    .arch armv6-m
    .section .text.metaplastic_row_increments, "ax", %progbits
    .global metaplastic_row_increments
    .type metaplastic_row_increments, %function
    .thumb_func
metaplastic_row_increments:
    push {r4-r7, lr}
    lsls r2, r2, #1
    adds r2, r0, r2
    mov lr, r2
    ldr r4, [sp, #20]
    lsls r7, r4, #1
    mov r12, r7
    ldr r7, [sp, #24]
.Lincrements_eight:
    ldm r1!, {r5, r6}
    adds r2, r5, r4
    cmp r2, r12
    bhi .Lincrements_done
    muls r5, r3, r5
    adds r5, r5, r7
    lsrs r5, r5, #16
    strh r5, [r0]
    adds r2, r6, r4
    cmp r2, r12
    bhi .Lincrements_done
    muls r6, r3, r6
    adds r6, r6, r7
    lsrs r6, r6, #16
    strh r6, [r0, #2]
    ldm r1!, {r5, r6}
    adds r2, r5, r4
    cmp r2, r12
    bhi .Lincrements_done
    muls r5, r3, r5
    adds r5, r5, r7
    lsrs r5, r5, #16
    strh r5, [r0, #4]
    adds r2, r6, r4
    cmp r2, r12
    bhi .Lincrements_done
    muls r6, r3, r6
    adds r6, r6, r7
    lsrs r6, r6, #16
    strh r6, [r0, #6]
    ldm r1!, {r5, r6}
    adds r2, r5, r4
    cmp r2, r12
    bhi .Lincrements_done
    muls r5, r3, r5
    adds r5, r5, r7
    lsrs r5, r5, #16
    strh r5, [r0, #8]
    adds r2, r6, r4
    cmp r2, r12
    bhi .Lincrements_done
    muls r6, r3, r6
    adds r6, r6, r7
    lsrs r6, r6, #16
    strh r6, [r0, #10]
    ldm r1!, {r5, r6}
    adds r2, r5, r4
    cmp r2, r12
    bhi .Lincrements_done
    muls r5, r3, r5
    adds r5, r5, r7
    lsrs r5, r5, #16
    strh r5, [r0, #12]
    adds r2, r6, r4
    cmp r2, r12
    bhi .Lincrements_done
    muls r6, r3, r6
    adds r6, r6, r7
    lsrs r6, r6, #16
    strh r6, [r0, #14]
    adds r0, r0, #16
    cmp r0, lr
    bne .Lincrements_eight
.Lincrements_done:
    pop {r4-r7, pc}
