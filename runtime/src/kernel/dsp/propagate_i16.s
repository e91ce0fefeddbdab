@ sums_j += sum over spikes i of P_ij, i16 plastic weights, exact.
@
@ extern "C" fn(weights, spikes, count, sums, row)
@   row      synapses of a row, a multiple of 8; rows begin at multiples of 4 bytes
@   spikes   count u16 indices of rows that exist, count >= 1
@
@ Eight i32 sums stay in registers over the whole list of spikes; a synapse costs half a load and one addition, which
@ extends the sign of its half of the word.
@
@ r0 weights of the block in row 0   r1 next spike   r2 row   r3 r12 weights   r4-r11 sums   lr bytes of a row
@ 27 instructions for 16 synapses, and 16 a block of eight.

    .syntax unified
    .arch armv7e-m
    .section .text.metaplastic_propagate_i16, "ax", %progbits
    .global metaplastic_propagate_i16
    .type metaplastic_propagate_i16, %function
    .thumb_func
metaplastic_propagate_i16:
    push {r4-r11, lr}
    ldr lr, [sp, #36]
    lsl lr, lr, #1
    add r2, r1, r2, lsl #1
    add r12, r0, lr
    push {r1, r2, r3, r12}          @ first spike, end of spikes, sums, end of row 0
.Li16_block:
    ldr r12, [sp, #8]
    ldr r1, [sp]
    ldr r2, [sp, #4]
    ldm r12, {r4-r11}
    sub r2, r2, r1
    tst r2, #2
    bne .Li16_odd
.Li16_even:
    ldrh r2, [r1], #2
    mla r2, r2, lr, r0
    ldrd r3, r12, [r2]
    sxtah r4, r4, r3
    add r5, r5, r3, asr #16
    sxtah r6, r6, r12
    add r7, r7, r12, asr #16
    ldrd r3, r12, [r2, #8]
    sxtah r8, r8, r3
    add r9, r9, r3, asr #16
    sxtah r10, r10, r12
    add r11, r11, r12, asr #16
.Li16_odd:
    ldrh r2, [r1], #2
    mla r2, r2, lr, r0
    ldrd r3, r12, [r2]
    sxtah r4, r4, r3
    add r5, r5, r3, asr #16
    sxtah r6, r6, r12
    add r7, r7, r12, asr #16
    ldrd r3, r12, [r2, #8]
    sxtah r8, r8, r3
    add r9, r9, r3, asr #16
    sxtah r10, r10, r12
    add r11, r11, r12, asr #16
    ldr r2, [sp, #4]
    cmp r1, r2
    bne .Li16_even
    ldr r12, [sp, #8]
    stm r12!, {r4-r11}
    str r12, [sp, #8]
    ldr r12, [sp, #12]
    add r0, r0, #16
    cmp r0, r12
    bne .Li16_block
    add sp, sp, #16
    pop {r4-r11, pc}
