//! The list of projection kinds: the currents that each brings to its postsynaptic population, one line per kind.

use super::{convolution, dense};
use crate::lifetime::fused::dynamics::Dynamics;
use crate::lifetime::fused::kernel::propagate::Sources;
use crate::lifetime::fused::state::LifetimeState;

/// Adds the currents of all projections onto a population.
pub(crate) fn add_inputs(
    dynamics: &Dynamics,
    population: usize,
    before: &LifetimeState,
    after: &LifetimeState,
    current: &mut [f32],
) {
    for index in dynamics.plan.populations[population].incoming.iter().copied() {
        let sources = sources(dynamics, index, before, after);
        match &dynamics.plan.projections[index].windows {
            None => dense::propagate(dynamics, index, sources, &before.synapses[index], current),
            Some(windows) => convolution::propagate(dynamics, index, windows, sources, current),
        }
    }
}

/// The spikes or analog values that a projection carries in a step.
pub(crate) fn sources<'s>(
    dynamics: &Dynamics,
    projection: usize,
    before: &'s LifetimeState,
    after: &'s LifetimeState,
) -> Sources<'s> {
    let wiring = &dynamics.plan.projections[projection];
    let outputs = if wiring.recurrent { before } else { after }.neurons[wiring.pre].outputs();
    Sources { rows: wiring.shape.pre, active: &outputs.active, outputs: &outputs.values }
}
