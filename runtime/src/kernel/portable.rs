//! The kernels in portable Rust: what every faster twin must equal to the bit.
//!
//! Rows are padded to a multiple of eight synapses; padding holds zeros and stays zero. Slices of a row have its
//! length, slices of a matrix whole rows; elements beyond the shorter of two slices stay as they are. No sum can
//! wrap within the bounds the artifact's decoder checks.
//!
//! ```
//! use metaplastic_runtime::kernel::portable::integrate;
//!
//! // Two neurons with a decay of one half and a threshold of 600; the second one spikes.
//! let (mut membrane, mut spikes) = ([100, 900], [0; 2]);
//! let count = integrate(&mut membrane, &[50, 200], 0x8000, 600, &mut spikes);
//! assert_eq!((membrane, &spikes[..count]), ([100, 650], &[1][..]));
//! ```

mod propagate;

use core::hint::black_box;

use metaplastic_shared::arithmetic::{
    ONE_Q15, clamp_symmetric, complement, decay_and_add, join_q31, multiply_q31, rescale, round_shift, saturate,
    split_q31,
};

use crate::rounding::spread;

pub use propagate::{propagate_i8, propagate_i16, propagate_values};

/// Synapses or neurons of one turn of a loop; the registers of a core hold this many sums.
const BLOCK: usize = 8;
/// Armv6-M: eight registers, and no instruction that saturates.
const ARMV6M: bool = cfg!(armv6m);
/// Synapses of one turn where each takes so few instructions that the turn itself counts.
const LONG_BLOCK: usize = 16;

/// Does `work` for every element, unrolled by blocks.
#[inline(always)]
fn each<A>(a: &mut [A], work: impl Fn(&mut A)) {
    let (blocks, rest) = a.as_chunks_mut::<BLOCK>();
    blocks.iter_mut().for_each(|block| block.iter_mut().for_each(&work));
    rest.iter_mut().for_each(work);
}

/// Does `work` for every pair of elements, unrolled by `BLOCK`.
#[inline(always)]
fn each_pair<const BLOCK: usize, A, B>(a: &mut [A], b: &[B], work: impl Fn(&mut A, &B)) {
    let length = a.len().min(b.len());
    let (a, a_tail) = a.get_mut(..length).unwrap_or_default().as_chunks_mut::<BLOCK>();
    let (b, b_tail) = b.get(..length).unwrap_or_default().as_chunks::<BLOCK>();
    for (a, b) in a.iter_mut().zip(b) {
        a.iter_mut().zip(b).for_each(|(a, b)| work(a, b));
    }
    a_tail.iter_mut().zip(b_tail).for_each(|(a, b)| work(a, b));
}

/// Does `work` for every triple of elements, unrolled by `BLOCK`.
#[inline(always)]
fn each_triple<const BLOCK: usize, A, B, C>(a: &mut [A], b: &[B], c: &[C], work: impl Fn(&mut A, &B, &C)) {
    let length = a.len().min(b.len()).min(c.len());
    let (a, a_tail) = a.get_mut(..length).unwrap_or_default().as_chunks_mut::<BLOCK>();
    let (b, b_tail) = b.get(..length).unwrap_or_default().as_chunks::<BLOCK>();
    let (c, c_tail) = c.get(..length).unwrap_or_default().as_chunks::<BLOCK>();
    for ((a, b), c) in a.iter_mut().zip(b).zip(c) {
        a.iter_mut().zip(b).zip(c).for_each(|((a, b), c)| work(a, b, c));
    }
    a_tail.iter_mut().zip(b_tail).zip(c_tail).for_each(|((a, b), c)| work(a, b, c));
}

/// `total_j += sum_j 2^-shift`, each rescaled as by [`rescale`], within its bounds.
#[inline(never)]
pub fn add_rescaled(total: &mut [i32], sums: &[i32], shift: i32) {
    match u32::try_from(shift) {
        Ok(shift) => each_pair::<BLOCK, _, _>(total, sums, |total, sum| {
            *total += round_shift(*sum, shift);
        }),
        Err(_) => {
            let factor = rescale(1, shift);
            each_pair::<BLOCK, _, _>(total, sums, |total, sum| *total += sum * factor);
        }
    }
}

/// `wide_j = narrow_j`.
#[inline(never)]
pub fn widen(wide: &mut [i32], narrow: &[i16]) {
    each_pair::<BLOCK, _, _>(wide, narrow, |wide, narrow| *wide = (*narrow).into());
}

/// `v_j = saturate(round(a v_j) + I_j)`; writes the neurons that reach the threshold to `spikes`, ascending, and
/// returns how many there are.
///
/// `decay` is Q0.16, `input` in the membrane's exponent, `threshold` at least one. `spikes` has room for every
/// neuron; spikes for which it has no room are dropped.
#[inline(never)]
pub fn integrate(membrane: &mut [i16], input: &[i32], decay: u16, threshold: i16, spikes: &mut [u16]) -> usize {
    let mut found = Found { spikes, count: 0, threshold };
    let length = membrane.len().min(input.len());
    let (membrane, input) =
        (membrane.get_mut(..length).unwrap_or_default(), input.get(..length).unwrap_or_default());
    let decay = i32::from(decay);
    // One comparison finds all neurons that neither spike nor leave i16.
    let usual = (i32::from(threshold) + 0x8000) as u32;
    let work = |found: &mut Found<'_>, neuron: usize, v: i32, input: i32| {
        let v = ((decay * v + HALF) >> 16) + input;
        if (v.wrapping_add(0x8000) as u32) < usual { v as i16 } else { found.look_at(neuron, v) }
    };
    let (membranes, rest) = membrane.as_chunks_mut::<BLOCK>();
    let (inputs, input_tail) = input.as_chunks::<BLOCK>();
    for (block, (membrane, input)) in membranes.iter_mut().zip(inputs).enumerate() {
        for (k, (v, input)) in membrane.iter_mut().zip(input).enumerate() {
            *v = work(&mut found, block * BLOCK + k, i32::from(*v), *input);
        }
    }
    for (k, (v, input)) in rest.iter_mut().zip(input_tail).enumerate() {
        *v = work(&mut found, membranes.len() * BLOCK + k, i32::from(*v), *input);
    }
    found.count
}

/// As [`integrate`], with a decay for each neuron: `v_j = saturate(round(a_j v_j) + I_j)`.
#[inline(never)]
pub fn integrate_each(
    membrane: &mut [i16],
    input: &[i32],
    decays: &[u16],
    threshold: i16,
    spikes: &mut [u16],
) -> usize {
    let mut found = Found { spikes, count: 0, threshold };
    let usual = (i32::from(threshold) + 0x8000) as u32;
    for (neuron, ((v, input), decay)) in membrane.iter_mut().zip(input).zip(decays).enumerate() {
        let sum = ((i32::from(*decay) * i32::from(*v) + HALF) >> 16) + *input;
        *v = if (sum.wrapping_add(0x8000) as u32) < usual { sum as i16 } else { found.look_at(neuron, sum) };
    }
    found.count
}

/// Neurons that reached the threshold.
struct Found<'s> {
    spikes: &'s mut [u16],
    count: usize,
    threshold: i16,
}

impl Found<'_> {
    /// The saturated potential of a neuron that reaches the threshold or is below i16; records those that reach it.
    /// Not inlined: few neurons do.
    #[cold]
    #[inline(never)]
    fn look_at(&mut self, neuron: usize, v: i32) -> i16 {
        let v = saturate(v);
        if v >= self.threshold
            && let Some(slot) = self.spikes.get_mut(self.count)
        {
            *slot = neuron as u16;
            self.count += 1;
        }
        v
    }
}

/// `x_i = a x_i`, rounded down, over a trace in Q31, stored as [`split_q31`] splits it; `decay` is Q0.16.
#[inline(never)]
pub fn decay_trace(trace: &mut [i16], fraction: &mut [u16], decay: u16) {
    let length = trace.len().min(fraction.len());
    let (trace, fraction) =
        (trace.get_mut(..length).unwrap_or_default(), fraction.get_mut(..length).unwrap_or_default());
    let decay_one = |rounded: &mut i16, fraction: &mut u16| {
        let decayed = multiply_q31(join_q31(*rounded, *fraction), decay.into());
        (*rounded, *fraction) = split_q31(decayed);
    };
    let (traces, trace_tail) = trace.as_chunks_mut::<BLOCK>();
    let (fractions, fraction_tail) = fraction.as_chunks_mut::<BLOCK>();
    for (trace, fraction) in traces.iter_mut().zip(fractions) {
        trace.iter_mut().zip(fraction).for_each(|(rounded, fraction)| decay_one(rounded, fraction));
    }
    trace_tail.iter_mut().zip(fraction_tail).for_each(|(rounded, fraction)| decay_one(rounded, fraction));
}

/// The operands of the eligibility update of one presynaptic neuron's row, besides the row itself.
///
/// Vectors have one more fractional bit than E and are bounded so that the whole sum fits: with `n` of the
/// four parts present, each value is at most `32767 / n`.
#[derive(Clone, Copy, Debug)]
pub struct DenseRow<'a> {
    /// a_E, Q0.16.
    pub decay: u16,
    /// x_i, Q15.
    pub trace: i16,
    /// Factors of x_i; as long as the row, zeros if the rule has none.
    pub of_trace: &'a [i16],
    /// x2_i, Q15.
    pub slow_trace: i16,
    /// Factors of x2_i; empty if the rule has none.
    pub of_slow_trace: &'a [i16],
    /// One in Q15 times the sum of the factors of 1 and, if the neuron spikes, of s_i; and the rounding's offset, 0
    /// to 65534. As long as the row.
    pub addends: &'a [i32],
    /// The factors of P_ij, already summed over the presynaptic factors; empty if the rule has none.
    pub of_plastic: &'a [i16],
    /// Exponent of P.
    pub plastic_exponent: u32,
    /// The bound of each part.
    pub limit: i16,
}

/// `E_ij = a_E E_ij + x_i X_j + x2_i X2_j + D_j + U_j P_ij` over a row, one rounding, saturated.
#[inline(never)]
pub fn eligibility_row(eligibility: &mut [i16], plastic: &[i16], row: &DenseRow<'_>) {
    if row.of_slow_trace.is_empty() && row.of_plastic.is_empty() {
        return eligibility_row_of_one_trace(eligibility, row);
    }
    for (j, (e, p)) in eligibility.iter_mut().zip(plastic).enumerate() {
        let at = |vector: &[i16]| vector.get(j).map_or(0, |value| i32::from(*value));
        let of_plastic = round_shift(at(row.of_plastic) * i32::from(*p), row.plastic_exponent);
        let sum = i32::from(row.trace) * at(row.of_trace)
            + i32::from(row.slow_trace) * at(row.of_slow_trace)
            + i32::from(ONE_Q15) * i32::from(clamp_symmetric(of_plastic, row.limit));
        let addend = row.addends.get(j).copied().unwrap_or(HALF);
        *e = decay_and_add(*e, row.decay, sum + addend);
    }
}

/// Half a step of a number with 16 further bits.
pub const HALF: i32 = 1 << 15;

fn eligibility_row_of_one_trace(eligibility: &mut [i16], row: &DenseRow<'_>) {
    let DenseRow { decay, trace, .. } = *row;
    if ARMV6M || decay < 0x8000 {
        each_triple::<BLOCK, _, _, _>(eligibility, row.of_trace, row.addends, |e, factor, addend| {
            let increment = i32::from(trace) * i32::from(*factor) + *addend;
            *e = decay_and_increase(*e, decay, increment);
        });
        return;
    }
    let negative_leak = -(complement(decay) as i32);
    each_triple::<BLOCK, _, _, _>(eligibility, row.of_trace, row.addends, |e, factor, addend| {
        let old = i32::from(*e);
        let increment = i32::from(trace) * i32::from(*factor) + negative_leak * old;
        *e = saturate(old + ((increment + *addend) >> 16));
    });
}

/// `sums_j += addend`.
pub fn add_constant(sums: &mut [i32], addend: i32) {
    each(sums, |sum| *sum += addend);
}

/// `saturate((decay e + increment) >> 16)`: both fit 32 bits, so their sum overflows where the result saturates,
/// and nowhere else.
#[inline(always)]
fn decay_and_increase(e: i16, decay: u16, increment: i32) -> i16 {
    let decayed = i32::from(decay) * i32::from(e);
    decayed.checked_add(increment).map_or_else(|| end_of_range(decayed), |sum| (sum >> 16) as i16)
}

/// The value that an overflowed sum saturates to. Its addends have the same sign.
#[cold]
#[inline(never)]
fn end_of_range(addend: i32) -> i16 {
    if addend < 0 { i16::MIN } else { i16::MAX }
}

/// `sums_j += (c g_j + offset) >> 15`: products in the coefficient's exponent; `factors` are Q15, above -1, so that
/// no product has to saturate. `offset` is below 2^15.
pub fn add_products(sums: &mut [i32], coefficient: i16, factors: &[i16], offset: u16) {
    let offset = black_box(i32::from(offset));
    each_pair::<BLOCK, _, _>(sums, factors, |sum, factor| {
        *sum += (i32::from(coefficient) * i32::from(*factor) + offset) >> 15
    });
}

/// `R_j = (r V_j + offset) >> 16`, one fractional bit less than V: what a spike adds to a row under the scale `r`,
/// Q15 from one half to below two. V is bounded by `limit` first, so that `V r / 2` fits.
pub fn row_increments(increments: &mut [i16], sums: &[i32], scale: (u16, u16), limit: i16) {
    let (scale, offset) = (i32::from(scale.0), i32::from(scale.1));
    each_pair::<BLOCK, _, _>(increments, sums, |increment, sum| {
        let within = sum.wrapping_add(limit.into()) as u32 <= 2 * u32::from(limit.unsigned_abs());
        let bounded = if within { *sum } else { clamp_rarely(*sum, limit).into() };
        *increment = ((bounded * scale + offset) >> 16) as i16;
    });
}

/// `E_ij = E_ij + R_j` over the row of a presynaptic neuron that spikes, saturated. For lazy decay. R is above
/// -2^15, as [`row_increments`] makes it.
#[inline(never)]
pub fn add_row(eligibility: &mut [i16], increments: &[i16]) {
    each_pair::<LONG_BLOCK, _, _>(eligibility, increments, |e, increment| {
        *e = saturate(i32::from(*e) + i32::from(*increment))
    });
}

/// [`add_row`] to the row of every presynaptic neuron in `spikes`; rows are as long as `increments`.
pub fn add_rows(eligibility: &mut [i16], spikes: &[u16], increments: &[i16]) {
    let row = increments.len();
    for start in spikes.iter().map(|spike| usize::from(*spike) * row) {
        add_row(eligibility.get_mut(start..start + row).unwrap_or_default(), increments);
    }
}

/// [`eligibility_column`] of every postsynaptic neuron in `columns`, for a rule with one presynaptic trace: all get
/// the same increments. `eligibility` is whole rows, one for each trace; `scratch` is as long as a row.
pub fn add_columns(
    eligibility: &mut [i16],
    row_length: usize,
    columns: &[u16],
    traces: (&[i16], i16),
    addend: i32,
    scratch: &mut [i32],
) {
    let _ = scratch;
    for j in columns {
        let column = eligibility.get_mut(usize::from(*j)..).unwrap_or_default();
        eligibility_column(column, row_length, traces, (&[], 0), addend);
    }
}

/// `E_ij = E_ij + ((x_i X + x2_i X2 + A) >> 16)` down the column of a postsynaptic neuron that spikes, saturated. For
/// lazy decay; `eligibility` begins in the column's first row, rows are `row_length` long. Traces that the rule does
/// not read are empty. A is one in Q15 times the factor of 1, and the rounding's offset, 0 to 65534.
#[inline(never)]
pub fn eligibility_column(
    eligibility: &mut [i16],
    row_length: usize,
    traces: (&[i16], i16),
    slow_traces: (&[i16], i16),
    addend: i32,
) {
    if slow_traces.0.is_empty() && !traces.0.is_empty() {
        for (e, trace) in eligibility.iter_mut().step_by(row_length.max(1)).zip(traces.0) {
            let sum = i32::from(*trace) * i32::from(traces.1) + addend;
            *e = saturate(i32::from(*e) + (sum >> 16));
        }
        return;
    }
    for (i, e) in eligibility.iter_mut().step_by(row_length.max(1)).enumerate() {
        let product =
            |(trace, factor): (&[i16], i16)| trace.get(i).map_or(0, |value| i32::from(*value) * i32::from(factor));
        let sum = product(traces) + product(slow_traces) + addend;
        *e = saturate(i32::from(*e) + (sum >> 16));
    }
}

/// Halves eligibility, rounded up if `up` is 1 and down if it is 0: the pass that restores the headroom of lazy
/// decay's scale.
#[inline(never)]
pub fn halve(eligibility: &mut [i16], up: u16) {
    each(eligibility, |e| *e = ((i32::from(*e) + i32::from(up)) >> 1) as i16);
}

/// Three pointers, two bounds and what is computed leave no register of Armv6-M for a longer turn.
const CHANGE_BLOCK: usize = if ARMV6M { BLOCK } else { LONG_BLOCK };

/// `P_ij = clamp(P_ij + ((F_j E_ij + offset_i) >> 16), -limit, limit)` over all rows, each as long as `factors`;
/// `F_j E_ij` has 16 fractional bits more than P. `offset` is the first row's, each further one's is 0x9e00 more, modulo
/// 2^16. `limit` is not negative.
#[inline(never)]
pub fn change(plastic: &mut [i16], eligibility: &[i16], factors: &[i16], limit: i16, offset: u16) {
    let row = factors.len().max(1);
    let rows = plastic.chunks_exact_mut(row).zip(eligibility.chunks_exact(row));
    for ((plastic, eligibility), offset) in rows.zip(spread(offset)) {
        // Hidden from the compiler, the offset stays in a register and is added by the multiplication.
        let offset = black_box(i32::from(offset));
        each_triple::<CHANGE_BLOCK, _, _, _>(plastic, eligibility, factors, |p, e, factor| {
            let sum = i32::from(*p) + ((i32::from(*factor) * i32::from(*e) + offset) >> 16);
            let within = sum.wrapping_add(limit.into()) as u32 <= 2 * u32::from(limit.unsigned_abs());
            *p = if within { sum as i16 } else { clamp_rarely(sum, limit) };
        });
    }
}

/// `P_ij = clamp(P_ij + ((F_j E_ij + K_j P_ij + offset_i) >> 16), -limit, limit)`: as [`change`], with factors K of P, in Q16,
/// -32766 to 0. `factors` are F and K, equally long.
#[inline(never)]
pub fn change_and_leak(
    plastic: &mut [i16],
    eligibility: &[i16],
    factors: (&[i16], &[i16]),
    limit: i16,
    offset: u16,
) {
    let row = factors.0.len().max(1);
    let rows = plastic.chunks_exact_mut(row).zip(eligibility.chunks_exact(row));
    for ((plastic, eligibility), offset) in rows.zip(spread(offset)) {
        let offset = i32::from(offset);
        let factors = factors.0.iter().zip(factors.1);
        for ((p, e), (factor, leak)) in plastic.iter_mut().zip(eligibility).zip(factors) {
            let product = i32::from(*factor) * i32::from(*e) + i32::from(*leak) * i32::from(*p);
            let sum = i32::from(*p) + ((product + offset) >> 16);
            *p = clamp_symmetric(sum, limit);
        }
    }
}

/// Not inlined: a branch that is hardly ever taken costs less than a clamp of every synapse.
#[cold]
#[inline(never)]
fn clamp_rarely(sum: i32, limit: i16) -> i16 {
    clamp_symmetric(sum, limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn propagation_adds_the_rows_of_spiking_neurons() {
        let mut sums = [10, 20, 0, 0, 0, 0, 0, 0];
        let weights = [[1, 2, 0, 0, 0, 0, 0, 7], [3; 8], [-128, 127, 0, 0, 0, 0, 0, 1]];
        propagate_i8(weights.as_flattened(), &[0, 2, 9], &mut sums);
        assert_eq!(sums, [10 + 1 - 128, 20 + 2 + 127, 0, 0, 0, 0, 0, 8]);
        propagate_i16([[0; 8], [300; 8]].as_flattened(), &[1], &mut sums);
        assert_eq!(sums, [183, 449, 300, 300, 300, 300, 300, 308]);
    }

    #[test]
    fn a_dense_row_is_the_rounded_exact_sum() {
        // a_E = 1/2, x = 1/2 (Q15 16384): 1000/2 + (16384 * 300 + 32767 * 10) / 65536 = 500 + 79.9998 -> 580.
        let row = DenseRow {
            decay: 0x8000,
            trace: 16384,
            of_trace: &[300],
            slow_trace: 0,
            of_slow_trace: &[],
            addends: &[32767 * 10 + HALF],
            of_plastic: &[],
            plastic_exponent: 15,
            limit: 16383,
        };
        let mut eligibility = [1000];
        eligibility_row(&mut eligibility, &[0], &row);
        assert_eq!(eligibility, [580]);
        // U P = -200 * 0.5 = -100, half a step each: 580/2 - 50 = 240.
        let oja = DenseRow { of_trace: &[], addends: &[HALF], of_plastic: &[-200], ..row };
        eligibility_row(&mut eligibility, &[16384], &oja);
        assert_eq!(eligibility, [240]);
    }

    #[test]
    fn a_sum_that_overflows_saturates_as_the_exact_one_does() {
        for decay in [0, 1, 0x7fff, 0x8000, 58_982, u16::MAX] {
            for e in [i16::MIN, -32_000, -1, 0, 1, 32_000, i16::MAX] {
                for increment in [-32_767 * 32_767, -70_000, 0, 70_000, 32_767 * 32_767] {
                    let exact = decay_and_add(e, decay, increment + HALF);
                    assert_eq!(decay_and_increase(e, decay, increment + HALF), exact, "{e} {decay} {increment}");
                }
            }
        }
    }

    #[test]
    fn a_column_without_traces_gets_its_constant_term() {
        let mut eligibility = [1, 2, 3, 4];
        add_columns(&mut eligibility, 2, &[1], (&[], 0), 4 * 32_767 + HALF, &mut []);
        assert_eq!(eligibility, [1, 4, 3, 6]);
    }

    #[test]
    fn a_column_touches_its_own_synapses_only() {
        let mut eligibility = [1, 2, 3, 4, 5, 6];
        eligibility_column(&mut eligibility[1..], 2, (&[16384, 0, 32767], 40), (&[], 0), 4 * 32_767 + HALF);
        assert_eq!(eligibility, [1, 2 + 12, 3, 4 + 2, 5, 6 + 22]);
    }

    #[test]
    fn change_is_clamped() {
        let mut plastic = [100, -100, 90];
        change(&mut plastic, &[16384, 16384, 2], &[400, -400, 16384], 120, 0x8000);
        assert_eq!(plastic, [120, -120, 91]);
    }

    #[test]
    fn each_row_of_a_change_has_its_own_offset() {
        // 40000 / 65536 is rounded up with an offset of at least 25536: 0x9e00, 0x3c00, 0xda00 after 0.
        let mut plastic = [0; 4];
        change(&mut plastic, &[2; 4], &[20_000], 120, 0);
        assert_eq!(plastic, [0, 1, 0, 1]);
    }

    #[test]
    fn halving_rounds_up_or_down() {
        for (up, halves) in [(1, [3, -2, 16384, -16384]), (0, [2, -3, 16383, -16384])] {
            let mut eligibility = [5, -5, i16::MAX, i16::MIN];
            halve(&mut eligibility, up);
            assert_eq!(eligibility, halves);
        }
    }

    #[test]
    fn a_membrane_leaks_integrates_and_spikes() {
        let (mut membrane, mut spikes) = ([1000, -1000, 30_000, 1], [0; 4]);
        let count = integrate(&mut membrane, &[0, 3, 9000, 99], 0x8000, 100, &mut spikes);
        assert_eq!((membrane, &spikes[..count]), ([500, -497, 24_000, 100], &[0, 2, 3][..]));
        integrate(&mut membrane, &[0, 0, 40_000, -70_000], 0x8000, 100, &mut spikes);
        assert_eq!(membrane, [250, -248, i16::MAX, i16::MIN]);
    }
}
