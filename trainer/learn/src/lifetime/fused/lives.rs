//! Lifetimes of a batch: forward with checkpoints, backward segment by segment.
//!
//! Only the state at every segment's start is kept, of a start after a rest only the plastic weights; backward, a segment's states are calculated again and kept
//! while the adjoint passes over them, so that they stay in cache. Episodes are spread over threads; gradients
//! are summed over fixed groups of episodes and the groups in order, so that the number of threads changes no bit.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use metaplastic_shared::network::PopulationKind;
use rayon::prelude::*;

use super::adjoint::{Adjoint, Passage, Prices};
use super::aligned::Aligned;
use super::dynamics::Dynamics;
use super::plan::Plan;
use super::state::State;
use super::tensors::Tensors;
use crate::lifetime::modulation_cost::{self, SMOOTHING, magnitude};
use crate::lifetime::spike_cost::{self, crowding};
use metaplastic_task::episode::Episode;

/// Most groups whose gradients are kept apart.
const GROUPS: usize = 64;

/// What a lifetime leaves behind.
pub(super) struct Life {
    /// `[decisions, classes]`.
    pub(super) counts: Vec<f32>,
    /// Its share in the cost of modulation and of spikes.
    pub(super) activity_cost: f64,
    /// The state at the start of every segment but the first.
    pub(super) checkpoints: Vec<Checkpoint>,
}

/// The state at the start of a segment.
#[derive(Debug)]
pub(super) enum Checkpoint {
    /// All of it.
    Whole(State),
    /// The plastic weights by projection; all else is zero.
    Rested(Vec<Aligned>),
}

impl Checkpoint {
    /// Of a state, before the rest if there is one.
    fn new(state: &State, rests: bool) -> Self {
        if !rests {
            return Self::Whole(state.clone());
        }
        Self::Rested(state.synapses.iter().map(|synapses| synapses.plastic.clone()).collect())
    }

    fn restore(&self, state: &mut State) {
        match self {
            Self::Whole(whole) => state.clone_from(whole),
            Self::Rested(plastic) => {
                state.rest();
                let synapses = state.synapses.iter_mut().zip(plastic);
                synapses.for_each(|(synapses, plastic)| synapses.plastic.clone_from(plastic));
            }
        }
    }
}

/// Working memory, one for each group at work: the states of a segment, and the adjoint.
struct Desk {
    states: Vec<State>,
    adjoint: Adjoint,
}

impl Desk {
    fn new(plan: &Plan, segment: usize) -> Self {
        Self { states: vec![State::new(plan); segment + 1], adjoint: Adjoint::new(plan) }
    }
}

impl Dynamics {
    /// Runs all episodes.
    pub(super) fn forward(&self, episodes: &[Episode], segment: usize) -> Vec<Life> {
        let life = |episode| self.live_with_checkpoints(episode, segment, episodes.len());
        episodes.par_iter().with_max_len(1).map(life).collect()
    }

    fn live_with_checkpoints(&self, episode: &Episode, segment: usize, episodes: usize) -> Life {
        let mut starts = segments(episode, segment).into_iter().skip(1).map(|steps| steps.start).peekable();
        let mut checkpoints = Vec::with_capacity(starts.len());
        let mut activity_cost = 0.0;
        let counts = self.live(episode, |step, state| {
            activity_cost += self.cost(self.prices(episode, step, episodes), state);
            let next = step + 1;
            if starts.next_if_eq(&next).is_some() {
                checkpoints.push(Checkpoint::new(state, episode.resets_state_before(next)));
            }
        });
        Life { counts, activity_cost, checkpoints }
    }

    fn prices(&self, episode: &Episode, step: usize, episodes: usize) -> Prices {
        Prices {
            modulation: modulation_cost::price(self.plan.modulation_cost, episode, step, episodes),
            spikes: spike_cost::price(self.plan.spike_cost, episode, episodes),
        }
    }

    /// What the modulators and the spikes of a state cost.
    fn cost(&self, prices: Prices, state: &State) -> f64 {
        if prices.modulation == 0.0 && prices.spikes == 0.0 {
            return 0.0;
        }
        let populations = self.plan.populations.iter().zip(&state.neurons);
        let costs = populations.map(|(plan, neurons)| match plan.kind {
            PopulationKind::Modulator(_) => prices.modulation * (magnitude(&neurons.modulation) - SMOOTHING),
            PopulationKind::Lif(_) => prices.spikes * crowding(&neurons.spikes[..plan.size]).0,
            PopulationKind::Input => 0.0,
        });
        f64::from(costs.sum::<f32>())
    }

    /// The gradient of a loss whose gradient with respect to each episode's counts is given.
    pub(super) fn backward(
        &self,
        episodes: &[Episode],
        checkpoints: &[Vec<Checkpoint>],
        count_gradient: &[f32],
        segment: usize,
    ) -> Tensors {
        let jobs = self.jobs(episodes, checkpoints, count_gradient);
        let group = episodes.len().div_ceil(GROUPS).max(1);
        let desks = Mutex::new(Vec::new());
        let groups = jobs.par_chunks(group).with_max_len(1).map(|jobs| {
            let free = desks.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut desk = free.unwrap_or_else(|| Desk::new(&self.plan, segment));
            let mut gradient = Tensors::zeros(&self.plan);
            jobs.iter().for_each(|job| self.live_back(*job, segment, &mut desk, &mut gradient));
            desks.lock().unwrap_or_else(PoisonError::into_inner).push(desk);
            gradient
        });
        let groups = groups.collect::<Vec<_>>();
        let mut sum = Tensors::zeros(&self.plan);
        groups.iter().for_each(|group| sum.add(group));
        sum
    }

    fn jobs<'a>(
        &self,
        episodes: &'a [Episode],
        checkpoints: &'a [Vec<Checkpoint>],
        count_gradient: &'a [f32],
    ) -> Vec<Job<'a>> {
        let mut rest = count_gradient;
        let jobs = episodes.iter().zip(checkpoints).map(|(episode, checkpoints)| {
            let (count_gradient, others) = rest.split_at(episode.decisions.len() * self.plan.classes());
            rest = others;
            Job { episode, checkpoints, count_gradient, episodes: episodes.len() }
        });
        jobs.collect()
    }

    fn live_back(&self, job: Job<'_>, segment: usize, desk: &mut Desk, gradient: &mut Tensors) {
        let Job { episode, checkpoints, count_gradient, episodes } = job;
        let Desk { states, adjoint } = desk;
        adjoint.clear();
        let birth = Checkpoint::new(&State::new(&self.plan), true);
        let starts = std::iter::once(&birth).chain(checkpoints);
        for (steps, checkpoint) in
            segments(episode, segment).into_iter().zip(starts).collect::<Vec<_>>().into_iter().rev()
        {
            let start = steps.start;
            checkpoint.restore(&mut states[0]);
            for step in steps.clone() {
                let (done, ahead) = states.split_at_mut(step - start + 1);
                self.step(episode, step, &done[step - start], &mut ahead[0]);
            }
            for step in steps.rev() {
                let (before, after) = (&states[step - start], &states[step - start + 1]);
                let prices = self.prices(episode, step, episodes);
                let passage = Passage { episode, count_gradient, prices, step, before, after };
                self.step_back(passage, adjoint, gradient);
            }
            if episode.resets_state_before(start) {
                adjoint.rest();
            }
        }
    }
}

/// One episode's part of the backward pass.
#[derive(Clone, Copy)]
struct Job<'a> {
    episode: &'a Episode,
    checkpoints: &'a [Checkpoint],
    count_gradient: &'a [f32],
    /// How many there are in all.
    episodes: usize,
}

/// The steps of each segment: they end at every rest, and are not longer than `longest`.
fn segments(episode: &Episode, longest: usize) -> Vec<Range<usize>> {
    let rests = episode.state_resets.iter().copied().filter(|step| (1..episode.steps).contains(step));
    let starts = std::iter::once(0).chain(rests.clone());
    let lives = starts.zip(rests.chain([episode.steps]));
    let cut = |(start, end): (usize, usize)| {
        (start..end).step_by(longest).map(move |from| from..(from + longest).min(end))
    };
    lives.flat_map(cut).collect()
}

/// The shortest segment, from `wanted` on, with which the checkpoints of all episodes fit `limit` bytes.
pub(super) fn segment_length(episodes: &[Episode], state_bytes: usize, wanted: usize, limit: usize) -> usize {
    let steps = episodes.iter().map(|episode| episode.steps).sum::<usize>();
    wanted.max((steps * state_bytes).div_ceil(limit.max(1))).min(steps.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_end_at_rests() {
        let episode = Episode { steps: 9, state_resets: vec![0, 2, 7], ..Episode::default() };
        assert_eq!(segments(&episode, 3), [0..2, 2..5, 5..7, 7..9]);
        assert_eq!(segments(&Episode { steps: 5, ..Episode::default() }, 3), [0..3, 3..5]);
    }

    #[test]
    fn segments_grow_when_checkpoints_would_not_fit() {
        let episodes = vec![Episode { steps: 1000, ..Episode::default() }; 4];
        assert_eq!(segment_length(&episodes, 100, 16, 1 << 30), 16);
        assert_eq!(segment_length(&episodes, 100, 16, 10_000), 40);
        assert_eq!(segment_length(&[], 100, 16, 10_000), 1);
    }
}
