//! The kernels in portable Rust: what every faster twin must equal to the bit.
//!
//! Rows are padded to a multiple of eight synapses; padding holds zeros and stays zero. No sum can wrap within
//! the bounds the artifact's decoder checks.

use metaplastic_shared::arithmetic::{ONE_Q15, clamp_symmetric, decay_and_add, round_shift, saturate};

/// Adds the rows of i8 weights of the spiking presynaptic neurons to `sums`, exactly.
///
/// `weights` has rows of `sums.len()`; indices in `spikes` beyond the last row add nothing.
pub fn propagate_i8(weights: &[i8], spikes: &[u16], sums: &mut [i32]) {
    let length = sums.len();
    for row in spikes.iter().filter_map(|spike| row_of(weights, *spike, length)) {
        sums.iter_mut().zip(row).for_each(|(sum, weight)| *sum = sum.wrapping_add(i32::from(*weight)));
    }
}

/// Adds the rows of i16 plastic weights of the spiking presynaptic neurons to `sums`, exactly.
pub fn propagate_i16(weights: &[i16], spikes: &[u16], sums: &mut [i32]) {
    let length = sums.len();
    for row in spikes.iter().filter_map(|spike| row_of(weights, *spike, length)) {
        sums.iter_mut().zip(row).for_each(|(sum, weight)| *sum = sum.wrapping_add(i32::from(*weight)));
    }
}

fn row_of<T>(weights: &[T], spike: u16, length: usize) -> Option<&[T]> {
    let start = usize::from(spike) * length;
    weights.get(start..start + length)
}

/// What makes the eligibility increments of one presynaptic neuron's row, besides the row itself.
///
/// Vectors have one more fractional bit than E and are bounded so that the whole sum fits: with `n` of the
/// four parts present, each value is at most `32767 / n`.
#[derive(Clone, Copy, Debug)]
pub struct DenseRow<'a> {
    /// a_E, Q0.16.
    pub decay: u16,
    /// x_i, Q15.
    pub trace: i16,
    /// Factors of x_i; empty if the rule has none.
    pub of_trace: &'a [i16],
    /// x2_i, Q15.
    pub slow_trace: i16,
    /// Factors of x2_i; empty if the rule has none.
    pub of_slow_trace: &'a [i16],
    /// The sum of the factors of 1 and, if the neuron spikes, of s_i; empty if the rule has neither.
    pub of_one: &'a [i16],
    /// What multiplies P_ij, already summed over the presynaptic factors; empty if the rule has none.
    pub of_plastic: &'a [i16],
    /// Exponent of P.
    pub plastic_exponent: u32,
    /// The bound of each part.
    pub limit: i16,
}

/// `E_ij = a_E E_ij + x_i X_j + x2_i X2_j + D_j + U_j P_ij` over a row, one rounding, saturated.
pub fn eligibility_row(eligibility: &mut [i16], plastic: &[i16], row: &DenseRow<'_>) {
    for (j, (e, p)) in eligibility.iter_mut().zip(plastic).enumerate() {
        let at = |vector: &[i16]| vector.get(j).map_or(0, |value| i32::from(*value));
        let of_plastic = round_shift(at(row.of_plastic) * i32::from(*p), row.plastic_exponent);
        let sum = i32::from(row.trace) * at(row.of_trace)
            + i32::from(row.slow_trace) * at(row.of_slow_trace)
            + i32::from(ONE_Q15) * at(row.of_one)
            + i32::from(ONE_Q15) * i32::from(clamp_symmetric(of_plastic, row.limit));
        *e = decay_and_add(*e, row.decay, sum);
    }
}

/// `E_ij = E_ij + R_j` over the row of a presynaptic neuron that spikes, saturated. For lazy decay.
pub fn add_row(eligibility: &mut [i16], increments: &[i16]) {
    eligibility.iter_mut().zip(increments).for_each(|(e, increment)| *e = e.saturating_add(*increment));
}

/// `E_ij = E_ij + x_i X + x2_i X2 + D` down the column of a postsynaptic neuron that spikes, saturated. For
/// lazy decay; `eligibility` begins in the column's first row, rows are `row_length` long.
pub fn eligibility_column(
    eligibility: &mut [i16],
    row_length: usize,
    traces: (&[i16], i16),
    slow_traces: (&[i16], i16),
    of_one: i16,
) {
    for (i, e) in eligibility.iter_mut().step_by(row_length.max(1)).enumerate() {
        let product =
            |(trace, factor): (&[i16], i16)| trace.get(i).map_or(0, |value| i32::from(*value) * i32::from(factor));
        let sum = product(traces) + product(slow_traces) + i32::from(ONE_Q15) * i32::from(of_one);
        *e = saturate(i32::from(*e) + round_shift(sum, 16));
    }
}

/// Halves a row of eligibility, rounded: the pass that gives a lazily decayed scale its headroom back.
pub fn halve_row(eligibility: &mut [i16]) {
    eligibility.iter_mut().for_each(|e| *e = saturate(round_shift(i32::from(*e), 1)));
}

/// `P_ij = clamp(P_ij + F_j E_ij, -limit, limit)` over a row; `F_j E_ij` has 16 fractional bits more than P.
pub fn change_row(plastic: &mut [i16], eligibility: &[i16], factors: &[i16], limit: i16) {
    for ((p, e), factor) in plastic.iter_mut().zip(eligibility).zip(factors) {
        let change = round_shift(i32::from(*factor) * i32::from(*e), 16);
        *p = clamp_symmetric(i32::from(*p) + change, limit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn propagation_adds_the_rows_of_spiking_neurons() {
        let mut sums = [10, 20];
        propagate_i8(&[1, 2, 3, 4, -128, 127], &[0, 2, 9], &mut sums);
        assert_eq!(sums, [10 + 1 - 128, 20 + 2 + 127]);
        propagate_i16(&[100, 200, 300, 400], &[1], &mut sums);
        assert_eq!(sums, [183, 549]);
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
            of_one: &[10],
            of_plastic: &[],
            plastic_exponent: 15,
            limit: 16383,
        };
        let mut eligibility = [1000];
        eligibility_row(&mut eligibility, &[0], &row);
        assert_eq!(eligibility, [580]);
        // U P = -200 * 0.5 = -100, half a step each: 580/2 - 50 = 240.
        let oja = DenseRow { of_trace: &[], of_one: &[], of_plastic: &[-200], ..row };
        eligibility_row(&mut eligibility, &[16384], &oja);
        assert_eq!(eligibility, [240]);
    }

    #[test]
    fn a_column_touches_its_own_synapses_only() {
        let mut eligibility = [1, 2, 3, 4, 5, 6];
        eligibility_column(&mut eligibility[1..], 2, (&[16384, 0, 32767], 40), (&[], 0), 4);
        assert_eq!(eligibility, [1, 2 + 12, 3, 4 + 2, 5, 6 + 22]);
    }

    #[test]
    fn change_is_clamped() {
        let mut plastic = [100, -100, 90];
        change_row(&mut plastic, &[16384, 16384, 2], &[400, -400, 16384], 120);
        assert_eq!(plastic, [120, -120, 91]);
    }

    #[test]
    fn halving_rounds_half_up() {
        let mut eligibility = [5, -5, i16::MAX, i16::MIN];
        halve_row(&mut eligibility);
        assert_eq!(eligibility, [3, -2, 16384, -16384]);
    }
}
