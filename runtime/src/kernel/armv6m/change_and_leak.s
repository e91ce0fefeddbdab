@ P_ij = clamp(P_ij + ((F_j E_ij + K_j P_ij + offset_i) >> 16), -limit, limit) over all rows.
@
@ extern "C" fn(plastic, eligibility, factors, leaks, length, end, limit, offset)
@   leaks    K, -32766 to 0
@   length   synapses of a row, a multiple of 8, not 0
@   end      end of P
@   limit    P_max, not negative
@   offset   of the first row, 16 bits; a row further, it is 0x9e00 more
@
@ As change.s, with offset and limit in upper registers. Turns are of four synapses: a branch reaches no further.
@
@ r0 end of P's row   r1 end of E's row   r2 end of F   r3 end of K   r4 index   r5 r6 scratch   r7 P   r8 offset
@ r9 P_max   r12 2 P_max
@ 65 instructions for 4 synapses, 11 a row; up to 20 more for four of which one is clamped.

    .syntax unified
    .arch armv6-m
    .section .text.metaplastic_change_and_leak, "ax", %progbits
    .global metaplastic_change_and_leak
    .type metaplastic_change_and_leak, %function
    .thumb_func
metaplastic_change_and_leak:
    push {r4-r7, lr}
    mov r4, r8
    mov r5, r9
    ldr r6, [sp, #20]
    lsls r6, r6, #1
    adds r2, r2, r6
    adds r3, r3, r6
    rsbs r6, r6, #0
    push {r4-r6}                    @ r8, r9, first index
    ldr r5, [sp, #40]
    mov r9, r5
    lsls r5, r5, #1
    mov r12, r5
    ldr r5, [sp, #44]
    mov r8, r5
.Lleak_row:
    ldr r4, [sp, #8]
    subs r0, r0, r4
    subs r1, r1, r4
.Lleak_four:
    .rept 4
    ldrsh r5, [r1, r4]
    ldrsh r6, [r2, r4]
    muls r5, r6, r5
    add r5, r5, r8
    ldrsh r6, [r3, r4]
    ldrsh r7, [r0, r4]
    muls r6, r7, r6
    adds r5, r5, r6
    asrs r5, r5, #16
    adds r5, r5, r7
    mov r6, r9
    adds r6, r6, r5
    cmp r6, r12
    bhi .Lleak_clamp
    strh r5, [r0, r4]
    adds r4, r4, #2
    .endr
    bne .Lleak_four
.Lleak_next:
    movs r5, #0x9e
    lsls r5, r5, #8
    add r5, r5, r8
    uxth r5, r5
    mov r8, r5
    ldr r5, [sp, #36]
    cmp r0, r5
    bne .Lleak_row
    pop {r4-r6}
    mov r8, r4
    mov r9, r5
    pop {r4-r7, pc}
.Lleak_one:
    ldrsh r5, [r1, r4]
    ldrsh r6, [r2, r4]
    muls r5, r6, r5
    add r5, r5, r8
    ldrsh r6, [r3, r4]
    ldrsh r7, [r0, r4]
    muls r6, r7, r6
    adds r5, r5, r6
    asrs r5, r5, #16
    adds r5, r5, r7
    mov r6, r9
    adds r6, r6, r5
    cmp r6, r12
    bls .Lleak_store
.Lleak_clamp:
    asrs r6, r5, #31
    mov r5, r9
    eors r5, r5, r6
    subs r5, r5, r6
.Lleak_store:
    strh r5, [r0, r4]
    adds r4, r4, #2
    beq .Lleak_next
    lsls r6, r4, #29
    bne .Lleak_one
    b .Lleak_four
