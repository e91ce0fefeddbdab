//! Adds up the class scores of the readout in each decision's window, and passes the gradient with respect to them
//! back to the spikes, or to the potentials of graded neurons.

use std::ops::Range;

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
        let readout = usize::from(self.plan.readout.population);
        let neurons = &state.neurons[readout];
        let graded = self.plan.populations[readout].is_graded();
        let values = if graded { neurons.potential() } else { &neurons.spikes().values };
        for (decision, counts) in self.decisions.iter().zip(self.counts.chunks_exact_mut(self.plan.classes())) {
            if window(decision).contains(&step) {
                let classes = values.chunks_exact(usize::from(self.plan.readout.neurons_per_class));
                counts.iter_mut().zip(classes).for_each(|(count, class)| *count += class.iter().sum::<f32>());
            }
        }
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

impl CountGradient<'_> {
    /// Adds to the gradient of a step's readout values, spikes or potentials, what the counts pass on to them.
    pub(crate) fn add_to(self, plan: &Plan, step: usize, readout: &mut [f32]) {
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
