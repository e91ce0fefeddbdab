//! Convolutions forward: `I_qd += s_pc W[u,v][c,d]` for every window that covers a spiking neuron.

use crate::lifetime::fused::dynamics::Dynamics;
use crate::lifetime::fused::kernel::convolve::Convolve;
use crate::lifetime::fused::kernel::propagate::Sources;
use crate::lifetime::fused::map::MapShape;
use crate::lifetime::fused::windows::Windows;

/// Adds the current of projection `index`.
pub(crate) fn propagate(
    dynamics: &Dynamics,
    index: usize,
    windows: &Windows,
    sources: Sources<'_>,
    current: &mut [f32],
) {
    let weights = dynamics.values.projections[index].weights.octets();
    MapShape::after(windows).with_octets(current, |current| {
        dynamics.configuration.backend.run(Convolve { sources, windows, weights, current });
    });
}
