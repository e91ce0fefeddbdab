//! The engine: whole batches of lifetimes forward and backward, as a [`Lifetime`].

use std::num::NonZeroUsize;

use super::batch::Batch;
use super::carried;
use super::checkpoint::TapeCheckpoint;
use super::configuration::Configuration;
use super::dynamics::Dynamics;
use super::lanes::Backend;
use super::memory::Copies;
use super::plan::Plan;
use super::segments::segment_length;
use super::state::LifetimeState;
use super::tensors::Tensors;
use crate::lifetime::carried::{CarriedState, LaneBatch};
use crate::lifetime::carried_part::CarriedPart;
use crate::lifetime::{BatchSize, ForwardPass, Lifetime, NetworkBytes, OuterGradient, Spiking};
use crate::model::Model;
use crate::optimiser::{clip, norm};
use metaplastic_task::episode::Episode;
use metaplastic_task::world::life::EndedLife;

/// Steps of a segment whose states fit the cache beside everything else.
const SEGMENT: usize = 16;

/// The fused lifetime.
#[derive(Clone, Copy, Debug)]
pub struct FusedLifetime {
    /// How spikes are made.
    pub spiking: Spiking,
    /// N, the steps between two cuts of the gradient: the state before each step `n N` counts as a constant. None
    /// if it is never cut.
    pub truncation: Option<NonZeroUsize>,
    /// Bytes that checkpoints of a batch may take; segments grow longer than 16 steps rather than exceed it.
    pub memory_limit: usize,
    segment: usize,
    backend: Backend,
}

impl Default for FusedLifetime {
    /// Spikes, no truncation, checkpoints up to 1 GiB.
    fn default() -> Self {
        Self {
            spiking: Spiking::Heaviside,
            truncation: None,
            memory_limit: 1 << 30,
            segment: SEGMENT,
            backend: Backend::default(),
        }
    }
}

impl FusedLifetime {
    /// The same with another way of making spikes.
    #[must_use]
    pub fn with_spiking(self, spiking: Spiking) -> Self {
        Self { spiking, ..self }
    }

    /// The same with a cut of the gradient every `truncation` steps, or without cuts.
    #[must_use]
    pub fn with_truncation(self, truncation: Option<NonZeroUsize>) -> Self {
        Self { truncation, ..self }
    }

    /// The same without the vector instructions of this processor.
    #[cfg(test)]
    pub(crate) fn portable(self) -> Self {
        Self { backend: Backend::Portable, ..self }
    }

    /// How a batch is run: in a world, choices are drawn, and the gradient of commands passes through analog values.
    fn configuration(&self, model: &Model, episodes: &[Episode]) -> Configuration {
        let Self { spiking, truncation, backend, .. } = *self;
        let in_world = episodes.iter().any(|episode| episode.world.is_some());
        let analog_gradient = in_world && model.network.command().is_some();
        let samples = in_world;
        Configuration { spiking, truncation, backend, analog_gradient, samples, ..Configuration::default() }
    }

    /// How floats are computed, as a setting with its name.
    pub(crate) fn arithmetic(&self) -> (&'static str, String) {
        ("arithmetic", self.backend.arithmetic().into())
    }
}

/// The results of the forward pass that the backward pass needs: inputs, and the state at the start of every
/// segment.
#[derive(Debug)]
pub struct Saved {
    model: Model,
    dynamics: Dynamics,
    /// With the inputs as they were.
    episodes: Vec<Episode>,
    lives: Vec<Option<EndedLife>>,
    checkpoints: Vec<Vec<TapeCheckpoint>>,
    segment: usize,
    episode_clip: Option<f64>,
}

impl Lifetime for FusedLifetime {
    type Saved = Saved;

    fn facts(&self) -> Vec<(&'static str, String)> {
        let truncation = self.truncation.map_or_else(|| "none".to_owned(), |steps| steps.to_string());
        vec![("--truncate", truncation), self.arithmetic()]
    }

    fn memory(&self, model: &Model, batch: BatchSize) -> NetworkBytes {
        let plan = Plan::new(model);
        let steps = batch.episodes.saturating_mul(batch.steps);
        let segment = segment_length(steps, LifetimeState::bytes(&plan), self.segment, self.memory_limit);
        Copies::new(batch, segment).bytes(&plan)
    }

    fn forward(&self, model: &Model, flat: &[f32], batch: LaneBatch<'_>) -> ForwardPass<Saved> {
        let LaneBatch { episodes, carried, episode_clip, .. } = batch;
        let dynamics = Dynamics::new(model, flat, self.configuration(model, episodes));
        let steps = episodes.iter().map(|episode| episode.steps).sum();
        let segment = segment_length(steps, LifetimeState::bytes(&dynamics.plan), self.segment, self.memory_limit);
        let end = |state: &LifetimeState, part| {
            let lists = CarriedState::zeros(model, CarriedPart::All);
            carried::end(&dynamics.plan, state, lists).carried(part)
        };
        let carry = |state: &LifetimeState| carried.and_then(|part| end(state, part));
        let runs = Batch { dynamics: &dynamics, episodes, segment }.forward(batch, carry);
        let activity_cost = runs.iter().map(|run| run.activity_cost).sum();
        let counts = runs.iter().flat_map(|run| run.counts.iter().copied()).collect();
        let results = runs.iter().map(|run| run.life.as_ref().map(|life| life.result.clone())).collect();
        let episodes = episodes.iter().zip(&runs).map(|(episode, run)| run.recorded(episode).clone()).collect();
        let (mut checkpoints, mut ends, mut lives) = (Vec::new(), Vec::new(), Vec::new());
        for run in runs {
            checkpoints.push(run.checkpoints);
            ends.extend(carried.map(|_| run.end));
            lives.push(run.life);
        }
        let saved = Saved { model: model.clone(), dynamics, episodes, lives, checkpoints, segment, episode_clip };
        ForwardPass { counts, lives: results, activity_cost, ends, saved }
    }

    fn backward(&self, saved: Saved, outer: OuterGradient<'_>) -> Vec<f32> {
        let Saved { model, dynamics, episodes, mut lives, checkpoints, segment, episode_clip } = saved;
        let batch = Batch { dynamics: &dynamics, episodes: &episodes, segment };
        let flatten = |gradient: &Tensors| gradient.flatten(&model, &dynamics.plan, &dynamics.values);
        match episode_clip {
            None => flatten(&batch.backward(&checkpoints, &mut lives, outer)),
            Some(clip) => batch.clipped_backward(&checkpoints, &mut lives, outer, |gradient| {
                let mut flat = flatten(gradient);
                shorten(&mut flat, clip / episodes.len() as f64);
                flat
            }),
        }
    }
}

/// Shortens a gradient that is longer than `most`; one that is not finite becomes zero.
fn shorten(gradient: &mut [f32], most: f64) {
    let norm = norm(gradient.iter().copied());
    if norm.is_finite() {
        clip(gradient.iter_mut(), norm, most);
    } else {
        gradient.fill(0.0);
    }
}

#[cfg(test)]
mod tests;
