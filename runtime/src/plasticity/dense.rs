//! Dense eligibility: every synapse decays and grows in every step. For rules with terms that carry no spike.
//!
//! ```text
//! E_ij = a_E E_ij + x_i X_j + x2_i X2_j + D_j + P_ij (x_i XP_j + x2_i X2P_j + DP_j)
//! ```
//!
//! A row to which nothing was added for so long that its eligibility can decay no further is skipped.

use metaplastic_shared::arithmetic::{ONE_Q15, clamp_symmetric, decay, round_shift};
use metaplastic_shared::format::IncrementParts;
use metaplastic_shared::rule::{Presynaptic, Synaptic};

use super::{Activity, PlasticProjection, Scratch};
use crate::arena::Arena;
use crate::kernel::{self, DenseRow, HALF};
use crate::vectors::{Collapse, bound};

/// A rule's terms in one step, collapsed to one vector for each presynaptic factor.
pub(super) struct Vectors<'a> {
    /// X.
    trace: &'a mut [i16],
    /// X2.
    slow_trace: &'a mut [i16],
    /// D of a silent neuron, as [`DenseRow::addends`].
    silent: &'a mut [i32],
    /// D of a spiking neuron.
    spiking: &'a mut [i32],
    of_plastic: OfPlastic<'a>,
}

/// The same for the terms that multiply P: DP is i16 here.
struct OfPlastic<'a> {
    trace: &'a mut [i16],
    slow_trace: &'a mut [i16],
    silent: &'a mut [i16],
    spiking: &'a mut [i16],
}

impl<'a> Vectors<'a> {
    pub(super) fn allocate(arena: &mut Arena<'a>, row: usize, plastic_row: usize) -> Self {
        Self {
            trace: arena.take(row),
            slow_trace: arena.take(row),
            silent: arena.take_sums(row),
            spiking: arena.take_sums(row),
            of_plastic: OfPlastic {
                trace: arena.take(plastic_row),
                slow_trace: arena.take(plastic_row),
                silent: arena.take(plastic_row),
                spiking: arena.take(plastic_row),
            },
        }
    }

    /// Collapses the terms that do not multiply P; says whether a silent neuron's row gets something without a trace.
    fn collapse(&mut self, rule: &Collapse<'_>, sums: &mut [i32], limit: i16) -> bool {
        let traces = [(Presynaptic::Trace, &mut *self.trace), (Presynaptic::SlowTrace, &mut *self.slow_trace)];
        for (factor, vector) in traces {
            sums.fill(0);
            rule.add(factor, Synaptic::One, sums);
            bound(vector, sums, limit);
        }
        sums.fill(0);
        rule.add(Presynaptic::One, Synaptic::One, sums);
        let any = sums.iter().any(|sum| *sum != 0);
        addends(self.silent, sums, limit);
        rule.add(Presynaptic::Spike, Synaptic::One, sums);
        addends(self.spiking, sums, limit);
        any
    }
}

impl OfPlastic<'_> {
    fn collapse(&mut self, rule: &Collapse<'_>, sums: &mut [i32]) {
        let limit = IncrementParts::of_plastic(rule.rule).limit();
        let traces = [(Presynaptic::Trace, &mut *self.trace), (Presynaptic::SlowTrace, &mut *self.slow_trace)];
        for (factor, vector) in traces {
            sums.fill(0);
            rule.add(factor, Synaptic::Plastic, sums);
            bound(vector, sums, limit);
        }
        sums.fill(0);
        rule.add(Presynaptic::One, Synaptic::Plastic, sums);
        bound(self.silent, sums, limit);
        rule.add(Presynaptic::Spike, Synaptic::Plastic, sums);
        bound(self.spiking, sums, limit);
    }

    /// `U_j = x_i XP_j + x2_i X2P_j + DP_j`, in the exponent of the vectors, bounded as a part.
    fn sum(&self, sums: &mut [i16], traces: (i16, i16), spiking: bool, limit: i16) {
        let of_one = if spiking { &*self.spiking } else { &*self.silent };
        for (j, sum) in sums.iter_mut().enumerate() {
            let at = |vector: &[i16]| vector.get(j).map_or(0, |value| i32::from(*value));
            let products = i32::from(traces.0) * at(self.trace)
                + i32::from(traces.1) * at(self.slow_trace)
                + i32::from(ONE_Q15) * at(of_one);
            *sum = clamp_symmetric(round_shift(products, 15), limit);
        }
    }
}

fn addends(vector: &mut [i32], sums: &[i32], limit: i16) {
    for (addend, sum) in vector.iter_mut().zip(sums) {
        *addend = i32::from(ONE_Q15) * i32::from(clamp_symmetric(*sum, limit)) + HALF;
    }
}

/// For how many steps each row has only decayed; empty where rows are never skipped.
pub(super) struct Quiet<'a> {
    steps: &'a mut [u16],
    /// After so many steps of decay alone, no value changes any more.
    settled: u16,
}

impl<'a> Quiet<'a> {
    pub(super) fn allocate(arena: &mut Arena<'a>, rows: usize, decay: u16) -> Self {
        Self { steps: arena.take_indices(rows), settled: steps_to_settle(decay) }
    }

    /// All eligibility is zero.
    pub(super) fn reset(&mut self) {
        self.steps.fill(self.settled);
    }

    /// Notes whether a row only decays in this step; says whether it is settled already.
    fn is_settled(&mut self, row: usize, decays: bool) -> bool {
        let Some(steps) = self.steps.get_mut(row) else { return false };
        let settled = decays && *steps >= self.settled;
        *steps = if decays { steps.saturating_add(1) } else { 0 };
        settled
    }
}

/// Steps until the largest and the smallest value stop changing. Decay is monotone, and the values it leaves alone lie
/// side by side around zero: all between have then stopped too.
fn steps_to_settle(multiplier: u16) -> u16 {
    let (mut high, mut low, mut steps) = (i16::MAX, i16::MIN, 0);
    while (decay(high, multiplier), decay(low, multiplier)) != (high, low) && steps < u16::MAX {
        (high, low) = (decay(high, multiplier), decay(low, multiplier));
        steps += 1;
    }
    steps
}

impl PlasticProjection<'_> {
    /// Updates all rows.
    pub(super) fn update_densely(&mut self, activity: &Activity<'_, '_>, scratch: &mut Scratch<'_>) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_the_steps_to_settle_no_value_decays_further() {
        for multiplier in [0, 1, 0x4000, 0x7fff, 0x8000, 52_429, 60_948, 65_470, u16::MAX] {
            let steps = steps_to_settle(multiplier);
            assert!(steps < u16::MAX, "{multiplier}: {steps}");
            for value in (i16::MIN..=i16::MAX).step_by(61) {
                let settled = (0..steps).fold(value, |value, _| decay(value, multiplier));
                assert_eq!(decay(settled, multiplier), settled, "{value} x {multiplier}");
            }
        }
    }
}
