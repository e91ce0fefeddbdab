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
//! Rows come before columns. The scale is Q15. Halving all at once would be the longest part of the longest step, so
//! it is spread over the last [`SLICES`] steps before `r` reaches 2: each halves a slice of the rows, which then have
//! the scale `r / 2`, and twice the factor of change, until the others follow.

use core::ops::Range;

use metaplastic_shared::arithmetic::{clamp_symmetric, round_shift};
use metaplastic_shared::rule::{CoefficientScope, Presynaptic, Synaptic};

use super::{Activity, PlasticProjection, Scratch};
use crate::hash::Hash;
use crate::kernel;

const ONE: u32 = 1 << 15;
/// Steps that share the halving of all rows, where the decay is slow enough.
const SLICES: usize = 4;
/// Rows of a slice are a multiple of what a kernel handles at once.
const BLOCK: usize = 8;

/// A scale of stored eligibility, Q15, from one half to below two.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale(u32);

impl Scale {
    /// `value r`, with `shift - 15` further fractional bits taken off.
    fn multiply(self, value: i16, shift: u32) -> i32 {
        round_shift(i32::from(value) * self.0 as i32, shift)
    }

    /// `1 / r`, Q15, one at 32768.
    fn reciprocal(self) -> i32 {
        ((ONE * ONE + self.0 / 2) / self.0.max(1)) as i32
    }
}

/// Rows that have the same scale.
type Part = (Range<usize>, Scale);

/// The scale `r` of a projection, its growth a step, and how far halving is ahead.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decay {
    /// From 1 to below 2.
    scale: u32,
    growth: u32,
    /// The scale from which on rows are halved ahead.
    start: u32,
    rows: usize,
    /// So many of the first rows are halved already.
    ahead: usize,
}

impl Decay {
    /// For a decay of at least one half, Q0.16.
    pub(super) fn new(decay: u16, rows: usize) -> Self {
        let decay = u32::from(decay.max(0x8000));
        let growth = ((1 << 31) + decay / 2) / decay;
        let start = (1..SLICES).fold(2 * ONE, |scale, _| (scale << 15) / growth);
        Self { scale: ONE, growth, start: start.max(ONE), rows, ahead: 0 }
    }

    /// As in the initial state.
    pub(super) fn reset(&mut self) {
        (self.scale, self.ahead) = (ONE, 0);
    }

    /// Grows by one step; answers the rows whose stored values must be halved now.
    #[must_use]
    fn grow(&mut self) -> Range<usize> {
        self.scale = (self.scale * self.growth + ONE / 2) >> 15;
        let first = self.ahead;
        if self.scale >= 2 * ONE {
            (self.scale, self.ahead) = (self.scale / 2, 0);
            return first..self.rows;
        }
        if self.scale >= self.start {
            let slice = self.rows.div_ceil(SLICES).next_multiple_of(BLOCK);
            self.ahead = (first + slice).min(self.rows);
        }
        first..self.ahead
    }

    /// The rows that are halved ahead, and the others, each with its scale.
    fn parts(self) -> [Part; 2] {
        [(0..self.ahead, Scale(self.scale / 2)), (self.ahead..self.rows, Scale(self.scale))]
    }

    /// The rows that are halved ahead; the others, and `1 / r`, Q15, which brings what they store to E.
    pub(super) fn rows(self) -> (Range<usize>, (Range<usize>, i32)) {
        (0..self.ahead, (self.ahead..self.rows, Scale(self.scale).reciprocal()))
    }

    pub(super) fn hash(self, hash: &mut Hash) {
        hash.u16(&[self.scale as u16, self.ahead as u16]);
    }
}

impl PlasticProjection<'_> {
    /// Updates what spikes touch.
    pub(super) fn update_lazily(
        &mut self,
        mut decay: Decay,
        activity: &Activity<'_, '_>,
        scratch: &mut Scratch<'_>,
    ) {
        let (halved, row) = (decay.grow(), self.row_length());
        self.lazy = Some(decay);
        kernel::halve(self.eligibility.get_mut(halved.start * row..halved.end * row).unwrap_or_default());
        let parts = decay.parts();
        if !activity.pre.is_empty() && self.rule.reads_pre(Presynaptic::Spike) {
            self.add_rows(&parts, activity, scratch);
        }
        if !activity.post.is_empty() {
            self.add_columns(&parts, activity, scratch);
        }
    }

    /// What presynaptic spikes add.
    fn add_rows(&mut self, parts: &[Part; 2], activity: &Activity<'_, '_>, scratch: &mut Scratch<'_>) {
        let (Some(sums), Some(increments)) = (scratch.sums.get_mut(..self.row), scratch.row.get_mut(..self.row))
        else {
            return;
        };
        sums.fill(0);
        self.collapse(activity).add(Presynaptic::Spike, Synaptic::One, sums);
        for (rows, scale) in parts {
            let spikes = within(activity.pre, rows);
            if !spikes.is_empty() {
                kernel::row_increments(increments, sums, scale.0 as u16, self.parts.limit());
                kernel::add_rows(self.eligibility, spikes, increments);
            }
        }
    }

    /// What postsynaptic spikes add.
    fn add_columns(&mut self, parts: &[Part; 2], activity: &Activity<'_, '_>, scratch: &mut Scratch<'_>) {
        let all_alike = self.rule.scope == CoefficientScope::Projection;
        let at_once = if all_alike { activity.post.len() } else { 1 };
        for columns in activity.post.chunks(at_once.max(1)) {
            let factors = self.column_factors(activity, columns.first().map_or(0, |j| usize::from(*j)));
            for (rows, scale) in parts.iter().filter(|(rows, _)| factors != [0; 3] && !rows.is_empty()) {
                let limit = self.parts.limit();
                let scaled = factors.map(|factor| clamp_symmetric(scale.multiply(factor, 15), limit));
                self.add_to_columns(rows, columns, scaled, scratch.sums);
            }
        }
    }

    fn add_to_columns(&mut self, rows: &Range<usize>, columns: &[u16], factors: [i16; 3], sums: &mut [i32]) {
        let [of_trace, of_slow_trace, of_one] = factors;
        let row = self.row_length();
        let eligibility = self.eligibility.get_mut(rows.start * row..rows.end * row).unwrap_or_default();
        let traces = (part(self.traces.pre, rows), of_trace);
        let slow_traces = (part(self.traces.pre_slow, rows), of_slow_trace);
        if slow_traces.0.is_empty() {
            return kernel::add_columns(eligibility, row, columns, traces, of_one, sums);
        }
        for j in columns {
            let column = eligibility.get_mut(usize::from(*j)..).unwrap_or_default();
            kernel::eligibility_column(column, row, traces, slow_traces, of_one);
        }
    }

    /// V of x, x2 and 1 at a postsynaptic neuron that spikes.
    fn column_factors(&self, activity: &Activity<'_, '_>, j: usize) -> [i16; 3] {
        let (collapse, limit) = (self.collapse(activity), self.parts.limit());
        [Presynaptic::Trace, Presynaptic::SlowTrace, Presynaptic::One]
            .map(|pre| clamp_symmetric(collapse.at_spike(pre, j), limit))
    }
}

/// Those of ascending spikes that are of these rows.
fn within<'s>(spikes: &'s [u16], rows: &Range<usize>) -> &'s [u16] {
    let before = |row: usize| spikes.partition_point(|spike| usize::from(*spike) < row);
    spikes.get(before(rows.start)..before(rows.end)).unwrap_or_default()
}

/// A trace's values for these rows; none where the rule does not read it.
fn part<'t>(trace: &'t [i16], rows: &Range<usize>) -> &'t [i16] {
    trace.get(rows.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DECAYS: [u16; 7] = [0x8000, 0x8001, 52429, 58_000, 60948, 65470, u16::MAX];

    #[test]
    fn the_scale_stays_within_its_range_and_follows_the_decay() {
        for by in DECAYS {
            let mut decay = Decay::new(by, 1);
            let mut halvings = 0;
            for _ in 0..1000 {
                halvings += u32::from(decay.grow() == (0..1));
                assert!((ONE..2 * ONE).contains(&decay.scale), "{by}: {}", decay.scale);
            }
            halvings -= decay.ahead as u32;
            let exact = 1000.0 * -(f64::from(by) / 65536.0).log2();
            let reached = f64::from(halvings) + (f64::from(decay.scale) / f64::from(ONE)).log2();
            assert!((reached - exact).abs() <= 0.002 * exact + 0.05, "{by}: {reached} for {exact}");
        }
    }

    #[test]
    fn every_row_is_halved_as_often_as_its_scale() {
        for by in DECAYS {
            let mut decay = Decay::new(by, 72);
            let (mut halvings, mut wraps) = ([0_u32; 72], 0);
            for _ in 0..1000 {
                let before = decay.scale;
                let halved = decay.grow();
                wraps += u32::from(decay.scale <= before);
                halvings.get_mut(halved).unwrap().iter_mut().for_each(|count| *count += 1);
                let [(ahead, half), (rest, scale)] = decay.parts();
                assert_eq!((half.0, ahead.end), (scale.0 / 2, rest.start), "{by}");
                for (row, count) in halvings.iter().enumerate() {
                    assert_eq!(*count, wraps + u32::from(ahead.contains(&row)), "{by}, row {row}");
                }
            }
        }
    }

    #[test]
    fn a_slow_decay_halves_a_slice_in_a_step() {
        let mut decay = Decay::new(60948, 72);
        let halved: [usize; 100] = core::array::from_fn(|_| decay.grow().len());
        assert!(halved.iter().all(|rows| *rows <= 24) && halved.contains(&24), "{halved:?}");
    }

    #[test]
    fn the_reciprocal_undoes_the_scale() {
        let scale = Scale(3 << 14);
        assert_eq!(scale.reciprocal(), 21845);
        assert_eq!(scale.multiply(1000, 15), 1500);
    }

    #[test]
    fn spikes_are_divided_by_rows() {
        assert_eq!(within(&[1, 4, 8, 9], &(0..8)), [1, 4]);
        assert_eq!(within(&[1, 4, 8, 9], &(8..16)), [8, 9]);
        assert!(within(&[1, 4], &(0..0)).is_empty());
    }
}
