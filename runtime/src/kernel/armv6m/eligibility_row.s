@ E_j = saturate((a_E E_j + x X_j + A_j) >> 16) over a row: dense eligibility of a rule with one presynaptic trace.
@ A_j holds the rule's terms without a trace, with the rounding's offset.
@
@ extern "C" fn(eligibility, X, A, a_E, x, length)
@   A        i32; x X_j + A_j and a_E E_j fit 32 bits each
@   length   a multiple of 8, not 0
@
@ One index counts from the row's beginning, below 0, to 0: eligibility and X are found from their ends. The sum of all
@ overflows, which sets the flag V, where the result saturates, and nowhere else; its sign then is the wrong one. That
@ synapse is put right, and what is left of its eight is done one by one.
@
@ r0 end of E   r1 end of X   r2 A   r3 a_E   r4 x   r5 index   r6 r7 scratch
@ 89 instructions for 8 synapses; up to 30 more for eight of which one saturates.

    .syntax unified
    .arch armv6-m
    .section .text.metaplastic_eligibility_row, "ax", %progbits
    .global metaplastic_eligibility_row
    .type metaplastic_eligibility_row, %function
    .thumb_func
metaplastic_eligibility_row:
    push {r4-r7, lr}
    ldr r4, [sp, #20]
    ldr r5, [sp, #24]
    lsls r5, r5, #1
    adds r0, r0, r5
    adds r1, r1, r5
    rsbs r5, r5, #0
.Lrow_eight:
    .rept 8
    ldrsh r6, [r1, r5]
    muls r6, r4, r6
    ldm r2!, {r7}
    adds r6, r6, r7
    ldrsh r7, [r0, r5]
    muls r7, r3, r7
    adds r6, r6, r7
    bvs .Lrow_saturate
    lsrs r6, r6, #16
    strh r6, [r0, r5]
    adds r5, r5, #2
    .endr
    bne .Lrow_eight
.Lrow_done:
    pop {r4-r7, pc}
.Lrow_one:
    ldrsh r6, [r1, r5]
    muls r6, r4, r6
    ldm r2!, {r7}
    adds r6, r6, r7
    ldrsh r7, [r0, r5]
    muls r7, r3, r7
    adds r6, r6, r7
    bvc .Lrow_store
.Lrow_saturate:
    asrs r6, r6, #31
    movs r7, #1
    lsls r7, r7, #31
    eors r6, r6, r7
.Lrow_store:
    lsrs r6, r6, #16
    strh r6, [r0, r5]
    adds r5, r5, #2
    beq .Lrow_done
    lsls r7, r5, #28
    bne .Lrow_one
    b .Lrow_eight
