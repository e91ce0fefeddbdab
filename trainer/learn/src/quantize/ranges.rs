//! The ranges that quantities reach while a network runs, in floating point.

use metaplastic_shared::freeze::Freeze;
use rayon::prelude::*;

use super::plasticity::SynapseRange;
use super::population::PopulationRange;
use crate::lifetime::simulate::{Probe, StepView, simulate};
use crate::model::Model;
use metaplastic_task::episode::Episode;

/// The largest magnitudes seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranges {
    /// By population.
    pub(super) populations: Vec<PopulationRange>,
    /// By projection.
    pub(super) projections: Vec<SynapseRange>,
}

impl Ranges {
    /// Runs episodes and keeps the largest magnitudes; the same for any number of threads.
    #[must_use]
    pub fn observe(model: &Model, flat: &[f32], episodes: &[Episode]) -> Self {
        let observe = |episode: &Episode| {
            let mut ranges = Self::none(model);
            let _ = simulate(model, flat, episode, Freeze::Nothing, &mut ranges);
            ranges
        };
        episodes.par_iter().map(observe).reduce(|| Self::none(model), Self::widest)
    }

    /// Nothing seen yet.
    #[must_use]
    pub fn none(model: &Model) -> Self {
        let network = &model.network;
        let kinds = network.populations.iter().map(|population| population.kind);
        Self {
            populations: kinds.map(PopulationRange::none).collect(),
            projections: vec![SynapseRange::default(); network.projections.len()],
        }
    }

    /// The larger range of each quantity of the same network.
    pub(crate) fn widest(mut self, other: Self) -> Self {
        let populations = self.populations.iter_mut().zip(other.populations);
        populations.for_each(|(range, other)| *range = range.widest(other));
        let projections = self.projections.iter_mut().zip(other.projections);
        projections.for_each(|(range, other)| *range = range.widest(other));
        self
    }
}

impl Probe for Ranges {
    fn step(&mut self, view: StepView<'_>) {
        for (index, range) in self.populations.iter_mut().enumerate() {
            *range = range.with(view.neurons(index));
        }
        for (index, range) in self.projections.iter_mut().enumerate() {
            let Some(synapses) = view.synapses(index) else { continue };
            *range = range.widest(SynapseRange::of(&synapses));
        }
    }
}
