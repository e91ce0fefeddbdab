//! The regularisers of activity, terms of the loss that the engine itself knows: their values and, of spikes, the
//! gradient.

use metaplastic_task::episode::Episode;

use super::plan::Plan;
use super::population::PopulationState;
use super::state::LifetimeState;
use crate::lifetime::modulation_cost::{self, SMOOTHING, magnitude};
use crate::lifetime::spike_cost::{self, spike_regulariser};

/// The weights of the regularisers in a step.
#[derive(Clone, Copy)]
pub(crate) struct RegulariserWeights {
    /// The loss's gradient with respect to the norm of a modulator population.
    pub(crate) modulation: f32,
    /// The loss's gradient with respect to the squared fraction of a LIF population that spikes.
    pub(crate) spikes: f32,
}

impl RegulariserWeights {
    /// Those of a step of one of `episodes` episodes.
    pub(crate) fn new(plan: &Plan, episode: &Episode, step: usize, episodes: usize) -> Self {
        Self {
            modulation: modulation_cost::regulariser_weight(plan.modulation_cost, episode, step, episodes),
            spikes: spike_cost::regulariser_weight(plan.spike_cost, episode, episodes),
        }
    }

    /// What a state adds to the loss.
    pub(crate) fn cost(self, plan: &Plan, state: &LifetimeState) -> f64 {
        if self.modulation == 0.0 && self.spikes == 0.0 {
            return 0.0;
        }
        let populations = plan.populations.iter().zip(&state.neurons);
        let costs = populations.map(|(plan, neurons)| match neurons {
            PopulationState::Input(_) | PopulationState::Analog(_) => 0.0,
            PopulationState::Lif(state) => self.spikes * spike_regulariser(&state.spikes.values[..plan.size]).value,
            PopulationState::Modulator(state) => self.modulation * (magnitude(&state.modulation) - SMOOTHING),
        });
        f64::from(costs.sum::<f32>())
    }
}

/// Adds the gradient of the regulariser of spikes to the adjoint of the spikes of a population of `size` neurons.
pub(crate) fn add_spike_gradient(weights: RegulariserWeights, spikes: &[f32], size: usize, adjoint: &mut [f32]) {
    if weights.spikes == 0.0 {
        return;
    }
    let gradient = weights.spikes * spike_regulariser(&spikes[..size]).gradient;
    adjoint.iter_mut().take(size).for_each(|spike| *spike += gradient);
}
