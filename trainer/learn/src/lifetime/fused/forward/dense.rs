//! Dense projections forward: `I_j += sum_i s_i (W_ij + P_ij)`.

use super::plasticity::PlasticState;
use crate::lifetime::fused::dynamics::Dynamics;
use crate::lifetime::fused::kernel::propagate::{Propagate, Sources};

/// Adds the current of projection `index`.
pub(crate) fn propagate(
    dynamics: &Dynamics,
    index: usize,
    sources: Sources<'_>,
    synapses: &PlasticState,
    current: &mut [f32],
) {
    let panels = dynamics.plan.projections[index].shape.panels();
    dynamics.configuration.backend.run(Propagate {
        sources,
        weights: dynamics.values.projections[index].weights.octets(),
        plastic: synapses.plastic.octets(),
        current: &mut current.as_chunks_mut().0[..panels],
    });
}
