//! Traces: low-pass filtered spikes, `x_i = a x_i + (1 - a) s_i`, in 0..1, one decay per trace.
//!
//! A trace is Q31: what decay loses in a step is below 2^-31, so that the mean is right at every time constant. Rules
//! and thresholds read it rounded to Q15.

use metaplastic_shared::arithmetic::{
    ONE_Q15, ONE_Q31, ZERO_FRACTION, complement, join_q31, multiply_q15, multiply_q31, split_q31, trace_gain,
};
use metaplastic_shared::format::TraceDecays;
use metaplastic_shared::rule::{Postsynaptic, Presynaptic, Rule};

use crate::arena::Arena;
use crate::hash::Hash;
use crate::kernel;

/// A trace of each neuron of a population.
#[derive(Default)]
pub(crate) struct FilteredSpikes<'a> {
    /// Rounded to Q15.
    pub(crate) values: &'a mut [i16],
    /// The lower halves, see [`split_q31`].
    fractions: &'a mut [u16],
}

impl<'a> FilteredSpikes<'a> {
    pub(crate) fn allocate(arena: &mut Arena<'a>, size: usize) -> Self {
        let mut trace = Self { values: arena.take(size), fractions: arena.take_indices(size) };
        trace.reset();
        trace
    }

    /// Filters a step's spikes. The decay rounds down, so that a silent neuron's trace ends at zero; the sum saturates
    /// at one.
    pub(crate) fn filter(&mut self, decay: u16, spikes: impl IntoIterator<Item = u16>) {
        self.decay(decay);
        let gain = trace_gain(decay);
        for spike in spikes {
            self.add(usize::from(spike), gain);
        }
    }

    // Neither is inlined: a copy for each trace would make the code grow.
    #[inline(never)]
    fn decay(&mut self, decay: u16) {
        kernel::decay_trace(self.values, self.fractions, decay);
    }

    #[inline(never)]
    fn add(&mut self, neuron: usize, gain: u32) {
        if let (Some(value), Some(fraction)) = (self.values.get_mut(neuron), self.fractions.get_mut(neuron)) {
            let sum = join_q31(*value, *fraction) + gain;
            (*value, *fraction) = split_q31(if sum > ONE_Q31 { ONE_Q31 } else { sum });
        }
    }

    /// Filters the squares of another trace's values: the sliding threshold, `theta = a theta + (1 - a) y^2`.
    fn filter_squares(&mut self, decay: u16, of: &[i16]) {
        self.decay(decay);
        for (neuron, y) in of.iter().enumerate() {
            let squared = 2 * (i32::from(*y) * i32::from(*y)) as u32;
            self.add(neuron, multiply_q31(squared, complement(decay)));
        }
    }

    pub(crate) fn reset(&mut self) {
        self.values.fill(0);
        self.fractions.fill(ZERO_FRACTION);
    }

    pub(crate) fn hash(&self, hash: &mut Hash) {
        hash.i16(self.values);
        hash.u16(self.fractions);
    }
}

/// The traces of a plastic projection; those the rule does not read are empty.
pub(crate) struct Traces<'a> {
    decays: TraceDecays,
    pub(crate) pre: FilteredSpikes<'a>,
    pub(crate) pre_slow: FilteredSpikes<'a>,
    pub(crate) post: FilteredSpikes<'a>,
    pub(crate) post_slow: FilteredSpikes<'a>,
    pub(crate) threshold: FilteredSpikes<'a>,
}

impl<'a> Traces<'a> {
    pub(crate) fn allocate(arena: &mut Arena<'a>, rule: &Rule, decays: TraceDecays, shape: (usize, usize)) -> Self {
        let mut kept = |needed: bool, size: usize| FilteredSpikes::allocate(arena, if needed { size } else { 0 });
        Self {
            decays,
            pre: kept(rule.reads_pre(Presynaptic::Trace), shape.0),
            pre_slow: kept(rule.reads_pre(Presynaptic::SlowTrace), shape.0),
            post: kept(rule.needs_post_trace(), shape.1),
            post_slow: kept(rule.reads_post(Postsynaptic::SlowTrace), shape.1),
            threshold: kept(rule.reads_post(Postsynaptic::TraceTimesThreshold), shape.1),
        }
    }

    pub(crate) fn update(&mut self, pre: &[u16], post: &[u16]) {
        let TraceDecays { pre: a_x, pre_slow: a_x2, post: a_y, post_slow: a_y2, .. } = self.decays;
        let Self { pre: x, pre_slow: x2, post: y, post_slow: y2, .. } = self;
        for (trace, decay, spikes) in [(x, a_x, pre), (x2, a_x2, pre), (y, a_y, post), (y2, a_y2, post)] {
            if !trace.values.is_empty() {
                trace.filter(decay, spikes.iter().copied());
            }
        }
        if !self.threshold.values.is_empty() {
            self.threshold.filter_squares(self.decays.threshold, self.post.values);
        }
    }

    /// x_i and x2_i.
    pub(crate) fn of_pre(&self, i: usize) -> (i16, i16) {
        let at = |trace: &[i16]| trace.get(i).copied().unwrap_or(0);
        (at(self.pre.values), at(self.pre_slow.values))
    }

    /// The postsynaptic factor made of traces alone, Q15.
    pub(crate) fn of_post(&self, factor: Postsynaptic, j: usize) -> i16 {
        let at = |trace: &[i16]| trace.get(j).copied().unwrap_or(0);
        match factor {
            Postsynaptic::Trace => at(self.post.values),
            Postsynaptic::SlowTrace => at(self.post_slow.values),
            Postsynaptic::TraceSquared => multiply_q15(at(self.post.values), at(self.post.values)),
            Postsynaptic::TraceTimesThreshold => multiply_q15(at(self.post.values), at(self.threshold.values)),
            Postsynaptic::One | Postsynaptic::Spike | Postsynaptic::Surrogate => ONE_Q15,
        }
    }

    fn all(&mut self) -> [&mut FilteredSpikes<'a>; 5] {
        [&mut self.pre, &mut self.pre_slow, &mut self.post, &mut self.post_slow, &mut self.threshold]
    }

    pub(crate) fn reset(&mut self) {
        self.all().into_iter().for_each(FilteredSpikes::reset);
    }

    pub(crate) fn each(&self) -> [&FilteredSpikes<'a>; 5] {
        [&self.pre, &self.pre_slow, &self.post, &self.post_slow, &self.threshold]
    }

    pub(crate) fn hash(&self, hash: &mut Hash) {
        self.each().into_iter().for_each(|trace| trace.hash(hash));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_trace<T>(run: impl FnOnce(&mut FilteredSpikes<'_>) -> T) -> T {
        let (mut values, mut fractions) = ([0; 2], [ZERO_FRACTION; 2]);
        run(&mut FilteredSpikes { values: &mut values, fractions: &mut fractions })
    }

    #[test]
    fn a_trace_rises_by_its_gain_and_decays() {
        with_trace(|trace| {
            trace.filter(0xc000, [1]);
            assert_eq!(trace.values, [0, 8192]);
            trace.filter(0xc000, [1]);
            assert_eq!(trace.values, [0, 6144 + 8192]);
        });
    }

    #[test]
    fn a_silent_trace_reaches_zero() {
        for decay in [58_982, 65_503] {
            with_trace(|trace| {
                trace.add(0, ONE_Q31);
                let mut silent = || {
                    trace.filter(decay, []);
                    (trace.values[0], trace.fractions[0])
                };
                let expected = 65_536_f64.ln() / -(f64::from(decay) / 65_536.0).ln();
                let steps = (1..).find(|_| silent().0 == 0).map_or(0.0, f64::from);
                assert!((steps - expected).abs() <= 0.01 * expected + 1.0, "{decay}: {steps} for {expected}");
                assert!((0..50_000).any(|_| silent() == (0, ZERO_FRACTION)), "{decay}");
            });
        }
    }

    #[test]
    fn a_trace_that_spikes_always_stays_within_one() {
        for decay in [0, 1, 0x8000, 0xff00, u16::MAX] {
            with_trace(|trace| {
                (0..300_000).for_each(|_| trace.filter(decay, [0]));
                assert!(trace.values[0] > 32_000, "{decay}: {}", trace.values[0]);
            });
        }
    }

    #[test]
    fn a_sliding_threshold_follows_the_mean_square() {
        // y = 0.1 and 0.2: 328 and 1310 in Q15, also with a time constant of 2000 steps.
        for (y, threshold) in [(3277, 327), (6554, 1310)] {
            with_trace(|trace| {
                (0..40_000).for_each(|_| trace.filter_squares(65_503, &[y]));
                assert!(trace.values[0].abs_diff(threshold) <= 1, "{y}: {}", trace.values[0]);
            });
        }
    }
}
