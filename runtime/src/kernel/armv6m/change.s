@ P_ij = clamp(P_ij + ((F_j E_ij + offset_i) >> 16), -limit, limit) over all rows.
@
@ extern "C" fn(plastic, eligibility, factors, length, end, limit, offset)
@   length   synapses of a row, a multiple of 8, not 0
@   end      end of P
@   limit    P_max, not negative
@   offset   of the first row, 16 bits; a row further, it is 0x9e00 more
@
@ One index counts from a row's beginning, below 0, to 0: the three slices are found from their ends. One
@ comparison without sign finds what is beyond the limit; that synapse is clamped, and what is left of its eight is done
@ one by one.
@
@ r0 end of P's row   r1 end of E's row   r2 end of F   r3 index   r4 P_max   r5 r6 scratch   r7 offset
@ r12 2 P_max
@ 97 instructions for 8 synapses, 10 a row; up to 30 more for eight of which one is clamped.

    .syntax unified
    .arch armv6-m
    .section .text.metaplastic_change, "ax", %progbits
    .global metaplastic_change
    .type metaplastic_change, %function
    .thumb_func
metaplastic_change:
    push {r3-r7, lr}
    lsls r3, r3, #1
    adds r2, r2, r3
    rsbs r3, r3, #0
    str r3, [sp]
    ldr r4, [sp, #28]
    ldr r7, [sp, #32]
    lsls r5, r4, #1
    mov r12, r5
.Lchange_row:
    ldr r3, [sp]
    subs r0, r0, r3
    subs r1, r1, r3
.Lchange_eight:
    .rept 8
    ldrsh r5, [r1, r3]
    ldrsh r6, [r2, r3]
    muls r5, r6, r5
    adds r5, r5, r7
    ldrsh r6, [r0, r3]
    asrs r5, r5, #16
    adds r5, r5, r6
    adds r6, r5, r4
    cmp r6, r12
    bhi .Lchange_clamp
    strh r5, [r0, r3]
    adds r3, r3, #2
    .endr
    bne .Lchange_eight
.Lchange_next:
    movs r5, #0x9e
    lsls r5, r5, #8
    adds r7, r7, r5
    uxth r7, r7
    ldr r5, [sp, #24]
    cmp r0, r5
    bne .Lchange_row
    pop {r3-r7, pc}
.Lchange_one:
    ldrsh r5, [r1, r3]
    ldrsh r6, [r2, r3]
    muls r5, r6, r5
    adds r5, r5, r7
    ldrsh r6, [r0, r3]
    asrs r5, r5, #16
    adds r5, r5, r6
    adds r6, r5, r4
    cmp r6, r12
    bls .Lchange_store
.Lchange_clamp:
    asrs r6, r5, #31
    mov r5, r4
    eors r5, r5, r6
    subs r5, r5, r6
.Lchange_store:
    strh r5, [r0, r3]
    adds r3, r3, #2
    beq .Lchange_next
    lsls r6, r3, #28
    bne .Lchange_one
    b .Lchange_eight
