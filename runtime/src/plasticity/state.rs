//! The plastic part of a projection: its numbers and its state.
//!
//! Only the types, how they are allocated and how they are read out are here; the parent module updates them.

use metaplastic_shared::arithmetic::clamp_symmetric;
use metaplastic_shared::format::{LeakFormat, PlasticFormat, row_length};
use metaplastic_shared::network::{Leak, Plasticity};
use metaplastic_shared::rule::Rule;

use super::dense::DenseEligibility;
use super::increments::Increments;
use super::quiet::Quiet;
use super::scale::LazyScale;
use crate::arena::Arena;
use crate::hash::Hash;
use crate::third_factor::IntegerThirdFactor;

/// The plastic part of a projection: configuration and state.
pub(crate) struct PlasticProjection<'a> {
    pub(super) format: PlasticFormat,
    pub(super) leak: Option<(Leak, LeakFormat)>,
    pub(super) increments: Increments<'a>,
    pub(crate) third_factor: IntegerThirdFactor<'a>,
    /// E, or with lazy decay E times the scale; rows by pre, padded.
    pub(crate) eligibility: &'a mut [i16],
    /// P; rows by pre, padded.
    pub(crate) weights: &'a mut [i16],
    pub(super) decay: EligibilityDecay<'a>,
    /// Whether the third factor of the last step was not zero.
    pub(crate) modulated: bool,
}

/// How E decays, and the state of that.
pub(super) enum EligibilityDecay<'a> {
    /// In every synapse.
    Dense(DenseEligibility<'a>),
    /// By a scale.
    Lazy(LazyScale),
}

/// A plastic projection's numbers in flash.
#[derive(Clone, Copy, Default)]
pub(crate) struct PlasticNumbers<'a> {
    /// The coefficients of the rule, one value or one row per term.
    pub(crate) coefficients: &'a [i16],
    /// G, one row per modulator.
    pub(crate) third_factor_weights: &'a [i8],
}

impl<'a> PlasticProjection<'a> {
    pub(crate) fn allocate(
        arena: &mut Arena<'a>,
        numbers: PlasticNumbers<'a>,
        plasticity: &Plasticity,
        format: PlasticFormat,
        shape: (usize, usize),
    ) -> Self {
        let PlasticNumbers { coefficients, third_factor_weights } = numbers;
        let row = row_length(shape.1);
        let modulators = plasticity.third_factor.population().map(usize::from);
        let rule = plasticity.rule.clone();
        Self {
            decay: EligibilityDecay::allocate(arena, &rule, &format, shape.0),
            increments: Increments::allocate(arena, coefficients, rule, &format, shape),
            third_factor: IntegerThirdFactor::allocate(arena, modulators, third_factor_weights, shape.1, row),
            eligibility: arena.take(shape.0 * row),
            weights: arena.take(shape.0 * row),
            modulated: false,
            leak: plasticity.leak.zip(format.leak),
            format,
        }
    }

    /// Sets all state but the plastic weights to zero.
    pub(crate) fn reset(&mut self) {
        self.increments.traces.reset();
        self.third_factor.value.fill(0);
        self.eligibility.fill(0);
        self.modulated = false;
        match &mut self.decay {
            EligibilityDecay::Dense(dense) => dense.quiet.reset(),
            EligibilityDecay::Lazy(scale) => scale.reset(),
        }
    }

    /// x, x2, y, y2 and theta_y, Q15; empty where the rule does not read them.
    pub(crate) fn traces(&self) -> [&[i16]; 5] {
        self.increments.traces.each().map(|trace| &*trace.values)
    }

    /// What E of a row is stored times, Q15, from one half to below two: one where it decays densely.
    pub(crate) fn eligibility_scale(&self, row: usize) -> u16 {
        match self.decay {
            EligibilityDecay::Dense(_) => 1 << 15,
            EligibilityDecay::Lazy(scale) => scale.of_row(row),
        }
    }

    /// Its number formats.
    pub(crate) fn format(&self) -> &PlasticFormat {
        &self.format
    }

    /// Length of a row of E and P, at least one.
    pub(crate) fn row_length(&self) -> usize {
        self.increments.row_length()
    }

    /// Replaces plastic weights from synapse `first` on, counted without padding; clamped to `P_max`.
    pub(crate) fn write(&mut self, first: usize, weights: impl Iterator<Item = i16>) {
        let (size, limit) = (self.increments.post_size, self.format.plastic_limit);
        let row = self.row_length();
        let rows = self.weights.chunks_exact_mut(row);
        let synapses = rows.flat_map(|row| row.iter_mut().take(size)).skip(first);
        synapses.zip(weights).for_each(|(synapse, weight)| *synapse = clamp_symmetric(weight.into(), limit));
    }

    pub(crate) fn hash(&self, hash: &mut Hash) {
        self.increments.traces.hash(hash);
        hash.i16(self.third_factor.value);
        hash.i16(self.eligibility);
        hash.i16(self.weights);
        if let EligibilityDecay::Lazy(scale) = &self.decay {
            scale.hash(hash);
        }
    }
}

impl<'a> EligibilityDecay<'a> {
    /// As the format says; rows are skipped where P cannot change them.
    fn allocate(arena: &mut Arena<'a>, rule: &Rule, format: &PlasticFormat, rows: usize) -> Self {
        if format.decays_lazily(rule) {
            return Self::Lazy(LazyScale::new(format.eligibility_decay, rows));
        }
        let skipped = if rule.reads_plastic() { 0 } else { rows };
        Self::Dense(DenseEligibility { quiet: Quiet::allocate(arena, skipped) })
    }
}
