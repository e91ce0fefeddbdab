//! A dense projection as the chip computes it: `sum_i s_i W_ij`, `sum_i s_i P_ij` and `sum_n a_n W_nj`, each exact, then rescaled
//! once.

use crate::kernel;

/// Adds the sum of the rows of the spiking neurons to `total`. `sums` is scratch memory of a row's length.
#[inline(always)]
pub(super) fn propagate_innate(weights: &[i8], spikes: &[u16], shift: i32, sums: &mut [i32], total: &mut [i32]) {
    sums.fill(0);
    kernel::propagate_i8(weights, spikes, sums);
    kernel::add_rescaled(total, sums, shift);
}

/// As [`propagate_innate`], for the rows of analog values, each times its value.
#[inline(always)]
pub(super) fn propagate_values(weights: &[i8], values: &[i16], shift: i32, sums: &mut [i32], total: &mut [i32]) {
    sums.fill(0);
    kernel::propagate_values(weights, values, sums);
    kernel::add_rescaled(total, sums, shift);
}

/// As [`propagate_innate`], for plastic weights.
#[inline(always)]
pub(super) fn propagate_plastic(weights: &[i16], spikes: &[u16], shift: i32, sums: &mut [i32], total: &mut [i32]) {
    sums.fill(0);
    kernel::propagate_i16(weights, spikes, sums);
    kernel::add_rescaled(total, sums, shift);
}
