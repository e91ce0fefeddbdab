//! Lazy eligibility, for event-driven rules: one scale for the projection instead of a decay of every synapse.
//!
//! The stored value is `E r`. In each step `r` grows by `1 / a_E`, so that E decays while the stored value stays.
//! Increments are multiplied by `r`. When `r` reaches 2, `r` and all stored values are halved, odd values up or down at
//! random, so that halving neither adds to E nor keeps it from reaching zero. Only the rows of
//! presynaptic neurons that spike and the columns of postsynaptic neurons that spike are changed:
//!
//! ```text
//! (E r)_ij += r V_s_j                                       where i spikes
//! (E r)_ij += r (x_i V_x_j + x2_i V_x2_j + V_1_j)           where j spikes
//! ```
//!
//! Rows are updated before columns. `scale` keeps `r` and halves the rows.

use core::ops::Range;

use metaplastic_shared::arithmetic::{ONE_Q15, clamp_symmetric};
use metaplastic_shared::rule::{CoefficientScope, Presynaptic, Synaptic};

use super::increments::{Increments, StepActivity};
use super::scale::{LazyScale, Part};
use super::scratch::Scratch;
use crate::kernel;
use crate::rounding::{LARGEST_OF_SUM, Offsets, Stream};

/// The lazily decaying eligibility of a projection in one step.
pub(super) struct LazyEligibility<'s, 'a> {
    pub(super) increments: &'s Increments<'a>,
    /// E times the scale; rows by pre, padded.
    pub(super) values: &'s mut [i16],
    pub(super) activity: &'s StepActivity<'s, 's>,
}

impl LazyEligibility<'_, '_> {
    /// Grows the scale, and updates the rows and columns of spiking neurons.
    pub(super) fn update(&mut self, scale: &mut LazyScale, scratch: &mut Scratch<'_>) {
        let (halved, row) = (scale.grow(), self.increments.row_length());
        let Offsets { upper: offset, lower } = self.activity.draws.of(Stream::Eligibility);
        kernel::halve(self.values.get_mut(halved.start * row..halved.end * row).unwrap_or_default(), lower >> 15);
        let parts = scale.parts();
        if !self.activity.pre.is_empty() && self.increments.rule.reads_pre(Presynaptic::Spike) {
            self.add_rows(&parts, offset, scratch);
        }
        if !self.activity.post.is_empty() {
            self.add_columns(&parts, offset.min(LARGEST_OF_SUM), scratch);
        }
    }

    /// Adds the increments of presynaptic spikes.
    fn add_rows(&mut self, parts: &[Part; 2], offset: u16, scratch: &mut Scratch<'_>) {
        let row = self.increments.row;
        let (Some(sums), Some(increments)) = (scratch.sums.get_mut(..row), scratch.row.get_mut(..row)) else {
            return;
        };
        sums.fill(0);
        self.increments.collapse(self.activity).add(Presynaptic::Spike, Synaptic::One, sums);
        for (rows, scale) in parts {
            let spikes = within(self.activity.pre, rows);
            if !spikes.is_empty() {
                let scale = (scale.bits() as u16, offset);
                kernel::row_increments(increments, sums, scale, self.increments.parts.limit());
                kernel::add_rows(self.values, spikes, increments);
            }
        }
    }

    /// Adds the increments of postsynaptic spikes.
    fn add_columns(&mut self, parts: &[Part; 2], offset: u16, scratch: &mut Scratch<'_>) {
        let post = self.activity.post;
        let all_alike = self.increments.rule.scope == CoefficientScope::Projection;
        let at_once = if all_alike { post.len() } else { 1 };
        for columns in post.chunks(at_once.max(1)) {
            let factors = self.column_factors(columns.first().map_or(0, |j| usize::from(*j)));
            for (rows, scale) in parts.iter().filter(|(rows, _)| factors != [0; 3] && !rows.is_empty()) {
                let limit = self.increments.parts.limit();
                let scaled = factors.map(|factor| clamp_symmetric(scale.multiply(factor, 15), limit));
                let [of_trace, of_slow_trace, of_one] = scaled;
                let addend = i32::from(ONE_Q15) * i32::from(of_one) + i32::from(offset);
                self.add_to_columns(rows, columns, ([of_trace, of_slow_trace], addend), scratch.sums);
            }
        }
    }

    /// `increment` is the factors of the traces, and the addend.
    fn add_to_columns(
        &mut self,
        rows: &Range<usize>,
        columns: &[u16],
        increment: ([i16; 2], i32),
        sums: &mut [i32],
    ) {
        let [of_trace, of_slow_trace] = increment.0;
        let row = self.increments.row_length();
        let eligibility = self.values.get_mut(rows.start * row..rows.end * row).unwrap_or_default();
        let traces = (part(self.increments.traces.pre.values, rows), of_trace);
        let slow_traces = (part(self.increments.traces.pre_slow.values, rows), of_slow_trace);
        if slow_traces.0.is_empty() {
            return kernel::add_columns(eligibility, row, columns, traces, increment.1, sums);
        }
        for j in columns {
            let column = eligibility.get_mut(usize::from(*j)..).unwrap_or_default();
            kernel::eligibility_column(column, row, traces, slow_traces, increment.1);
        }
    }

    /// V of x, x2 and 1 at a postsynaptic neuron that spikes.
    fn column_factors(&self, j: usize) -> [i16; 3] {
        let (collapse, limit) = (self.increments.collapse(self.activity), self.increments.parts.limit());
        [Presynaptic::Trace, Presynaptic::SlowTrace, Presynaptic::One]
            .map(|pre| clamp_symmetric(collapse.at_spike(pre, j), limit))
    }
}

/// The spikes in a range of rows; `spikes` are ascending.
fn within<'s>(spikes: &'s [u16], rows: &Range<usize>) -> &'s [u16] {
    let before = |row: usize| spikes.partition_point(|spike| usize::from(*spike) < row);
    spikes.get(before(rows.start)..before(rows.end)).unwrap_or_default()
}

/// A trace's values for a range of rows; empty if the rule does not read the trace.
fn part<'t>(trace: &'t [i16], rows: &Range<usize>) -> &'t [i16] {
    trace.get(rows.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spikes_are_divided_by_rows() {
        assert_eq!(within(&[1, 4, 8, 9], &(0..8)), [1, 4]);
        assert_eq!(within(&[1, 4, 8, 9], &(8..16)), [8, 9]);
        assert!(within(&[1, 4], &(0..0)).is_empty());
    }
}
