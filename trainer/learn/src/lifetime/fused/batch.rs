//! Lifetimes of a batch: forward with checkpoints, backward segment by segment.
//!
//! Only the state at every segment's start is kept, and after a state reset only the plastic weights; backward, a
//! segment's states are calculated again and kept while the adjoint passes over them, so that they stay in cache.
//! Episodes are spread over threads; gradients are summed over fixed groups of episodes and the groups in order, so
//! that the number of threads changes no bit.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::backward::{Adjoint, OuterAdjoint, StepContext};
use super::carried;
use super::checkpoint::TapeCheckpoint;
use super::dynamics::Dynamics;
use super::forward::{InputSource, StepInput, rollout, run_step};
use super::readout::{CountGradient, readout_values};
use super::regulariser::RegulariserWeights;
use super::segments::segments;
use super::state::LifetimeState;
use super::tensors::Tensors;
use super::world::{EpisodeAdjoint, WorldAdjoint, WorldSource};
use crate::lifetime::OuterGradient;
use crate::lifetime::carried::{CarriedState, LaneBatch};
use metaplastic_task::episode::Episode;
use metaplastic_task::world::life::EndedLife;

/// The largest number of groups with separate gradients.
const GROUPS: usize = 64;

/// Episodes whose gradients are summed in one group.
pub(crate) fn group(episodes: usize) -> usize {
    episodes.div_ceil(GROUPS).max(1)
}

/// Episodes to run on a network.
#[derive(Clone, Copy)]
pub(crate) struct Batch<'a> {
    /// The network.
    pub(crate) dynamics: &'a Dynamics,
    /// The episodes.
    pub(crate) episodes: &'a [Episode],
    /// The largest number of steps in a segment.
    pub(crate) segment: usize,
}

/// The result of an episode.
pub(crate) struct EpisodeRun {
    /// `[decisions, classes]`.
    pub(crate) counts: Vec<f32>,
    /// Its part of the regularisers.
    pub(crate) activity_cost: f64,
    /// The state at the start of every segment.
    pub(crate) checkpoints: Vec<TapeCheckpoint>,
    /// What carries over of the state at its end.
    pub(crate) end: Option<CarriedState>,
    /// The life in its world, if it is in one.
    pub(crate) life: Option<EndedLife>,
}

impl EpisodeRun {
    /// The episode with the inputs as they were, also where they answered to the network.
    pub(crate) fn recorded<'e>(&'e self, episode: &'e Episode) -> &'e Episode {
        self.life.as_ref().map_or(episode, |life| &life.episode)
    }
}

/// The working memory of one group: the states of a segment, and the adjoint.
struct Workspace {
    states: Vec<LifetimeState>,
    adjoint: Adjoint,
}

/// One episode's part of the backward pass: the inputs as they were, also where they answered to the network.
struct EpisodeTape<'a, O = EpisodeAdjoint<'a>> {
    episode: &'a Episode,
    checkpoints: &'a [TapeCheckpoint],
    outer: O,
}

impl<'a> Batch<'a> {
    /// Runs all episodes of `lanes`, which are those of this batch; `carry` takes what carries over from the state at the
    /// end of each.
    pub(crate) fn forward(
        self,
        lanes: LaneBatch<'_>,
        carry: impl Fn(&LifetimeState) -> Option<CarriedState> + Sync,
    ) -> Vec<EpisodeRun> {
        let run = |(lane, episode)| {
            let (run, end) = self.run_episode(episode, lanes.start(lane));
            EpisodeRun { end: carry(&end), ..run }
        };
        self.episodes.par_iter().enumerate().with_max_len(1).map(run).collect()
    }

    fn run_episode(self, episode: &Episode, start: Option<&CarriedState>) -> (EpisodeRun, LifetimeState) {
        let Some(source) = WorldSource::begin(self.dynamics, episode) else {
            return self.run_with_checkpoints(episode, &mut { episode }, start);
        };
        let mut source = source.recorded();
        let (run, end) = self.run_with_checkpoints(episode, &mut source, start);
        let life = source.end(episode.steps - 1, readout_values(&self.dynamics.plan, &end));
        (EpisodeRun { life: Some(life), ..run }, end)
    }

    fn run_with_checkpoints(
        self,
        episode: &Episode,
        source: &mut impl InputSource,
        start: Option<&CarriedState>,
    ) -> (EpisodeRun, LifetimeState) {
        let mut starts = segments(episode, self.segment).into_iter().skip(1).map(|steps| steps.start).peekable();
        let mut checkpoints = Vec::with_capacity(starts.len() + 1);
        let mut activity_cost = 0.0;
        let mut end = carried::begin(&self.dynamics.plan, start);
        checkpoints.push(first_checkpoint(episode, start, &end));
        let counts = rollout(self.dynamics, episode, source, &mut end, |step, state| {
            activity_cost += self.regularisers(episode, step).cost(&self.dynamics.plan, state);
            let next = step + 1;
            if starts.next_if_eq(&next).is_some() {
                checkpoints.push(TapeCheckpoint::new(state, episode.resets_state_before(next)));
            }
        });
        (EpisodeRun { counts, activity_cost, checkpoints, end: None, life: None }, end)
    }

    fn regularisers(self, episode: &Episode, step: usize) -> RegulariserWeights {
        RegulariserWeights::new(&self.dynamics.plan, episode, step, self.episodes.len())
    }

    /// The gradient of a loss whose gradient with respect to all counts and all costs is given.
    pub(crate) fn backward(
        self,
        checkpoints: &[Vec<TapeCheckpoint>],
        lives: &mut [Option<EndedLife>],
        outer: OuterGradient<'_>,
    ) -> Tensors {
        let plan = &self.dynamics.plan;
        let mut tapes = self.tapes(checkpoints, lives, outer);
        let group = group(self.episodes.len());
        let workspaces = Mutex::new(Vec::new());
        let groups = tapes.par_chunks_mut(group).with_max_len(1).map(|tapes| {
            let free = workspaces.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut workspace = free.unwrap_or_else(|| self.workspace());
            let mut gradient = Tensors::zeros(plan);
            for tape in tapes {
                self.episode_back(tape, &mut workspace, &mut gradient);
                gradient.readout_gain += tape.outer.gain_gradient();
            }
            workspaces.lock().unwrap_or_else(PoisonError::into_inner).push(workspace);
            gradient
        });
        let groups = groups.collect::<Vec<_>>();
        let mut sum = Tensors::zeros(plan);
        groups.iter().for_each(|group| sum.add(group));
        sum
    }

    /// As [`backward`](Self::backward), of every episode alone; `flatten` makes the part of each, and the parts are added.
    pub(crate) fn clipped_backward(
        self,
        checkpoints: &[Vec<TapeCheckpoint>],
        lives: &mut [Option<EndedLife>],
        outer: OuterGradient<'_>,
        flatten: impl Fn(&Tensors) -> Vec<f32> + Sync,
    ) -> Vec<f32> {
        let mut tapes = self.tapes(checkpoints, lives, outer);
        let parts = tapes.par_iter_mut().with_max_len(1).map_init(
            || self.workspace(),
            |workspace, tape| {
                let mut gradient = Tensors::zeros(&self.dynamics.plan);
                self.episode_back(tape, workspace, &mut gradient);
                gradient.readout_gain += tape.outer.gain_gradient();
                flatten(&gradient)
            },
        );
        let parts = parts.collect::<Vec<_>>();
        let add = |mut sum: Vec<f32>, part: Vec<f32>| {
            sum.iter_mut().zip(part).for_each(|(sum, value)| *sum += value);
            sum
        };
        parts.into_iter().reduce(add).unwrap_or_default()
    }

    fn workspace(self) -> Workspace {
        let plan = &self.dynamics.plan;
        Workspace { states: vec![LifetimeState::new(plan); self.segment + 1], adjoint: Adjoint::new(plan) }
    }

    fn tapes<'t>(
        self,
        checkpoints: &'t [Vec<TapeCheckpoint>],
        lives: &'t mut [Option<EndedLife>],
        mut outer: OuterGradient<'t>,
    ) -> Vec<EpisodeTape<'t>>
    where
        'a: 't,
    {
        let episodes = self.episodes.iter().zip(checkpoints).zip(lives);
        let tapes = episodes.map(|((episode, checkpoints), life)| {
            let values = outer.take_counts(episode.decisions.len() * self.dynamics.plan.classes());
            let counts = CountGradient { decisions: &episode.decisions, values };
            let gain = self.dynamics.values.readout_gain as f32;
            let world = life.as_mut().map(|life| WorldAdjoint::new(life, outer.take_costs(episode.steps), gain));
            EpisodeTape { episode, checkpoints, outer: EpisodeAdjoint { counts, world } }
        });
        tapes.collect()
    }

    fn episode_back(
        self,
        tape: &mut EpisodeTape<'_, impl OuterAdjoint>,
        workspace: &mut Workspace,
        gradient: &mut Tensors,
    ) {
        workspace.adjoint.clear();
        let segments = segments(tape.episode, self.segment).into_iter().zip(tape.checkpoints).collect::<Vec<_>>();
        for (steps, checkpoint) in segments.into_iter().rev() {
            let start = steps.start;
            checkpoint.restore(&mut workspace.states[0]);
            self.run_again(tape.episode, steps.clone(), &mut workspace.states);
            self.segment_back(tape, steps, workspace, gradient);
            if tape.episode.resets_state_before(start) {
                workspace.adjoint.reset_state();
            }
        }
        // What an episode begins with is a constant: the same cut as that of truncation.
        workspace.adjoint.cut(&workspace.states[0], gradient);
    }

    /// Calculates the states of a segment again, from the one before it.
    fn run_again(self, episode: &Episode, steps: Range<usize>, states: &mut [LifetimeState]) {
        let start = steps.start;
        for step in steps {
            let (done, ahead) = states.split_at_mut(step - start + 1);
            run_step(self.dynamics, StepInput::of(episode, step), &done[step - start], &mut ahead[0]);
        }
    }

    fn segment_back(
        self,
        tape: &mut EpisodeTape<'_, impl OuterAdjoint>,
        steps: Range<usize>,
        workspace: &mut Workspace,
        gradient: &mut Tensors,
    ) {
        let Workspace { states, adjoint } = workspace;
        let start = steps.start;
        for step in steps.rev() {
            let (before, after) = (&states[step - start], &states[step - start + 1]);
            let regularisers = self.regularisers(tape.episode, step);
            let context = StepContext { dynamics: self.dynamics, step, regularisers, before, after };
            context.back(&mut tape.outer, adjoint, gradient);
        }
    }
}

/// The checkpoint of the state that an episode begins with.
fn first_checkpoint(episode: &Episode, start: Option<&CarriedState>, state: &LifetimeState) -> TapeCheckpoint {
    let Some(CarriedState { transient, .. }) = start else { return TapeCheckpoint::Initial };
    TapeCheckpoint::new(state, transient.is_none() || episode.resets_state_before(0))
}

#[cfg(test)]
mod tests;
