//! A rule's terms in one step of dense eligibility, collapsed to one vector for each presynaptic factor.
//!
//! ```text
//! X_j, X2_j, D_j                             of the terms that do not multiply P
//! U_j = x_i XP_j + x2_i X2P_j + DP_j         of those that do
//! ```
//!
//! It sees a rule and the postsynaptic neurons, and no synapse.

use metaplastic_shared::arithmetic::{ONE_Q15, clamp_symmetric, round_shift};
use metaplastic_shared::format::IncrementParts;
use metaplastic_shared::rule::{Presynaptic, Synaptic};

use crate::arena::Arena;
use crate::rounding::{LARGEST_OF_SUM, spread};
use crate::vectors::{Collapse, bound};

/// A rule's terms in one step, collapsed to one vector for each presynaptic factor.
pub(super) struct TermVectors<'a> {
    /// X.
    pub(super) trace: &'a mut [i16],
    /// X2.
    pub(super) slow_trace: &'a mut [i16],
    /// D of a silent neuron, as [`DenseRow::addends`].
    pub(super) silent: &'a mut [i32],
    /// D of a spiking neuron.
    pub(super) spiking: &'a mut [i32],
    pub(super) of_plastic: OfPlastic<'a>,
}

/// The same for the terms that multiply P: DP is i16 here.
pub(super) struct OfPlastic<'a> {
    trace: &'a mut [i16],
    slow_trace: &'a mut [i16],
    silent: &'a mut [i16],
    spiking: &'a mut [i16],
}

impl<'a> TermVectors<'a> {
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

    /// Collapses the terms that do not multiply P. Returns whether a silent neuron without a trace has increments.
    pub(super) fn collapse(&mut self, rule: &Collapse<'_>, sums: &mut [i32], bounds: AddendBounds) -> bool {
        let limit = bounds.limit;
        let traces = [(Presynaptic::Trace, &mut *self.trace), (Presynaptic::SlowTrace, &mut *self.slow_trace)];
        for (factor, vector) in traces {
            sums.fill(0);
            rule.add(factor, Synaptic::One, sums);
            bound(vector, sums, limit);
        }
        sums.fill(0);
        rule.add(Presynaptic::One, Synaptic::One, sums);
        let any = sums.iter().any(|sum| *sum != 0);
        addends(self.silent, sums, bounds);
        rule.add(Presynaptic::Spike, Synaptic::One, sums);
        addends(self.spiking, sums, bounds);
        any
    }
}

impl OfPlastic<'_> {
    pub(super) fn collapse(&mut self, rule: &Collapse<'_>, sums: &mut [i32]) {
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
    pub(super) fn sum(&self, sums: &mut [i16], traces: (i16, i16), spiking: bool, limit: i16) {
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

/// The bound of each part of an increment, and the offset with which E of the first postsynaptic neuron is rounded.
#[derive(Clone, Copy)]
pub(super) struct AddendBounds {
    pub(super) limit: i16,
    pub(super) offset: u16,
}

fn addends(vector: &mut [i32], sums: &[i32], bounds: AddendBounds) {
    for ((addend, sum), offset) in vector.iter_mut().zip(sums).zip(spread(bounds.offset)) {
        let offset = i32::from(offset.min(LARGEST_OF_SUM));
        *addend = i32::from(ONE_Q15) * i32::from(clamp_symmetric(*sum, bounds.limit)) + offset;
    }
}
