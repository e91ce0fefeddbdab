//! A rule's terms, collapsed to one vector over the postsynaptic neurons for each presynaptic factor.
//!
//! ```text
//! V_f_j = sum over terms with presynaptic factor f of c_j g(post_j)
//! ```
//!
//! so that a synapse needs one product for each presynaptic factor, however many terms the rule has. V has one
//! fractional bit more than E. Each product is rounded, their sum is bounded by [`Parts::limit`].

use metaplastic_shared::arithmetic::{clamp_symmetric, multiply_q15};
use metaplastic_shared::format::row_length;
use metaplastic_shared::rule::{CoefficientScope, Presynaptic, Rule, Synaptic, Term};

use crate::arena::Arena;

/// Which parts a rule's increments have: products with x, with x2, with 1 or s, and with P.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) trace: bool,
    pub(crate) slow_trace: bool,
    pub(crate) one: bool,
    pub(crate) plastic: bool,
}

impl Parts {
    /// The parts of the terms with synaptic factor one; `plastic` for whether there are others.
    pub(crate) fn of(rule: &Rule) -> Self {
        Self { plastic: rule.reads_plastic(), ..Self::among(rule, Synaptic::One) }
    }

    /// The parts of the terms that multiply P.
    pub(crate) fn of_plastic(rule: &Rule) -> Self {
        Self::among(rule, Synaptic::Plastic)
    }

    fn among(rule: &Rule, synapse: Synaptic) -> Self {
        let reads = |factors: &[Presynaptic]| {
            rule.terms.iter().any(|term| term.synapse == synapse && factors.contains(&term.pre))
        };
        Self {
            trace: reads(&[Presynaptic::Trace]),
            slow_trace: reads(&[Presynaptic::SlowTrace]),
            one: reads(&[Presynaptic::One, Presynaptic::Spike]),
            plastic: false,
        }
    }

    /// The largest magnitude of each part such that their sum times one stays within 2^30.
    pub(crate) fn limit(self) -> i16 {
        let parts = [self.trace, self.slow_trace, self.one, self.plastic];
        i16::MAX / parts.into_iter().map(i16::from).sum::<i16>().max(1)
    }
}

/// The largest magnitude of what a rule's terms with one presynaptic factor may sum to, in the coefficients'
/// exponent; sums beyond it saturate. Exporters choose the exponent such that none does.
#[must_use]
pub fn increment_limit(rule: &Rule) -> i16 {
    Parts::of(rule).limit().min(Parts::of_plastic(rule).limit())
}

/// The vectors of one step, in scratch memory that all projections share.
pub(crate) struct Vectors<'a> {
    /// V of 1.
    pub(crate) one: &'a mut [i16],
    /// V of s.
    pub(crate) spike: &'a mut [i16],
    /// V of 1 plus V of s: what a spiking presynaptic neuron adds.
    pub(crate) both: &'a mut [i16],
    /// V of x.
    pub(crate) trace: &'a mut [i16],
    /// V of x2.
    pub(crate) slow_trace: &'a mut [i16],
}

impl<'a> Vectors<'a> {
    pub(crate) fn carve(arena: &mut Arena<'a>, row: usize) -> Self {
        Self {
            one: arena.take(row),
            spike: arena.take(row),
            both: arena.take(row),
            trace: arena.take(row),
            slow_trace: arena.take(row),
        }
    }

    /// Sums the terms with one synaptic factor. `post_factor(term, j)` is g in Q15.
    pub(crate) fn collapse(
        &mut self,
        synapse: Synaptic,
        rule: &Rule,
        coefficients: &[i16],
        limit: i16,
        post_size: usize,
        post_factor: impl Fn(&Term, usize) -> i16,
    ) {
        let per_neuron = rule.scope == CoefficientScope::Postsynaptic;
        let columns = if per_neuron { row_length(post_size) } else { 1 };
        for j in 0..post_size {
            let mut sums = Sums::default();
            for (index, term) in rule.terms.iter().enumerate().filter(|(_, term)| term.synapse == synapse) {
                let at = index * columns + if per_neuron { j } else { 0 };
                let coefficient = coefficients.get(at).copied().unwrap_or(0);
                sums.add(term.pre, i32::from(multiply_q15(coefficient, post_factor(term, j))));
            }
            self.store(j, &sums, limit);
        }
        // Another projection, or the last episode, may have left something where this row is padded.
        for j in post_size..row_length(post_size) {
            self.store(j, &Sums::default(), limit);
        }
    }

    fn store(&mut self, j: usize, sums: &Sums, limit: i16) {
        let rows = [
            (&mut *self.one, sums.one),
            (&mut *self.spike, sums.spike),
            (&mut *self.both, sums.one + sums.spike),
            (&mut *self.trace, sums.trace),
            (&mut *self.slow_trace, sums.slow_trace),
        ];
        for (row, sum) in rows {
            if let Some(value) = row.get_mut(j) {
                *value = clamp_symmetric(sum, limit);
            }
        }
    }

    /// What a presynaptic neuron's row gets besides its traces.
    pub(crate) fn of_one(&self, spikes: bool) -> &[i16] {
        if spikes { self.both } else { self.one }
    }
}

/// Sums over the terms for one postsynaptic neuron, one for each presynaptic factor.
#[derive(Default)]
struct Sums {
    one: i32,
    spike: i32,
    trace: i32,
    slow_trace: i32,
}

impl Sums {
    fn add(&mut self, factor: Presynaptic, value: i32) {
        let sum = match factor {
            Presynaptic::One => &mut self.one,
            Presynaptic::Spike => &mut self.spike,
            Presynaptic::Trace => &mut self.trace,
            Presynaptic::SlowTrace => &mut self.slow_trace,
        };
        *sum += value;
    }
}
