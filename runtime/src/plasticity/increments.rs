//! What the increments of eligibility are calculated from: a rule, its coefficients and the traces that it reads.
//!
//! It knows neither E nor P, nor how E decays.

use metaplastic_shared::format::{IncrementParts, PlasticFormat, row_length};
use metaplastic_shared::rule::Rule;

use crate::arena::Arena;
use crate::kinds::LifPopulation;
use crate::rounding::Draws;
use crate::traces::Traces;
use crate::vectors::Collapse;

/// The rule of a projection, and its traces.
pub(crate) struct Increments<'a> {
    pub(super) rule: Rule,
    pub(super) coefficients: &'a [i16],
    pub(super) parts: IncrementParts,
    pub(super) post_size: usize,
    pub(super) row: usize,
    pub(super) traces: Traces<'a>,
}

/// What a projection sees of its two populations and of the modulators in this step.
pub(crate) struct StepActivity<'s, 'a> {
    pub(crate) pre: &'s [u16],
    pub(crate) post: &'s [u16],
    pub(crate) post_population: Option<&'s LifPopulation<'a>>,
    pub(crate) modulation: Option<&'s [i16]>,
    pub(crate) surrogate_slope: u8,
    pub(crate) draws: Draws,
}

impl<'a> Increments<'a> {
    pub(super) fn allocate(
        arena: &mut Arena<'a>,
        coefficients: &'a [i16],
        rule: Rule,
        format: &PlasticFormat,
        shape: (usize, usize),
    ) -> Self {
        Self {
            parts: IncrementParts::of(&rule),
            coefficients,
            post_size: shape.1,
            row: row_length(shape.1),
            traces: Traces::allocate(arena, &rule, format.traces, shape),
            rule,
        }
    }

    /// Length of a row of E and P. The bound shows the compiler that it is at least one.
    pub(super) fn row_length(&self) -> usize {
        self.row.max(1)
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
            draws: activity.draws,
        }
    }
}
