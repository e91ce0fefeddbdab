//! Lazy eligibility, for event-driven rules: one scale for the projection instead of a decay of every synapse.
//!
//! Stored is `E r`. In each step `r` grows by `1 / a_E`, so that a stored value that is left alone decays;
//! increments are multiplied by `r`. When `r` reaches 2, all is halved. Only the rows of presynaptic neurons
//! that spike and the columns of postsynaptic neurons that spike are touched:
//!
//! ```text
//! (E r)_ij += r V_s_j                                       where i spikes
//! (E r)_ij += r (x_i V_x_j + x2_i V_x2_j + V_1_j)           where j spikes
//! ```
//!
//! Rows come before columns. The scale is Q15.

use metaplastic_shared::arithmetic::{clamp_symmetric, round_shift};
use metaplastic_shared::rule::{CoefficientScope, Presynaptic, Synaptic};

use super::{Activity, Plastic, Scratch};
use crate::kernel::{self, SpikeIncrements};

/// The scale `r`, from 1 to below 2, and its growth a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    scale: u32,
    growth: u32,
}

const ONE: u32 = 1 << 15;

impl Scale {
    /// For a decay of at least one half, Q0.16.
    pub(super) fn new(decay: u16) -> Self {
        let decay = u32::from(decay.max(0x8000));
        Self { scale: ONE, growth: ((1 << 31) + decay / 2) / decay }
    }

    /// Grows by one step; says whether the stored values must be halved to make room.
    #[must_use]
    fn grow(&mut self) -> bool {
        self.scale = (self.scale * self.growth + ONE / 2) >> 15;
        let full = self.scale >= 2 * ONE;
        if full {
            self.scale /= 2;
        }
        full
    }

    /// `value r`, with `shift - 15` further fractional bits taken off.
    fn multiply(self, value: i16, shift: u32) -> i32 {
        round_shift(i32::from(value) * self.scale as i32, shift)
    }

    /// `1 / r`, Q15, one at 32768.
    fn reciprocal(self) -> i32 {
        ((ONE * ONE + self.scale / 2) / self.scale.max(1)) as i32
    }

    pub(super) fn to_bits(self) -> u16 {
        self.scale as u16
    }
}

impl Plastic<'_> {
    /// Updates what spikes touch; returns what brings the stored eligibility to E.
    pub(super) fn update_lazily(
        &mut self,
        mut scale: Scale,
        activity: &Activity<'_, '_>,
        scratch: &mut Scratch<'_>,
    ) -> i32 {
        let halves = scale.grow();
        self.lazy = Some(scale);
        let rows = self.row_increments(scale, activity, scratch);
        let Scratch { sums, row: of_row, .. } = scratch;
        let of_row = of_row.get(..self.row).unwrap_or_default();
        let shared = self.rule.scope == CoefficientScope::Projection && self.traces.pre_slow.is_empty();
        let same = if shared { self.shared_columns(scale, activity) } else { (&[][..], 0, 0) };
        let (columns, of_trace, of_one) = same;
        let traces = &*self.traces.pre;
        let spikes = SpikeIncrements { row_length: self.row, rows, of_row, columns, traces, of_trace, of_one };
        kernel::add_spikes(self.eligibility, &spikes, halves, sums.get_mut(..self.row).unwrap_or_default());
        if !shared {
            self.add_columns(scale, activity);
        }
        scale.reciprocal()
    }

    /// Writes what the row of a spike gets into the scratch row; returns whose rows get it.
    fn row_increments<'s>(
        &self,
        scale: Scale,
        activity: &Activity<'s, '_>,
        scratch: &mut Scratch<'_>,
    ) -> &'s [u16] {
        if activity.pre.is_empty() || !self.rule.reads_pre(Presynaptic::Spike) {
            return &[];
        }
        let (Some(sums), Some(increments)) = (scratch.sums.get_mut(..self.row), scratch.row.get_mut(..self.row))
        else {
            return &[];
        };
        sums.fill(0);
        self.collapse(activity).add(Presynaptic::Spike, Synaptic::One, sums);
        kernel::row_increments(increments, sums, scale.to_bits(), self.parts.limit());
        activity.pre
    }

    /// The columns that get the same, and the factors of x and one in it.
    fn shared_columns<'s>(&self, scale: Scale, activity: &Activity<'s, '_>) -> (&'s [u16], i16, i16) {
        if activity.post.is_empty() {
            return (&[], 0, 0);
        }
        let [of_trace, _, of_one] = self.column_factors(scale, activity, 0);
        let columns = if (of_trace, of_one) == (0, 0) { &[] } else { activity.post };
        (columns, of_trace, of_one)
    }

    fn add_columns(&mut self, scale: Scale, activity: &Activity<'_, '_>) {
        let shared = self.rule.scope == CoefficientScope::Projection && !activity.post.is_empty();
        let shared = shared.then(|| self.column_factors(scale, activity, 0));
        for j in activity.post.iter().map(|spike| usize::from(*spike)) {
            let factors = shared.unwrap_or_else(|| self.column_factors(scale, activity, j));
            if factors == [0; 3] {
                continue;
            }
            let [of_trace, of_slow_trace, of_one] = factors;
            let traces = (&*self.traces.pre, of_trace);
            let slow_traces = (&*self.traces.pre_slow, of_slow_trace);
            let column = self.eligibility.get_mut(j..).unwrap_or_default();
            kernel::eligibility_column(column, self.row, traces, slow_traces, of_one);
        }
    }

    /// `r V` of x, x2 and 1 at a postsynaptic neuron that spikes.
    fn column_factors(&self, scale: Scale, activity: &Activity<'_, '_>, j: usize) -> [i16; 3] {
        let (collapse, limit) = (self.collapse(activity), self.parts.limit());
        [Presynaptic::Trace, Presynaptic::SlowTrace, Presynaptic::One].map(|pre| {
            let value = clamp_symmetric(collapse.at_spike(pre, j), limit);
            clamp_symmetric(scale.multiply(value, 15), limit)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_stays_within_its_range_and_follows_the_decay() {
        for decay in [0x8000_u16, 0x8001, 52429, 60948, 65470, u16::MAX] {
            let mut scale = Scale::new(decay);
            let mut halvings = 0;
            for _ in 0..1000 {
                halvings += u32::from(scale.grow());
                assert!((ONE..2 * ONE).contains(&scale.scale), "{decay}: {}", scale.scale);
            }
            let exact = 1000.0 * -(f64::from(decay) / 65536.0).log2();
            let reached = f64::from(halvings) + (f64::from(scale.scale) / f64::from(ONE)).log2();
            assert!((reached - exact).abs() <= 0.002 * exact + 0.05, "{decay}: {reached} for {exact}");
        }
    }

    #[test]
    fn the_reciprocal_undoes_the_scale() {
        let scale = Scale { scale: 3 << 14, growth: ONE };
        assert_eq!(scale.reciprocal(), 21845);
        assert_eq!(scale.multiply(1000, 15), 1500);
    }
}
