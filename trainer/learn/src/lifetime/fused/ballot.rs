//! Counts the readout's votes in each decision's window, and hands the counts' gradient back to them: spikes, or the
//! potentials of graded neurons.

use std::ops::Range;

use super::plan::Plan;
use super::state::State;
use metaplastic_task::episode::{Decision, Episode};

/// The counts of one lifetime.
pub(super) struct Ballot<'a> {
    plan: &'a Plan,
    decisions: &'a [Decision],
    /// `[decisions, classes]`.
    pub(super) counts: Vec<f32>,
}

impl<'a> Ballot<'a> {
    /// Zero counts.
    pub(super) fn new(plan: &'a Plan, episode: &'a Episode) -> Self {
        let counts = vec![0.0; episode.decisions.len() * plan.classes()];
        Self { plan, decisions: &episode.decisions, counts }
    }

    /// Counts a step's votes.
    pub(super) fn count(&mut self, step: usize, state: &State) {
        let readout = usize::from(self.plan.readout.population);
        let neurons = &state.neurons[readout];
        let voices = if self.plan.populations[readout].is_graded() { &neurons.potential } else { &neurons.spikes };
        for (decision, counts) in self.decisions.iter().zip(self.counts.chunks_exact_mut(self.plan.classes())) {
            if window(decision).contains(&step) {
                let votes = voices.chunks_exact(usize::from(self.plan.readout.neurons_per_class));
                counts.iter_mut().zip(votes).for_each(|(count, votes)| *count += votes.iter().sum::<f32>());
            }
        }
    }
}

/// Adds to the gradient of a step's readout spikes or potentials what the decisions' counts pass on to them.
pub(super) fn add_count_gradient(
    plan: &Plan,
    decisions: &[Decision],
    gradient: &[f32],
    step: usize,
    voices: &mut [f32],
) {
    for (decision, gradient) in decisions.iter().zip(gradient.chunks_exact(plan.classes())) {
        if window(decision).contains(&step) {
            let votes = voices.chunks_exact_mut(usize::from(plan.readout.neurons_per_class));
            votes.zip(gradient).for_each(|(votes, gradient)| votes.iter_mut().for_each(|vote| *vote += gradient));
        }
    }
}

fn window(decision: &Decision) -> Range<usize> {
    decision.start..decision.end
}
