//! The list of projection kinds: from `dI` of a population to the weights of the projections onto it and to the
//! spikes that those carried, one line a kind.

use super::adjoint::Adjoint;
use super::projection::ProjectionStep;
use super::{convolution, dense};
use crate::lifetime::fused::dynamics::Dynamics;
use crate::lifetime::fused::state::LifetimeState;
use crate::lifetime::fused::tensors::Tensors;

/// A population in a step that is gone back over.
#[derive(Clone, Copy)]
pub(crate) struct PopulationStep<'a> {
    /// The network.
    pub(crate) dynamics: &'a Dynamics,
    /// Which population.
    pub(crate) index: usize,
    /// State before the step.
    pub(crate) before: &'a LifetimeState,
    /// State after the step.
    pub(crate) after: &'a LifetimeState,
}

impl PopulationStep<'_> {
    /// Through every projection onto the population; the gradient of input spikes is not needed.
    pub(crate) fn propagate_back(self, adjoint: &mut Adjoint, gradient: &mut Tensors) {
        let Self { dynamics, index: population, before, after } = self;
        let current = std::mem::take(&mut adjoint.populations[population].ports.current);
        for index in dynamics.plan.populations[population].incoming.iter().copied() {
            let step = ProjectionStep { dynamics, index, before, after };
            projection_back(step, &current, adjoint, gradient);
        }
        adjoint.populations[population].ports.current = current;
    }
}

fn projection_back(step: ProjectionStep<'_>, current: &[f32], adjoint: &mut Adjoint, gradient: &mut Tensors) {
    let wiring = step.wiring();
    let weights = &mut gradient.projections[step.index].weights;
    if wiring.windows.is_some() && current.iter().all(|current| *current == 0.0) {
        return;
    }
    match &wiring.windows {
        None => dense::weights_back(step, current, weights, &mut adjoint.synapses[step.index].plastic),
        Some(windows) => convolution::weights_back(step, windows, current, weights),
    }
    if wiring.from_input {
        return;
    }
    let spikes = adjoint.populations[wiring.pre].ports.sent(wiring.recurrent);
    match &wiring.windows {
        None => dense::spikes_back(step, current, spikes),
        Some(windows) => convolution::spikes_back(step, windows, current, spikes),
    }
}
