//! Dense projections backward: `dW_ij += s_i dI_j`, `dP_ij += s_i dI_j`, `ds_i += sum_j (W_ij + P_ij) dI_j`.

use super::projection::ProjectionStep;
use crate::lifetime::fused::aligned::Aligned;
use crate::lifetime::fused::kernel::propagate::{SpikeAdjoint, WeightAdjoint};

/// Adds the gradients of the weights and of the plastic weights, from `dI` of the postsynaptic population.
pub(crate) fn weights_back(
    step: ProjectionStep<'_>,
    current: &[f32],
    weights: &mut Aligned,
    plastic: &mut Aligned,
) {
    let panels = step.wiring().shape.panels();
    step.dynamics.configuration.backend.run(WeightAdjoint {
        sources: step.sources(),
        current: &current.as_chunks().0[..panels],
        weights: weights.octets_mut(),
        plastic: plastic.octets_mut(),
    });
}

/// Adds the gradient of the presynaptic spikes, from `dI` of the postsynaptic population.
pub(crate) fn spikes_back(step: ProjectionStep<'_>, current: &[f32], spikes: &mut [f32]) {
    let shape = step.wiring().shape;
    step.dynamics.configuration.backend.run(SpikeAdjoint {
        rows: shape.pre,
        weights: step.dynamics.values.projections[step.index].weights.octets(),
        plastic: step.before.synapses[step.index].plastic.octets(),
        current: &current.as_chunks().0[..shape.panels()],
        spikes,
    });
}
