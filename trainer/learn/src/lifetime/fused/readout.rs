//! Adds up the class scores of the readout in each decision's window, and passes the gradient with respect to them
//! back to the spikes, or to the potentials of graded neurons.

use std::ops::Range;

use super::backward::OuterAdjoint;
use super::plan::Plan;
use super::state::LifetimeState;
use metaplastic_task::episode::{Decision, Episode};

/// The counts of one lifetime: the class scores of every decision.
pub(crate) struct ReadoutAccumulator<'a> {
    plan: &'a Plan,
    decisions: &'a [Decision],
    /// `[decisions, classes]`.
    pub(crate) counts: Vec<f32>,
}

impl<'a> ReadoutAccumulator<'a> {
    /// Zero counts.
    pub(crate) fn new(plan: &'a Plan, episode: &'a Episode) -> Self {
        let counts = vec![0.0; episode.decisions.len() * plan.classes()];
        Self { plan, decisions: &episode.decisions, counts }
    }

    /// Adds a step's class scores.
    pub(crate) fn add(&mut self, step: usize, state: &LifetimeState) {
        let values = readout_values(self.plan, state);
        for (decision, counts) in self.decisions.iter().zip(self.counts.chunks_exact_mut(self.plan.classes())) {
            if window(decision).contains(&step) {
                let classes = values.chunks_exact(usize::from(self.plan.readout.neurons_per_class));
                counts.iter_mut().zip(classes).for_each(|(count, class)| *count += class.iter().sum::<f32>());
            }
        }
    }
}

/// What is read out after a step, padded: spikes of the readout's neurons, or the potentials of graded ones.
pub(crate) fn readout_values<'s>(plan: &Plan, state: &'s LifetimeState) -> &'s [f32] {
    let readout = usize::from(plan.readout.population);
    let neurons = &state.neurons[readout];
    if plan.populations[readout].is_graded() { neurons.potential() } else { &neurons.spikes().values }
}

/// What the readout answers in a step: commands, `gain` times the sum of the potentials of each one's neurons, or the class
/// scores of the step.
pub(crate) fn answer(plan: &Plan, gain: f32, values: &[f32], answers: &mut [f32]) {
    let groups = values.chunks_exact(usize::from(plan.readout.neurons_per_class));
    let gain = if plan.has_commands() { gain } else { 1.0 };
    for (answer, group) in answers.iter_mut().zip(groups) {
        *answer = gain * group.iter().sum::<f32>();
    }
}

/// The gradient of a loss with respect to the counts of an episode.
#[derive(Clone, Copy)]
pub(crate) struct CountGradient<'a> {
    /// The episode's decisions.
    pub(crate) decisions: &'a [Decision],
    /// `[decisions, classes]`.
    pub(crate) values: &'a [f32],
}

impl OuterAdjoint for CountGradient<'_> {
    fn add_readout_gradient(&mut self, plan: &Plan, step: usize, readout: &mut [f32]) {
        for (decision, gradient) in self.decisions.iter().zip(self.values.chunks_exact(plan.classes())) {
            if window(decision).contains(&step) {
                let classes = readout.chunks_exact_mut(usize::from(plan.readout.neurons_per_class));
                let classes = classes.zip(gradient);
                classes.for_each(|(class, gradient)| class.iter_mut().for_each(|value| *value += gradient));
            }
        }
    }
}

fn window(decision: &Decision) -> Range<usize> {
    decision.start..decision.end
}
