@ P_ij = clamp(P_ij + ((F_j E_ij + K_j P_ij + offset_i) >> 16), -limit, limit) over all rows.
@
@ extern "C" fn(plastic, eligibility, factors, leaks, end, length, limits, room, offset)
@   leaks    K, -32766 to 0
@   end      end of P; rows of length synapses, a multiple of 8; the slices begin at multiples of 4 bytes
@   limits   P_max in both halves, not negative
@   room     2^31 - 1 - P_max^2
@   offset   of the first row, 16 bits; a row further, it is 0x9e00 more
@
@ Two products of each synapse and the offset are within 32768 32767 + 32766 32767 + 65535 < 2^31, so that no sum sets the
@ sticky flag Q but that of the squares, see change.s. Q is read once a row.
@
@ r0 P   r1 E   r2 F   r3 K   r4 r5 E, then change   r6 r7 F, then room   r8 r9 P   r10 r11 K   r12 offset   lr scratch
@ 43 instructions for 8 synapses, 16 a row; 4 a synapse more where a row is clamped.

    .syntax unified
    .arch armv7e-m
    .section .text.metaplastic_change_and_leak, "ax", %progbits
    .global metaplastic_change_and_leak
    .type metaplastic_change_and_leak, %function
    .thumb_func
metaplastic_change_and_leak:
    push {r2, r3, r4-r11, lr}       @ first F, first K
    sub sp, sp, #8                  @ beginning of P's row, end of F
    ldr lr, [sp, #56]
    add lr, r2, lr, lsl #1
    str lr, [sp, #4]
    ldr r12, [sp, #68]
.Lleak_row:
    str r0, [sp]
    ldr r2, [sp, #8]
    ldr r3, [sp, #12]
    mov lr, #0
    msr apsr_nzcvq, lr
.Lleak_eight:
    .rept 2
    ldm r1!, {r4, r5}
    ldm r2!, {r6, r7}
    ldm r0, {r8, r9}
    ldm r3!, {r10, r11}
    smlabb lr, r4, r6, r12
    smlabb lr, r8, r10, lr
    smlatt r4, r4, r6, r12
    smlatt r4, r8, r10, r4
    pkhtb r4, r4, lr, asr #16
    smlabb lr, r5, r7, r12
    smlabb lr, r9, r11, lr
    smlatt r5, r5, r7, r12
    smlatt r5, r9, r11, r5
    pkhtb r5, r5, lr, asr #16
    ldr r6, [sp, #64]
    qadd16 r8, r8, r4
    smlad lr, r8, r8, r6
    qadd16 r9, r9, r5
    smlad lr, r9, r9, r6
    stm r0!, {r8, r9}
    .endr
    ldr lr, [sp, #4]
    cmp r2, lr
    bne .Lleak_eight
    mrs lr, apsr
    tst lr, #0x08000000
    bne .Lleak_clamp
.Lleak_next:
    add r12, r12, #0x9e00
    uxth r12, r12
    ldr lr, [sp, #52]
    cmp r0, lr
    bne .Lleak_row
    add sp, sp, #16
    pop {r4-r11, pc}
.Lleak_clamp:                       @ r4 P   r5 P_max   r6 -P_max   r7 scratch, for its flags GE   r8 end of the row
    mov r8, r0
    ldr r0, [sp]
    ldr r5, [sp, #60]
    mov r6, #0
    ssub16 r6, r6, r5
.Lleak_pair:
    ldr r4, [r0]
    ssub16 r7, r5, r4
    sel r4, r4, r5
    ssub16 r7, r4, r6
    sel r4, r4, r6
    str r4, [r0], #4
    cmp r0, r8
    bne .Lleak_pair
    b .Lleak_next
