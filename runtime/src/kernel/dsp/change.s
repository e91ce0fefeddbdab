@ P_ij = clamp(P_ij + ((F_j E_ij + offset_i) >> 16), -limit, limit) over all rows.
@
@ extern "C" fn(plastic, eligibility, factors, end, length, limits, room, offset)
@   end      end of P; rows of length synapses, a multiple of 8; the slices begin at multiples of 4 bytes
@   limits   P_max in both halves, not negative
@   room     2^31 - 1 - P_max^2
@   offset   of the first row, 16 bits; a row further, it is 0x9e00 more
@
@ Two products, the offset in their accumulator; PKHTB shifts and packs them; QADD16 adds. SMLAD then adds the squares
@ of a pair to `room` and overflows, which sets the sticky flag Q, whenever one of them is beyond P_max; it does too
@ where both are near it, and misses nothing. Q is read once every sixteen rows. Where it is set, they are clamped: the clamp of
@ a saturated sum is that of the exact one. Rows of eight have a loop of their own.
@
@ r0 P   r1 E   r2 F   r3 room   r4-r7 E, then change   r8-r11 F, then P   r12 offset   lr scratch
@ 99 instructions for 32 synapses, 10 a row and 19 every sixteen rows, 29 for a row of 8; 4 a synapse more where rows are
@ clamped.

    .syntax unified
    .arch armv7e-m
    .section .text.metaplastic_change, "ax", %progbits
    .global metaplastic_change
    .type metaplastic_change, %function
    .thumb_func
metaplastic_change:
    push {r2, r3, r4-r11, lr}       @ first F, end of P
    sub sp, sp, #12                 @ beginning of sixteen rows, their end, end of F
    ldr r3, [sp, #64]
    ldr lr, [sp, #56]
    ldr r12, [sp, #68]
    add lr, r2, lr, lsl #1
    str lr, [sp, #8]
.Lchange_rows:
    mov lr, #0
    msr apsr_nzcvq, lr
    ldr lr, [sp, #56]
    ldr r5, [sp, #16]
    add r4, r0, lr, lsl #5
    cmp r4, r5
    blo .Lchange_begin
    mov r4, r5
.Lchange_begin:
    str r0, [sp]
    str r4, [sp, #4]
    cmp lr, #8
    beq .Lchange_row_of_eight
.Lchange_row:
    ldr r2, [sp, #12]
    ldr lr, [sp, #56]
    tst lr, #8
    beq .Lchange_sixteens
    ldm r1!, {r4-r7}
    ldm r2!, {r8-r11}
    smlabb lr, r4, r8, r12
    smlatt r4, r4, r8, r12
    pkhtb r4, r4, lr, asr #16
    smlabb lr, r5, r9, r12
    smlatt r5, r5, r9, r12
    pkhtb r5, r5, lr, asr #16
    smlabb lr, r6, r10, r12
    smlatt r6, r6, r10, r12
    pkhtb r6, r6, lr, asr #16
    smlabb lr, r7, r11, r12
    smlatt r7, r7, r11, r12
    pkhtb r7, r7, lr, asr #16
    ldm r0, {r8-r11}
    qadd16 r8, r8, r4
    smlad lr, r8, r8, r3
    qadd16 r9, r9, r5
    smlad lr, r9, r9, r3
    qadd16 r10, r10, r6
    smlad lr, r10, r10, r3
    qadd16 r11, r11, r7
    smlad lr, r11, r11, r3
    stm r0!, {r8-r11}
    ldr lr, [sp, #56]
.Lchange_sixteens:
    tst lr, #16
    bne .Lchange_sixteen
.Lchange_thirty_two:
    ldm r1!, {r4-r7}
    ldm r2!, {r8-r11}
    smlabb lr, r4, r8, r12
    smlatt r4, r4, r8, r12
    pkhtb r4, r4, lr, asr #16
    smlabb lr, r5, r9, r12
    smlatt r5, r5, r9, r12
    pkhtb r5, r5, lr, asr #16
    smlabb lr, r6, r10, r12
    smlatt r6, r6, r10, r12
    pkhtb r6, r6, lr, asr #16
    smlabb lr, r7, r11, r12
    smlatt r7, r7, r11, r12
    pkhtb r7, r7, lr, asr #16
    ldm r0, {r8-r11}
    qadd16 r8, r8, r4
    smlad lr, r8, r8, r3
    qadd16 r9, r9, r5
    smlad lr, r9, r9, r3
    qadd16 r10, r10, r6
    smlad lr, r10, r10, r3
    qadd16 r11, r11, r7
    smlad lr, r11, r11, r3
    stm r0!, {r8-r11}
    ldm r1!, {r4-r7}
    ldm r2!, {r8-r11}
    smlabb lr, r4, r8, r12
    smlatt r4, r4, r8, r12
    pkhtb r4, r4, lr, asr #16
    smlabb lr, r5, r9, r12
    smlatt r5, r5, r9, r12
    pkhtb r5, r5, lr, asr #16
    smlabb lr, r6, r10, r12
    smlatt r6, r6, r10, r12
    pkhtb r6, r6, lr, asr #16
    smlabb lr, r7, r11, r12
    smlatt r7, r7, r11, r12
    pkhtb r7, r7, lr, asr #16
    ldm r0, {r8-r11}
    qadd16 r8, r8, r4
    smlad lr, r8, r8, r3
    qadd16 r9, r9, r5
    smlad lr, r9, r9, r3
    qadd16 r10, r10, r6
    smlad lr, r10, r10, r3
    qadd16 r11, r11, r7
    smlad lr, r11, r11, r3
    stm r0!, {r8-r11}
.Lchange_sixteen:
    ldm r1!, {r4-r7}
    ldm r2!, {r8-r11}
    smlabb lr, r4, r8, r12
    smlatt r4, r4, r8, r12
    pkhtb r4, r4, lr, asr #16
    smlabb lr, r5, r9, r12
    smlatt r5, r5, r9, r12
    pkhtb r5, r5, lr, asr #16
    smlabb lr, r6, r10, r12
    smlatt r6, r6, r10, r12
    pkhtb r6, r6, lr, asr #16
    smlabb lr, r7, r11, r12
    smlatt r7, r7, r11, r12
    pkhtb r7, r7, lr, asr #16
    ldm r0, {r8-r11}
    qadd16 r8, r8, r4
    smlad lr, r8, r8, r3
    qadd16 r9, r9, r5
    smlad lr, r9, r9, r3
    qadd16 r10, r10, r6
    smlad lr, r10, r10, r3
    qadd16 r11, r11, r7
    smlad lr, r11, r11, r3
    stm r0!, {r8-r11}
    ldm r1!, {r4-r7}
    ldm r2!, {r8-r11}
    smlabb lr, r4, r8, r12
    smlatt r4, r4, r8, r12
    pkhtb r4, r4, lr, asr #16
    smlabb lr, r5, r9, r12
    smlatt r5, r5, r9, r12
    pkhtb r5, r5, lr, asr #16
    smlabb lr, r6, r10, r12
    smlatt r6, r6, r10, r12
    pkhtb r6, r6, lr, asr #16
    smlabb lr, r7, r11, r12
    smlatt r7, r7, r11, r12
    pkhtb r7, r7, lr, asr #16
    ldm r0, {r8-r11}
    qadd16 r8, r8, r4
    smlad lr, r8, r8, r3
    qadd16 r9, r9, r5
    smlad lr, r9, r9, r3
    qadd16 r10, r10, r6
    smlad lr, r10, r10, r3
    qadd16 r11, r11, r7
    smlad lr, r11, r11, r3
    stm r0!, {r8-r11}
    ldr lr, [sp, #8]
    cmp r2, lr
    bne .Lchange_thirty_two
    add r12, r12, #0x9e00
    uxth r12, r12
    ldr lr, [sp, #4]
    cmp r0, lr
    bne .Lchange_row
    b .Lchange_check
.Lchange_row_of_eight:
    ldm r1!, {r4-r7}
    ldm r2, {r8-r11}
    smlabb lr, r4, r8, r12
    smlatt r4, r4, r8, r12
    pkhtb r4, r4, lr, asr #16
    smlabb lr, r5, r9, r12
    smlatt r5, r5, r9, r12
    pkhtb r5, r5, lr, asr #16
    smlabb lr, r6, r10, r12
    smlatt r6, r6, r10, r12
    pkhtb r6, r6, lr, asr #16
    smlabb lr, r7, r11, r12
    smlatt r7, r7, r11, r12
    pkhtb r7, r7, lr, asr #16
    ldm r0, {r8-r11}
    qadd16 r8, r8, r4
    smlad lr, r8, r8, r3
    qadd16 r9, r9, r5
    smlad lr, r9, r9, r3
    qadd16 r10, r10, r6
    smlad lr, r10, r10, r3
    qadd16 r11, r11, r7
    smlad lr, r11, r11, r3
    stm r0!, {r8-r11}
    add r12, r12, #0x9e00
    uxth r12, r12
    ldr lr, [sp, #4]
    cmp r0, lr
    bne .Lchange_row_of_eight
.Lchange_check:
    mrs lr, apsr
    tst lr, #0x08000000
    bne .Lchange_clamp
.Lchange_next:
    ldr lr, [sp, #16]
    cmp r0, lr
    bne .Lchange_rows
    add sp, sp, #20
    pop {r4-r11, pc}
.Lchange_clamp:                     @ r4 P   r5 P_max   r6 -P_max   r7 scratch, for its flags GE   r8 end of the rows
    mov r8, r0
    ldr r0, [sp]
    ldr r5, [sp, #60]
    mov r6, #0
    ssub16 r6, r6, r5
.Lchange_pair:
    ldr r4, [r0]
    ssub16 r7, r5, r4
    sel r4, r4, r5
    ssub16 r7, r4, r6
    sel r4, r4, r6
    str r4, [r0], #4
    cmp r0, r8
    bne .Lchange_pair
    b .Lchange_next
