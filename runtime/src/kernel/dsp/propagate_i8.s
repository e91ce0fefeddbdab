@ sums_j += sum over spikes i of W_ij, i8 weights, exact.
@
@ extern "C" fn(weights, spikes, count, sums, row)
@   row      synapses of a row, a multiple of 8; rows begin at multiples of 4 bytes
@   spikes   count u16 indices of rows that exist, 1 <= count <= 256
@
@ Sixteen sums stay in registers over the whole list of spikes, packed in pairs of i16: SXTAB16 adds bytes 0 and 2 of
@ a word, rotated by 8 bytes 1 and 3, so sums come in the order (0, 2) (1, 3). 256 spikes of -128 make -32768: no
@ pair can wrap. They are put in order when they are added to the i32 sums.
@
@ r0 weights of the block in row 0   r1 next spike   r2 row   r3 r12 weights   r4-r11 sums   lr row length
@ 27 instructions for 32 synapses, and 53 a block of sixteen.

    .syntax unified
    .arch armv7e-m
    .section .text.metaplastic_propagate_i8, "ax", %progbits
    .global metaplastic_propagate_i8
    .type metaplastic_propagate_i8, %function
    .thumb_func
metaplastic_propagate_i8:
    push {r4-r11, lr}
    ldr lr, [sp, #36]
    add r2, r1, r2, lsl #1
    add r12, r0, lr
    push {r1, r2, r3, r12}          @ first spike, end of spikes, sums, end of row 0
.Li8_block:
    ldr r12, [sp, #12]
    subs r12, r12, r0
    beq .Li8_done
    ldr r1, [sp]
    ldr r2, [sp, #4]
    mov r4, #0
    mov r5, #0
    mov r6, #0
    mov r7, #0
    cmp r12, #16
    blo .Li8_half
    mov r8, #0
    mov r9, #0
    mov r10, #0
    mov r11, #0
    sub r2, r2, r1
    tst r2, #2
    bne .Li8_odd
.Li8_even:
    ldrh r2, [r1], #2
    mla r2, r2, lr, r0
    ldrd r3, r12, [r2]
    sxtab16 r4, r4, r3
    sxtab16 r5, r5, r3, ror #8
    sxtab16 r6, r6, r12
    sxtab16 r7, r7, r12, ror #8
    ldrd r3, r12, [r2, #8]
    sxtab16 r8, r8, r3
    sxtab16 r9, r9, r3, ror #8
    sxtab16 r10, r10, r12
    sxtab16 r11, r11, r12, ror #8
.Li8_odd:
    ldrh r2, [r1], #2
    mla r2, r2, lr, r0
    ldrd r3, r12, [r2]
    sxtab16 r4, r4, r3
    sxtab16 r5, r5, r3, ror #8
    sxtab16 r6, r6, r12
    sxtab16 r7, r7, r12, ror #8
    ldrd r3, r12, [r2, #8]
    sxtab16 r8, r8, r3
    sxtab16 r9, r9, r3, ror #8
    sxtab16 r10, r10, r12
    sxtab16 r11, r11, r12, ror #8
    ldr r2, [sp, #4]
    cmp r1, r2
    bne .Li8_even
    ldr r1, [sp, #8]
    add r2, r1, #64
    str r2, [sp, #8]
    ldrd r2, r3, [r1, #32]
    sxtah r2, r2, r8
    sxtah r3, r3, r9
    strd r2, r3, [r1, #32]
    ldrd r2, r3, [r1, #40]
    sxtah r2, r2, r8, ror #16
    sxtah r3, r3, r9, ror #16
    strd r2, r3, [r1, #40]
    ldrd r2, r3, [r1, #48]
    sxtah r2, r2, r10
    sxtah r3, r3, r11
    strd r2, r3, [r1, #48]
    ldrd r2, r3, [r1, #56]
    sxtah r2, r2, r10, ror #16
    sxtah r3, r3, r11, ror #16
    strd r2, r3, [r1, #56]
    add r0, r0, #8
    b .Li8_store
.Li8_half:                          @ the last eight of a row
    ldrh r12, [r1], #2
    mla r12, r12, lr, r0
    ldrd r3, r12, [r12]
    sxtab16 r4, r4, r3
    sxtab16 r5, r5, r3, ror #8
    sxtab16 r6, r6, r12
    sxtab16 r7, r7, r12, ror #8
    cmp r1, r2
    bne .Li8_half
    ldr r1, [sp, #8]
.Li8_store:
    ldrd r2, r3, [r1]
    sxtah r2, r2, r4
    sxtah r3, r3, r5
    strd r2, r3, [r1]
    ldrd r2, r3, [r1, #8]
    sxtah r2, r2, r4, ror #16
    sxtah r3, r3, r5, ror #16
    strd r2, r3, [r1, #8]
    ldrd r2, r3, [r1, #16]
    sxtah r2, r2, r6
    sxtah r3, r3, r7
    strd r2, r3, [r1, #16]
    ldrd r2, r3, [r1, #24]
    sxtah r2, r2, r6, ror #16
    sxtah r3, r3, r7, ror #16
    strd r2, r3, [r1, #24]
    add r0, r0, #8
    b .Li8_block
.Li8_done:
    add sp, sp, #16
    pop {r4-r11, pc}
