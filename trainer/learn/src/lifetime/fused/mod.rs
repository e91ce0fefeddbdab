//! Whole lifetimes forward and backward, with an adjoint derived by hand (`docs/adjoint.md`).
//!
//! Plain Rust: it stops at the counts, and knows neither what the loss makes of them nor the library that
//! differentiates that; only the cost of modulation, a term of the loss beside the counts, is its own. In the order to
//! read it: [`plan`] and [`tensors`] hold what stays the same during a lifetime, [`state`] what changes; [`dynamics`],
//! [`neurons`] and [`learning`] are one step, [`adjoint`] and its two companions the step backwards, [`kernel`] the
//! loops over synapses and over neurons, [`windows`] and [`convolution`] what a convolution adds, [`lives`] runs whole
//! batches.
#![allow(rustdoc::private_intra_doc_links, reason = "the reading order names private modules")]

mod adjoint;
mod adjoint_learning;
mod adjoint_neurons;
mod aligned;
mod ballot;
mod convolution;
pub(super) mod dynamics;
mod kernel;
mod lanes;
mod learning;
mod lives;
mod neurons;
mod plan;
mod state;
mod tensors;
pub(super) mod view;
mod windows;

#[cfg(test)]
mod tests;

use std::num::NonZeroUsize;

use self::dynamics::{Dynamics, Setting};
use self::lanes::Backend;
use self::lives::Checkpoint;
use self::state::State;
use super::{Lifetime, Lived, Spiking};
use crate::model::Model;
use metaplastic_task::episode::Episode;

/// Steps of a segment whose states fit the cache beside everything else.
const SEGMENT: usize = 16;

/// The fused lifetime.
#[derive(Clone, Copy, Debug)]
pub struct Fused {
    /// How spikes are made.
    pub spiking: Spiking,
    /// Every how many steps of a lifetime the gradient is cut: state before step `n N` counts as constant.
    pub truncation: Option<NonZeroUsize>,
    /// Bytes that checkpoints of a batch may take; segments grow longer than 16 steps rather than exceed it.
    pub memory_limit: usize,
    segment: usize,
    backend: Backend,
}

impl Default for Fused {
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

impl Fused {
    /// The same with another way of making spikes.
    #[must_use]
    pub fn with_spiking(self, spiking: Spiking) -> Self {
        Self { spiking, ..self }
    }

    /// The same with the gradient cut every so many steps, or not at all.
    #[must_use]
    pub fn with_truncation(self, truncation: Option<NonZeroUsize>) -> Self {
        Self { truncation, ..self }
    }
}

/// What the backward pass needs of the forward pass: inputs, and the state at the start of every segment.
#[derive(Debug)]
pub struct Saved {
    model: Model,
    dynamics: Dynamics,
    episodes: Vec<Episode>,
    checkpoints: Vec<Vec<Checkpoint>>,
    segment: usize,
}

impl Lifetime for Fused {
    type Saved = Saved;

    fn forward(&self, model: &Model, flat: &[f32], episodes: &[Episode]) -> Lived<Saved> {
        let Self { spiking, truncation, backend, .. } = *self;
        let setting = Setting { spiking, truncation, backend, ..Setting::default() };
        let dynamics = Dynamics::new(model, flat, setting);
        let state_bytes = State::new(&dynamics.plan).bytes();
        let segment = lives::segment_length(episodes, state_bytes, self.segment, self.memory_limit);
        let lives = dynamics.forward(episodes, segment);
        let activity_cost = lives.iter().map(|life| life.activity_cost).sum();
        let (counts, checkpoints): (Vec<_>, Vec<_>) =
            lives.into_iter().map(|life| (life.counts, life.checkpoints)).unzip();
        let saved = Saved { model: model.clone(), dynamics, episodes: episodes.to_vec(), checkpoints, segment };
        Lived { counts: counts.concat(), activity_cost, saved }
    }

    fn backward(&self, saved: Saved, count_gradient: &[f32]) -> Vec<f32> {
        let Saved { model, dynamics, episodes, checkpoints, segment } = saved;
        let gradient = dynamics.backward(&episodes, &checkpoints, count_gradient, segment);
        gradient.flatten(&model, &dynamics.plan, &dynamics.values)
    }
}
