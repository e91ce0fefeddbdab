//! Dense eligibility: every synapse decays and grows in every step. For rules with terms that carry no spike.
//!
//! ```text
//! E_ij = a_E E_ij + x_i X_j + x2_i X2_j + D_j + P_ij (x_i XP_j + x2_i X2P_j + DP_j)
//! ```
//!
//! E is rounded by a random offset, one for all synapses of a postsynaptic neuron in a step, so that its mean decays as
//! the equation says, and reaches zero. A row that only decays is skipped once it is zero.

use metaplastic_shared::format::PlasticFormat;

use super::increments::{Increments, StepActivity};
use super::quiet::Quiet;
use super::scratch::Scratch;
use super::terms::AddendBounds;
use crate::kernel::{self, DenseRow};
use crate::rounding::Stream;

/// How the rows of a projection decay densely.
pub(super) struct DenseEligibility<'a> {
    pub(super) quiet: Quiet<'a>,
}

/// The synapses of a projection, rows by pre, padded.
pub(super) struct Rows<'r> {
    pub(super) eligibility: &'r mut [i16],
    pub(super) weights: &'r [i16],
    pub(super) format: &'r PlasticFormat,
}

impl DenseEligibility<'_> {
    /// Updates all rows.
    pub(super) fn update(
        &mut self,
        increments: &Increments<'_>,
        rows: Rows<'_>,
        activity: &StepActivity<'_, '_>,
        scratch: &mut Scratch<'_>,
    ) {
        let Scratch { sums, row, dense, .. } = scratch;
        let Increments { parts, row: used, .. } = increments;
        let (Some(sums), Some(row)) = (sums.get_mut(..*used), row.get_mut(..*used)) else { return };
        let limit = parts.limit();
        let rule = increments.collapse(activity);
        let offset = activity.draws.of(Stream::Eligibility).upper;
        let always = dense.collapse(&rule, sums, AddendBounds { limit, offset });
        if parts.plastic {
            dense.of_plastic.collapse(&rule, sums);
        }
        let mut spikes = activity.pre.iter().peekable();
        let length = increments.row_length();
        let synapses = rows.eligibility.chunks_exact_mut(length).zip(rows.weights.chunks_exact(length));
        for (i, (eligibility, plastic)) in synapses.enumerate() {
            let spiking = spikes.next_if(|spike| usize::from(**spike) == i).is_some();
            let (trace, slow_trace) = increments.traces.of_pre(i);
            if self.quiet.is_zero(i, !always && !spiking && trace == 0 && slow_trace == 0, eligibility) {
                continue;
            }
            if parts.plastic {
                dense.of_plastic.sum(row, (trace, slow_trace), spiking, limit);
            }
            let addends = if spiking { &*dense.spiking } else { &*dense.silent };
            let dense = DenseRow {
                decay: rows.format.eligibility_decay,
                trace,
                of_trace: dense.trace.get(..*used).unwrap_or_default(),
                slow_trace,
                of_slow_trace: if parts.slow_trace { dense.slow_trace } else { &[] },
                addends: addends.get(..*used).unwrap_or_default(),
                of_plastic: if parts.plastic { row } else { &[] },
                plastic_exponent: u32::from(rows.format.plastic_exponent),
                limit,
            };
            kernel::eligibility_row(eligibility, plastic, &dense);
        }
    }
}
