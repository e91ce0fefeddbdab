@ E_j = saturate(E_j + R_j) over a row: what a presynaptic spike adds where eligibility decays lazily.
@
@ extern "C" fn(eligibility, increments, length)
@   increments   above -2^15
@   length       a multiple of 8, not 0; both slices begin at multiples of 4 bytes
@
@ A pair of E is taken as the number 2^16 E_1 + E_0 + 2^15, from which its word differs in bit 15 only, and a pair of R
@ as 2^16 R_1 + R_0, which fits 32 bits because of the bound: their sum is the pair of sums. Where the upper one leaves
@ i16, the flag V tells; where the lower one does, it carries into bit 16 or borrows from it, and that bit is not that
@ of E_1 + R_1. Four synapses of which one does are added one by one; then it goes on at the four behind them.
@
@ r0 E   r1 R   r2 2^15   r3 E, then which bits of both pairs carried   r4 r5 sums   r5 r6 R   r7 E   r12 end of E
@ 94 instructions for 16 synapses; about 60 more for four of which one saturates.

    .syntax unified
    .arch armv6-m
    .section .text.metaplastic_add_row, "ax", %progbits
    .global metaplastic_add_row
    .type metaplastic_add_row, %function
    .thumb_func
metaplastic_add_row:
    push {r4-r7, lr}
    lsls r2, r2, #1
    adds r2, r0, r2
    mov r12, r2
    movs r2, #1
    lsls r2, r2, #15
.Ladd_resume:
    mov r3, r12
    subs r3, r3, r0
    bne .Ladd_enter
    pop {r4-r7, pc}
.Ladd_enter:                         @ by what is left beyond whole sixteens: carry for eight, sign for four
    lsls r3, r3, #28
    bcc .Ladd_below_eight
    bmi .Ladd_twelve
    b .Ladd_eight
.Ladd_below_eight:
    bmi .Ladd_four
.Ladd_sixteen:
    ldm r1!, {r5, r6}
    ldr r3, [r0]
    eors r3, r3, r2
    eors r5, r5, r2
    subs r4, r5, r2
    adds r4, r3, r4
    bvs .Ladd_exact
    eors r3, r3, r5
    eors r3, r3, r4
    eors r4, r4, r2
    ldr r7, [r0, #4]
    eors r7, r7, r2
    eors r6, r6, r2
    subs r5, r6, r2
    adds r5, r7, r5
    bvs .Ladd_exact
    eors r7, r7, r6
    eors r7, r7, r5
    orrs r3, r3, r7
    lsls r3, r3, #15
    bmi .Ladd_exact
    eors r5, r5, r2
    stm r0!, {r4, r5}
.Ladd_twelve:
    ldm r1!, {r5, r6}
    ldr r3, [r0]
    eors r3, r3, r2
    eors r5, r5, r2
    subs r4, r5, r2
    adds r4, r3, r4
    bvs .Ladd_exact
    eors r3, r3, r5
    eors r3, r3, r4
    eors r4, r4, r2
    ldr r7, [r0, #4]
    eors r7, r7, r2
    eors r6, r6, r2
    subs r5, r6, r2
    adds r5, r7, r5
    bvs .Ladd_exact
    eors r7, r7, r6
    eors r7, r7, r5
    orrs r3, r3, r7
    lsls r3, r3, #15
    bmi .Ladd_exact
    eors r5, r5, r2
    stm r0!, {r4, r5}
.Ladd_eight:
    ldm r1!, {r5, r6}
    ldr r3, [r0]
    eors r3, r3, r2
    eors r5, r5, r2
    subs r4, r5, r2
    adds r4, r3, r4
    bvs .Ladd_exact
    eors r3, r3, r5
    eors r3, r3, r4
    eors r4, r4, r2
    ldr r7, [r0, #4]
    eors r7, r7, r2
    eors r6, r6, r2
    subs r5, r6, r2
    adds r5, r7, r5
    bvs .Ladd_exact
    eors r7, r7, r6
    eors r7, r7, r5
    orrs r3, r3, r7
    lsls r3, r3, #15
    bmi .Ladd_exact
    eors r5, r5, r2
    stm r0!, {r4, r5}
.Ladd_four:
    ldm r1!, {r5, r6}
    ldr r3, [r0]
    eors r3, r3, r2
    eors r5, r5, r2
    subs r4, r5, r2
    adds r4, r3, r4
    bvs .Ladd_exact
    eors r3, r3, r5
    eors r3, r3, r4
    eors r4, r4, r2
    ldr r7, [r0, #4]
    eors r7, r7, r2
    eors r6, r6, r2
    subs r5, r6, r2
    adds r5, r7, r5
    bvs .Ladd_exact
    eors r7, r7, r6
    eors r7, r7, r5
    orrs r3, r3, r7
    lsls r3, r3, #15
    bmi .Ladd_exact
    eors r5, r5, r2
    stm r0!, {r4, r5}
    cmp r0, r12
    bne .Ladd_sixteen
    pop {r4-r7, pc}
.Ladd_exact:
    subs r1, r1, #8
    movs r6, #4
    movs r7, #0
.Ladd_one:
    ldrsh r4, [r0, r7]
    ldrsh r5, [r1, r7]
    adds r4, r4, r5
    sxth r5, r4
    cmp r4, r5
    beq .Ladd_store
    asrs r4, r4, #31
    subs r5, r2, #1
    eors r4, r4, r5
.Ladd_store:
    strh r4, [r0]
    adds r0, r0, #2
    adds r1, r1, #2
    subs r6, r6, #1
    bne .Ladd_one
    b .Ladd_resume
