//! Dense eligibility: every synapse decays and grows in every step. For rules with terms that carry no spike.
//!
//! ```text
//! E_ij = a_E E_ij + x_i X_j + x2_i X2_j + D_j + P_ij (x_i XP_j + x2_i X2P_j + DP_j)
//! ```

use metaplastic_shared::arithmetic::{ONE_Q15, clamp_symmetric, round_shift};

use super::{Activity, Plastic, Scratch};
use crate::kernel::{self, DenseRow};
use crate::vectors::{Parts, Vectors};

impl Plastic<'_> {
    /// Updates all rows; returns the scale of the stored eligibility, one.
    pub(super) fn update_densely(&mut self, activity: &Activity<'_, '_>, scratch: &mut Scratch<'_>) -> i32 {
        let Scratch { vectors, of_plastic, row, .. } = scratch;
        let mut spikes = activity.pre.iter().peekable();
        let rows = self.eligibility.chunks_exact_mut(self.row).zip(self.weights.chunks_exact(self.row));
        for (i, (eligibility, plastic)) in rows.enumerate() {
            let spiking = spikes.next_if(|spike| usize::from(**spike) == i).is_some();
            let (trace, slow_trace) = self.traces.of_pre(i);
            if self.parts.plastic {
                sum_of_plastic(row, of_plastic, (trace, slow_trace), spiking, self.parts);
            }
            let dense = DenseRow {
                decay: self.format.eligibility_decay,
                trace,
                of_trace: vectors.trace,
                slow_trace,
                of_slow_trace: vectors.slow_trace,
                of_one: vectors.of_one(spiking),
                of_plastic: if self.parts.plastic { row } else { &[] },
                plastic_exponent: u32::from(self.format.plastic_exponent),
                limit: self.parts.limit(),
            };
            kernel::eligibility_row(eligibility, plastic, &dense);
        }
        1 << 15
    }
}

/// `U_j = x_i XP_j + x2_i X2P_j + DP_j`, in the exponent of the vectors, bounded as a part.
fn sum_of_plastic(sums: &mut [i16], vectors: &Vectors<'_>, traces: (i16, i16), spiking: bool, parts: Parts) {
    let of_one = vectors.of_one(spiking);
    for (j, sum) in sums.iter_mut().enumerate() {
        let at = |vector: &[i16]| vector.get(j).map_or(0, |value| i32::from(*value));
        let products = i32::from(traces.0) * at(vectors.trace)
            + i32::from(traces.1) * at(vectors.slow_trace)
            + i32::from(ONE_Q15) * at(of_one);
        *sum = clamp_symmetric(round_shift(products, 15), parts.limit());
    }
}
