//! Traces: low-pass filtered spikes, `x_i = a x_i + (1 - a) s_i`, Q15 in 0..1, one decay per trace.

use metaplastic_shared::arithmetic::{ONE_Q15, decay_and_add, multiply_q15, trace_gain};
use metaplastic_shared::format::TraceDecays;
use metaplastic_shared::rule::{Postsynaptic, Presynaptic, Rule};

use crate::arena::Arena;
use crate::hash::Hash;
use crate::kernel;

/// Filters a step's spikes into a trace. The decay rounds towards zero, so that a silent neuron's trace ends at
/// zero. The gain is rounded, and the sum saturates at one.
pub(crate) fn filter(trace: &mut [i16], trace_decay: u16, spikes: impl IntoIterator<Item = u16>) {
    kernel::decay_trace(trace, trace_decay);
    let gain = trace_gain(trace_decay);
    for spike in spikes {
        if let Some(value) = trace.get_mut(usize::from(spike)) {
            *value = value.saturating_add(gain);
        }
    }
}

/// The traces of a plastic projection; those the rule does not read are empty.
pub(crate) struct Traces<'a> {
    decays: TraceDecays,
    pub(crate) pre: &'a mut [i16],
    pub(crate) pre_slow: &'a mut [i16],
    pub(crate) post: &'a mut [i16],
    pub(crate) post_slow: &'a mut [i16],
    pub(crate) threshold: &'a mut [i16],
}

impl<'a> Traces<'a> {
    pub(crate) fn allocate(arena: &mut Arena<'a>, rule: &Rule, decays: TraceDecays, shape: (usize, usize)) -> Self {
        let mut kept = |needed: bool, size: usize| arena.take(if needed { size } else { 0 });
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
        filter(self.pre, self.decays.pre, pre.iter().copied());
        filter(self.pre_slow, self.decays.pre_slow, pre.iter().copied());
        filter(self.post, self.decays.post, post.iter().copied());
        filter(self.post_slow, self.decays.post_slow, post.iter().copied());
        let gain = i32::from(trace_gain(self.decays.threshold));
        for (threshold, y) in self.threshold.iter_mut().zip(self.post.iter()) {
            let squared = i32::from(multiply_q15(*y, *y));
            *threshold = decay_and_add(*threshold, self.decays.threshold, 2 * gain * squared);
        }
    }

    /// x_i and x2_i.
    pub(crate) fn of_pre(&self, i: usize) -> (i16, i16) {
        let at = |trace: &[i16]| trace.get(i).copied().unwrap_or(0);
        (at(self.pre), at(self.pre_slow))
    }

    /// The postsynaptic factor made of traces alone, Q15.
    pub(crate) fn of_post(&self, factor: Postsynaptic, j: usize) -> i16 {
        let at = |trace: &[i16]| trace.get(j).copied().unwrap_or(0);
        match factor {
            Postsynaptic::Trace => at(self.post),
            Postsynaptic::SlowTrace => at(self.post_slow),
            Postsynaptic::TraceSquared => multiply_q15(at(self.post), at(self.post)),
            Postsynaptic::TraceTimesThreshold => multiply_q15(at(self.post), at(self.threshold)),
            Postsynaptic::One | Postsynaptic::Spike | Postsynaptic::Surrogate => ONE_Q15,
        }
    }

    fn all(&mut self) -> [&mut &'a mut [i16]; 5] {
        [&mut self.pre, &mut self.pre_slow, &mut self.post, &mut self.post_slow, &mut self.threshold]
    }

    pub(crate) fn reset(&mut self) {
        self.all().into_iter().for_each(|trace| trace.fill(0));
    }

    pub(crate) fn each(&self) -> [&[i16]; 5] {
        [self.pre, self.pre_slow, self.post, self.post_slow, self.threshold]
    }

    pub(crate) fn hash(&self, hash: &mut Hash) {
        self.each().into_iter().for_each(|trace| hash.i16(trace));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_rises_by_its_gain_and_decays() {
        let mut trace = [0, 0];
        filter(&mut trace, 0xc000, [1]);
        assert_eq!(trace, [0, 8192]);
        filter(&mut trace, 0xc000, [1]);
        assert_eq!(trace, [0, 6144 + 8192]);
    }

    #[test]
    fn a_silent_trace_reaches_zero() {
        let mut trace = [i16::MAX];
        let steps = (1..).find(|_| {
            filter(&mut trace, 58_982, []);
            trace[0] == 0
        });
        assert_eq!(steps, Some(82));
    }

    #[test]
    fn a_trace_that_spikes_always_stays_within_one() {
        for decay in [0, 1, 0x8000, 0xff00, u16::MAX] {
            let mut trace = [0];
            (0..10_000).for_each(|_| filter(&mut trace, decay, [0]));
            assert!(trace[0] >= 0, "{decay}: {}", trace[0]);
        }
    }
}
