@ E_j = saturate(saturate(((E_j + 1) >> 1) + R_j) + (d and mask_j)) over a row: halving, what a presynaptic spike adds,
@ and what the spikes of many postsynaptic neurons add, where eligibility decays lazily.
@
@ extern "C" fn(eligibility, increments, mask, d, length)
@   mask     all bits of the columns of neurons that spike, none of the others
@   d        in both halves
@   length   a multiple of 8, not 0; the slices begin at multiples of 4 bytes
@
@ r0 E   r1 R   r2 mask   r3 d   r4-r7 E   r8-r11 R, then mask   r12 ones   lr end of E
@ 24 instructions for 8 synapses.

    .syntax unified
    .arch armv7e-m
    .section .text.metaplastic_halve_and_add_row, "ax", %progbits
    .global metaplastic_halve_and_add_row
    .type metaplastic_halve_and_add_row, %function
    .thumb_func
metaplastic_halve_and_add_row:
    push {r4-r11, lr}
    ldr lr, [sp, #36]
    mov r12, #0x00010001
    add lr, r0, lr, lsl #1
.Lhalve_row_eight:
    ldm r0, {r4-r7}
    ldm r1!, {r8-r11}
    shadd16 r4, r4, r12
    shadd16 r5, r5, r12
    shadd16 r6, r6, r12
    shadd16 r7, r7, r12
    qadd16 r4, r4, r8
    qadd16 r5, r5, r9
    qadd16 r6, r6, r10
    qadd16 r7, r7, r11
    ldm r2!, {r8-r11}
    and r8, r8, r3
    and r9, r9, r3
    and r10, r10, r3
    and r11, r11, r3
    qadd16 r4, r4, r8
    qadd16 r5, r5, r9
    qadd16 r6, r6, r10
    qadd16 r7, r7, r11
    stm r0!, {r4-r7}
    cmp r0, lr
    bne .Lhalve_row_eight
    pop {r4-r11, pc}
