//! Convolutions backward: `dW[u,v][c,d] += s_pc dI_qd` for every window that covers a spiking neuron, and
//! `ds_pc += sum_d W[u,v][c,d] dI_qd` for all.

use super::projection::ProjectionStep;
use crate::lifetime::fused::aligned::Aligned;
use crate::lifetime::fused::kernel::convolve::{ConvolutionSpikeAdjoint, ConvolutionWeightAdjoint};
use crate::lifetime::fused::map::MapShape;
use crate::lifetime::fused::windows::Windows;

/// Adds the gradient of the weights, from `dI` of the postsynaptic population.
pub(crate) fn weights_back(step: ProjectionStep<'_>, windows: &Windows, current: &[f32], weights: &mut Aligned) {
    let mut copy = Vec::new();
    step.dynamics.configuration.backend.run(ConvolutionWeightAdjoint {
        sources: step.sources(),
        windows,
        current: MapShape::after(windows).octets_of(current, &mut copy),
        weights: weights.octets_mut(),
    });
}

/// Adds the gradient of the presynaptic spikes, from `dI` of the postsynaptic population.
pub(crate) fn spikes_back(step: ProjectionStep<'_>, windows: &Windows, current: &[f32], spikes: &mut [f32]) {
    let transposed = step.dynamics.values.projections[step.index].transposed.octets();
    MapShape::before(windows).with_octets(spikes, |spikes| {
        let backend = step.dynamics.configuration.backend;
        backend.run(ConvolutionSpikeAdjoint { windows, transposed, current, spikes });
    });
}
