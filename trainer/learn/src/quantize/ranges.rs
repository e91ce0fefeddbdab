//! The ranges that quantities reach while a network lives, in float.

use metaplastic_shared::freeze::Freeze;
use rayon::prelude::*;

use crate::lifetime::simulate::{Probe, StepView, simulate};
use crate::model::Model;
use metaplastic_task::episode::Episode;

/// The largest magnitudes seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranges {
    /// v or u, by population; zero for inputs.
    pub potential: Vec<f32>,
    /// E, P and M, by projection; zero for innate ones.
    pub synapses: Vec<SynapseRange>,
}

/// The largest magnitudes of a plastic projection's quantities.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SynapseRange {
    /// E.
    pub eligibility: f32,
    /// P.
    pub plastic: f32,
    /// M.
    pub third_factor: f32,
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

    fn none(model: &Model) -> Self {
        let network = &model.network;
        Self {
            potential: vec![0.0; network.populations.len()],
            synapses: vec![SynapseRange::default(); network.projections.len()],
        }
    }

    fn widest(mut self, other: Self) -> Self {
        self.potential.iter_mut().zip(other.potential).for_each(|(a, b)| *a = a.max(b));
        for (range, other) in self.synapses.iter_mut().zip(other.synapses) {
            range.eligibility = range.eligibility.max(other.eligibility);
            range.plastic = range.plastic.max(other.plastic);
            range.third_factor = range.third_factor.max(other.third_factor);
        }
        self
    }
}

impl Probe for Ranges {
    fn step(&mut self, view: StepView<'_>) {
        for (population, range) in self.potential.iter_mut().enumerate() {
            let neurons = view.neurons(population);
            *range = range.max(largest(neurons.membrane)).max(largest(neurons.activity));
        }
        for (projection, range) in self.synapses.iter_mut().enumerate() {
            let Some(synapses) = view.synapses(projection) else { continue };
            range.eligibility = range.eligibility.max(synapses.eligibility.peak());
            range.plastic = range.plastic.max(synapses.plastic.peak());
            range.third_factor = range.third_factor.max(largest(synapses.third_factor));
        }
    }
}

/// The largest magnitude of some values.
pub(super) fn largest(values: &[f32]) -> f32 {
    values.iter().fold(0.0, |largest, value| largest.max(value.abs()))
}
