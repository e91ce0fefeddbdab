//! The input and the result of an engine.
//!
//! A lifetime that is differentiated by hand is a [`Lifetime`] and stops at the counts; an [`Engine`] knows the
//! loss too.

use super::carried::{CarriedState, LaneBatch};
use super::memory::{BatchSize, NetworkBytes};
use crate::model::Model;
use metaplastic_task::world::record::LifeResult;

/// The loss of some lifetimes and its gradient.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradient {
    /// Mean cross entropy of `gamma counts` over all decisions, nats, and the cost of modulation.
    pub loss: f64,
    /// Decisions in all.
    pub decisions: usize,
    /// Decisions in which the right class had the highest count; 0 of episodes in a world.
    pub correct: usize,
    /// The mean over the episodes of the first thing that their task measures; none of episodes in no world.
    pub measured: Option<f64>,
    /// The gradient of the loss, in the layout of the model.
    pub values: Vec<f32>,
    /// The states at the ends of the episodes, if they were wanted; none where a number in it is not finite.
    pub ends: Vec<Option<CarriedState>>,
}

impl Gradient {
    /// What counts: the fraction of right decisions, or what was measured in the worlds.
    #[must_use]
    pub fn score(&self) -> f64 {
        let accuracy = self.correct as f64 / self.decisions.max(1) as f64;
        self.measured.unwrap_or(accuracy)
    }
}

/// Runs lifetimes forward and backward. The same input gives the same bits on every call, for any number of
/// threads.
pub trait Engine: Send + Sync {
    /// The name on the command line.
    fn name(&self) -> &'static str;

    /// What the bits of its results depend on besides its input, by name.
    fn facts(&self) -> Vec<(&'static str, String)>;

    /// An upper estimate of the bytes that a network takes while a batch is differentiated.
    fn memory(&self, model: &Model, batch: BatchSize) -> NetworkBytes;

    /// Runs the episodes and differentiates the mean loss of their decisions.
    ///
    /// # Errors
    /// If the engine cannot run these episodes, says why.
    fn gradient(&self, model: &Model, flat: &[f32], batch: LaneBatch<'_>) -> Result<Gradient, EngineError>;
}

/// The result of a forward pass.
#[derive(Debug)]
pub struct ForwardPass<S> {
    /// The readout's spikes, or its potentials summed over steps where it is graded: `[decisions, classes]`, row by
    /// row, in the order of the episodes and of the decisions in each.
    pub counts: Vec<f32>,
    /// Of every episode, what happened in its world; none of one without.
    pub lives: Vec<Option<LifeResult>>,
    /// The cost of modulation and of spikes, a term of the loss.
    pub activity_cost: f64,
    /// As [`Gradient::ends`].
    pub ends: Vec<Option<CarriedState>>,
    /// What the backward pass needs.
    pub saved: S,
}

/// A lifetime differentiated by hand. It stops at the counts: the readout gain and the loss on top of them belong
/// to `autodiff`, which makes an [`Engine`] of it.
pub trait Lifetime: Send + Sync + 'static {
    /// What the backward pass needs of the forward pass.
    type Saved: Send + 'static;

    /// What the bits of its results depend on besides its input, by name.
    fn facts(&self) -> Vec<(&'static str, String)>;

    /// As [`Engine::memory`].
    fn memory(&self, model: &Model, batch: BatchSize) -> NetworkBytes;

    /// Runs the episodes.
    fn forward(&self, model: &Model, flat: &[f32], batch: LaneBatch<'_>) -> ForwardPass<Self::Saved>;

    /// Turns the loss's gradient with respect to what came of the forward pass into that with respect to the
    /// meta-parameters, the cost of modulation included, in the layout of the model; of the readout gain, as far as
    /// commands depend on it.
    fn backward(&self, saved: Self::Saved, outer: OuterGradient<'_>) -> Vec<f32>;
}

/// The gradient of the loss with respect to what came of a forward pass.
#[derive(Clone, Copy, Debug, Default)]
pub struct OuterGradient<'a> {
    /// With respect to [`ForwardPass::counts`].
    pub counts: &'a [f32],
    /// With respect to the cost of every step of every episode in a world, one episode after the other.
    pub costs: &'a [f32],
}

impl<'a> OuterGradient<'a> {
    /// Takes the next gradients of counts off.
    pub(crate) fn take_counts(&mut self, count: usize) -> &'a [f32] {
        let (taken, left) = self.counts.split_at(count);
        self.counts = left;
        taken
    }

    /// Takes the next gradients of costs off.
    pub(crate) fn take_costs(&mut self, count: usize) -> &'a [f32] {
        let (taken, left) = self.costs.split_at(count);
        self.costs = left;
        taken
    }
}

/// Why an engine could not run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// Episodes in a world.
    #[error("the reference engine runs recorded episodes alone, and not a world that answers; use --engine fused")]
    World,
    /// No decision in any episode.
    #[error("the episodes have no decision")]
    NoDecisions,
    /// The reference engine runs a batch in lockstep and needs episodes alike in steps, state resets and decision
    /// windows.
    #[error("the reference engine needs episodes of the same length, state resets and decision windows")]
    UnlikeEpisodes,
}
