//! Dense eligibility: every synapse decays and grows in every step. For rules with terms that carry no spike.
//!
//! ```text
//! E_ij = a_E E_ij + x_i X_j + x2_i X2_j + D_j + P_ij (x_i XP_j + x2_i X2P_j + DP_j)
//! ```
//!
//! A row is skipped if it has only decayed for so many steps that no value of it can decay further.

use super::state::{PlasticProjection, Scratch, StepActivity};
use crate::kernel::{self, DenseRow};

impl PlasticProjection<'_> {
    /// Updates all rows.
    pub(super) fn update_densely(&mut self, activity: &StepActivity<'_, '_>, scratch: &mut Scratch<'_>) {
        let Scratch { sums, row, dense } = scratch;
        let (Some(sums), Some(row)) = (sums.get_mut(..self.row), row.get_mut(..self.row)) else { return };
        let limit = self.parts.limit();
        let rule = self.collapse(activity);
        let always = dense.collapse(&rule, sums, limit);
        if self.parts.plastic {
            dense.of_plastic.collapse(&rule, sums);
        }
        let mut spikes = activity.pre.iter().peekable();
        let length = self.row_length();
        let rows = self.eligibility.chunks_exact_mut(length).zip(self.weights.chunks_exact(length));
        for (i, (eligibility, plastic)) in rows.enumerate() {
            let spiking = spikes.next_if(|spike| usize::from(**spike) == i).is_some();
            let (trace, slow_trace) = self.traces.of_pre(i);
            if self.quiet.is_settled(i, !always && !spiking && trace == 0 && slow_trace == 0) {
                continue;
            }
            if self.parts.plastic {
                dense.of_plastic.sum(row, (trace, slow_trace), spiking, limit);
            }
            let addends = if spiking { &*dense.spiking } else { &*dense.silent };
            let dense = DenseRow {
                decay: self.format.eligibility_decay,
                trace,
                of_trace: dense.trace.get(..self.row).unwrap_or_default(),
                slow_trace,
                of_slow_trace: if self.parts.slow_trace { dense.slow_trace } else { &[] },
                addends: addends.get(..self.row).unwrap_or_default(),
                of_plastic: if self.parts.plastic { row } else { &[] },
                plastic_exponent: u32::from(self.format.plastic_exponent),
                limit,
            };
            kernel::eligibility_row(eligibility, plastic, &dense);
        }
    }
}
