//! How lifetimes are run, apart from the network.

use std::num::NonZeroUsize;

use metaplastic_shared::freeze::Freeze;

use super::lanes::Backend;
use super::plan::{Plan, PopulationPlan};
use crate::lifetime::Spiking;

/// How lifetimes are run.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Configuration {
    /// How spikes are made.
    pub(crate) spiking: Spiking,
    /// What does not change or has no effect.
    pub(crate) freeze: Freeze,
    /// Steps between two cuts of the adjoint; none if it is never cut.
    pub(crate) truncation: Option<NonZeroUsize>,
    /// Whether the gradient with respect to analog values is calculated: where they depend on what the network did.
    pub(crate) analog_gradient: bool,
    /// Whether choices are drawn, as rewards are learned from, or the best are made.
    pub(crate) samples: bool,
    /// Vector operations.
    pub(crate) backend: Backend,
}

impl Configuration {
    /// Whether the adjoint does not pass from this step to the one before.
    pub(crate) fn cuts_before(&self, step: usize) -> bool {
        self.truncation.is_some_and(|every| step.is_multiple_of(every.get()))
    }
}

/// A population of a network, and how it is run.
#[derive(Clone, Copy)]
pub(crate) struct PopulationContext<'a> {
    /// The population.
    pub(crate) population: &'a PopulationPlan,
    /// k.
    pub(crate) slope: f32,
    /// How it is run.
    pub(crate) configuration: &'a Configuration,
}

impl<'a> PopulationContext<'a> {
    /// Population `index` of a plan.
    pub(crate) fn new(plan: &'a Plan, configuration: &'a Configuration, index: usize) -> Self {
        Self { population: &plan.populations[index], slope: plan.surrogate_slope, configuration }
    }
}
