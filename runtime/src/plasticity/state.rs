//! The plastic part of a projection: its numbers, its state, and what it sees in a step.
//!
//! Only the types, how they are allocated and how they are read out are here; the parent module,
//! [`dense`](super::dense) and [`lazy`](super::lazy) update them.

use metaplastic_shared::arithmetic::clamp_symmetric;
use metaplastic_shared::format::{IncrementParts, PlasticFormat, row_length};
use metaplastic_shared::network::Plasticity;
use metaplastic_shared::rule::Rule;

use super::quiet::Quiet;
use super::scale::LazyScale;
use super::terms::TermVectors;
use crate::arena::Arena;
use crate::hash::Hash;
use crate::kinds::LifPopulation;
use crate::third_factor::IntegerThirdFactor;
use crate::traces::Traces;
use crate::vectors::Collapse;

/// The plastic part of a projection: configuration and state.
pub(crate) struct PlasticProjection<'a> {
    pub(super) rule: Rule,
    pub(super) format: PlasticFormat,
    pub(super) coefficients: &'a [i16],
    pub(super) parts: IncrementParts,
    pub(super) post_size: usize,
    pub(super) row: usize,
    pub(super) traces: Traces<'a>,
    pub(crate) third_factor: IntegerThirdFactor<'a>,
    /// E, or with lazy decay E times the scale; rows by pre, padded.
    pub(crate) eligibility: &'a mut [i16],
    /// P; rows by pre, padded.
    pub(crate) weights: &'a mut [i16],
    pub(super) lazy: Option<LazyScale>,
    pub(super) quiet: Quiet<'a>,
    /// Whether the third factor of the last step was not zero.
    pub(crate) modulated: bool,
}

/// A plastic projection's numbers in flash.
#[derive(Clone, Copy, Default)]
pub(crate) struct PlasticNumbers<'a> {
    /// The coefficients of the rule, one value or one row per term.
    pub(crate) coefficients: &'a [i16],
    /// G, one row per modulator.
    pub(crate) third_factor_weights: &'a [i8],
}

/// Scratch memory for one projection's step, shared by all.
pub(crate) struct Scratch<'a> {
    /// Sums over a rule's terms.
    pub(super) sums: &'a mut [i32],
    /// The increments of a spiking neuron's row, U_j of the present row, or eta M_j.
    pub(super) row: &'a mut [i16],
    pub(super) dense: TermVectors<'a>,
}

impl<'a> Scratch<'a> {
    /// For rows of at most `row` synapses and these plastic projections.
    pub(crate) fn allocate<'p>(
        arena: &mut Arena<'a>,
        row: usize,
        plastic: impl Iterator<Item = (&'p Plasticity, &'p PlasticFormat)>,
    ) -> Self {
        let (mut dense, mut reads_plastic) = (false, false);
        for (Plasticity { rule, .. }, format) in plastic {
            dense |= !format.decays_lazily(rule);
            reads_plastic |= rule.reads_plastic();
        }
        let kept = |needed: bool| if needed { row } else { 0 };
        Self {
            sums: arena.take_sums(row),
            row: arena.take(row),
            dense: TermVectors::allocate(arena, kept(dense), kept(reads_plastic)),
        }
    }
}

/// What a projection sees of its two populations and of the modulators in this step.
pub(crate) struct StepActivity<'s, 'a> {
    pub(crate) pre: &'s [u16],
    pub(crate) post: &'s [u16],
    pub(crate) post_population: Option<&'s LifPopulation<'a>>,
    pub(crate) modulation: Option<&'s [i16]>,
    pub(crate) surrogate_slope: u8,
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
        let lazy = format.decays_lazily(&rule).then(|| LazyScale::new(format.eligibility_decay, shape.0));
        let skips = lazy.is_none() && !rule.reads_plastic();
        Self {
            quiet: Quiet::allocate(arena, if skips { shape.0 } else { 0 }, format.eligibility_decay),
            parts: IncrementParts::of(&rule),
            coefficients,
            post_size: shape.1,
            row,
            traces: Traces::allocate(arena, &rule, format.traces, shape),
            third_factor: IntegerThirdFactor::allocate(arena, modulators, third_factor_weights, shape.1, row),
            eligibility: arena.take(shape.0 * row),
            weights: arena.take(shape.0 * row),
            lazy,
            modulated: false,
            rule,
            format,
        }
    }

    /// Sets all state but the plastic weights to zero.
    pub(crate) fn reset(&mut self) {
        self.traces.reset();
        self.third_factor.value.fill(0);
        self.eligibility.fill(0);
        self.quiet.reset();
        self.modulated = false;
        self.lazy.iter_mut().for_each(LazyScale::reset);
    }

    /// x, x2, y, y2 and theta_y; empty where the rule does not read them.
    pub(crate) fn traces(&self) -> [&[i16]; 5] {
        self.traces.each()
    }

    /// Its number formats.
    pub(crate) fn format(&self) -> &PlasticFormat {
        &self.format
    }

    /// Length of a row of E and P. The bound shows the compiler that it is at least one.
    pub(crate) fn row_length(&self) -> usize {
        self.row.max(1)
    }

    /// Replaces plastic weights from synapse `first` on, counted without padding; clamped to `P_max`.
    pub(crate) fn write(&mut self, first: usize, weights: impl Iterator<Item = i16>) {
        let (size, limit) = (self.post_size, self.format.plastic_limit);
        let row = self.row_length();
        let rows = self.weights.chunks_exact_mut(row);
        let synapses = rows.flat_map(|row| row.iter_mut().take(size)).skip(first);
        synapses.zip(weights).for_each(|(synapse, weight)| *synapse = clamp_symmetric(weight.into(), limit));
    }

    pub(super) fn collapse<'s>(&'s self, activity: &'s StepActivity<'_, 's>) -> Collapse<'s> {
        Collapse {
            rule: &self.rule,
            coefficients: self.coefficients,
            traces: &self.traces,
            spikes: activity.post,
            population: activity.post_population,
            surrogate_slope: activity.surrogate_slope,
            post_size: self.post_size,
        }
    }

    pub(crate) fn hash(&self, hash: &mut Hash) {
        self.traces.hash(hash);
        hash.i16(self.third_factor.value);
        hash.i16(self.eligibility);
        hash.i16(self.weights);
        if let Some(decay) = self.lazy {
            decay.hash(hash);
        }
    }
}
