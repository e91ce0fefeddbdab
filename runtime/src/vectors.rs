//! A rule's terms, collapsed to one vector over the postsynaptic neurons for each presynaptic factor.
//!
//! ```text
//! V_f_j = sum over terms with presynaptic factor f of c_j g(post_j)
//! ```
//!
//! so that a synapse needs one product for each presynaptic factor, however many terms the rule has. V has one
//! fractional bit more than E. Each product is rounded, one with a factor of many values by a random offset; their sum
//! is bounded by
//! [`IncrementParts::limit`](metaplastic_shared::format::IncrementParts::limit).

use metaplastic_shared::arithmetic::{ONE_Q15, clamp_symmetric, multiply_q15, round_randomly};
use metaplastic_shared::format::row_length;
use metaplastic_shared::rule::{CoefficientScope, Postsynaptic, Presynaptic, Rule, Synaptic, Term};

use crate::kernel;
use crate::kinds::LifPopulation;
use crate::rounding::{Draws, Stream};
use crate::traces::Traces;

/// The coefficients of one term.
#[derive(Clone, Copy)]
enum Coefficients<'a> {
    One(i16),
    Each(&'a [i16]),
}

impl Coefficients<'_> {
    fn at(self, j: usize) -> i16 {
        match self {
            Self::One(coefficient) => coefficient,
            Self::Each(coefficients) => coefficients.get(j).copied().unwrap_or(0),
        }
    }

    fn add_trace(self, sums: &mut [i32], trace: &[i16], offset: u16) {
        match self {
            Self::One(coefficient) => kernel::add_products(sums, coefficient, trace, offset >> 1),
            Self::Each(_) => self.add_products(sums, trace.iter().copied(), offset),
        }
    }

    fn add_one(self, sums: &mut [i32], size: usize) {
        match self {
            Self::One(coefficient) => {
                let product = i32::from(multiply_q15(coefficient, ONE_Q15));
                kernel::add_constant(sums.get_mut(..size).unwrap_or_default(), product);
            }
            // Half a step, as a product with one: what is rounded is the coefficient.
            Self::Each(_) => self.add_products(sums, core::iter::repeat_n(ONE_Q15, size), 0x8000),
        }
    }

    /// `sums_j += c_j g_j`, each product rounded by the offset; factors are not negative.
    fn add_products(self, sums: &mut [i32], factors: impl Iterator<Item = i16>, offset: u16) {
        let sums = sums.iter_mut().zip(factors);
        let product = |coefficient, factor| round_randomly(i32::from(coefficient) * i32::from(factor), 15, offset);
        match self {
            Self::One(coefficient) => sums.for_each(|(sum, factor)| *sum += product(coefficient, factor)),
            Self::Each(coefficients) => {
                sums.zip(coefficients)
                    .for_each(|((sum, factor), coefficient)| *sum += product(*coefficient, factor));
            }
        }
    }
}

/// A rule, its coefficients, and what its terms read of the postsynaptic neurons in this step.
pub(crate) struct Collapse<'s> {
    pub(crate) rule: &'s Rule,
    pub(crate) coefficients: &'s [i16],
    pub(crate) traces: &'s Traces<'s>,
    pub(crate) spikes: &'s [u16],
    pub(crate) population: Option<&'s LifPopulation<'s>>,
    pub(crate) surrogate_slope: u8,
    pub(crate) post_size: usize,
    pub(crate) draws: Draws,
}

impl Collapse<'_> {
    /// `sums_j += V_f_j`, not yet bounded, for one presynaptic and one synaptic factor.
    pub(crate) fn add(&self, pre: Presynaptic, synapse: Synaptic, sums: &mut [i32]) {
        for (term, coefficients) in self.terms(pre, synapse) {
            self.add_term(term.post, coefficients, sums);
        }
    }

    /// V_f at a neuron that spikes, not yet bounded. All terms of the rule with this presynaptic factor must carry
    /// the postsynaptic spike.
    pub(crate) fn at_spike(&self, pre: Presynaptic, j: usize) -> i32 {
        let terms = self.terms(pre, Synaptic::One);
        terms.map(|(_, coefficients)| i32::from(multiply_q15(coefficients.at(j), ONE_Q15))).sum()
    }

    fn terms(&self, pre: Presynaptic, synapse: Synaptic) -> impl Iterator<Item = (&Term, Coefficients<'_>)> {
        let terms = self.rule.terms.iter().enumerate();
        let terms = terms.filter(move |(_, term)| term.pre == pre && term.synapse == synapse);
        terms.map(|(index, term)| (term, self.coefficients(index)))
    }

    fn coefficients(&self, term: usize) -> Coefficients<'_> {
        match self.rule.scope {
            CoefficientScope::Projection => Coefficients::One(self.coefficients.get(term).copied().unwrap_or(0)),
            CoefficientScope::Postsynaptic => {
                let start = term * row_length(self.post_size);
                Coefficients::Each(self.coefficients.get(start..start + self.post_size).unwrap_or_default())
            }
        }
    }

    /// Of the rounding of products with traces and surrogate derivatives.
    fn offset(&self) -> u16 {
        self.draws.of(Stream::Terms).upper
    }

    fn add_term(&self, factor: Postsynaptic, coefficients: Coefficients<'_>, sums: &mut [i32]) {
        let size = self.post_size;
        match factor {
            Postsynaptic::One => coefficients.add_one(sums, size),
            Postsynaptic::Spike => {
                for j in self.spikes.iter().map(|spike| usize::from(*spike)) {
                    if let Some(sum) = sums.get_mut(j) {
                        *sum += i32::from(multiply_q15(coefficients.at(j), ONE_Q15));
                    }
                }
            }
            Postsynaptic::Trace => coefficients.add_trace(sums, self.traces.post.values, self.offset()),
            Postsynaptic::SlowTrace => coefficients.add_trace(sums, self.traces.post_slow.values, self.offset()),
            Postsynaptic::TraceSquared | Postsynaptic::TraceTimesThreshold => {
                coefficients.add_products(sums, (0..size).map(|j| self.traces.of_post(factor, j)), self.offset());
            }
            Postsynaptic::Surrogate => {
                let Some(population) = self.population else { return };
                let surrogate = |j| population.surrogate(j, self.surrogate_slope);
                coefficients.add_products(sums, (0..size).map(surrogate), self.offset());
            }
        }
    }
}

/// Bounds sums by the limit of a part.
pub(crate) fn bound(vector: &mut [i16], sums: &[i32], limit: i16) {
    vector.iter_mut().zip(sums).for_each(|(value, sum)| *value = clamp_symmetric(*sum, limit));
}
