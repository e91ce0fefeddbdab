//! The list of projection kinds: from `dI` of a population to the weights of the projections onto it and to the
//! spikes that those carried, one line per kind.

use super::adjoint::Adjoint;
use super::projection::ProjectionStep;
use super::{convolution, dense};
use crate::lifetime::fused::tensors::Tensors;

/// The backward step through a projection, from the gradient of the current onto its postsynaptic population. The
/// gradient of input spikes is not needed, and that of analog values only where it is asked for.
pub(crate) fn projection_back(
    step: ProjectionStep<'_>,
    current: &[f32],
    adjoint: &mut Adjoint,
    gradient: &mut Tensors,
) {
    let wiring = step.wiring();
    let weights = &mut gradient.projections[step.index].weights;
    if wiring.windows.is_some() && current.iter().all(|current| *current == 0.0) {
        return;
    }
    match &wiring.windows {
        None => dense::weights_back(step, current, weights, &mut adjoint.synapses[step.index].plastic),
        Some(windows) => convolution::weights_back(step, windows, current, weights),
    }
    if wiring.from_input || wiring.from_analog && !step.dynamics.configuration.analog_gradient {
        return;
    }
    let spikes = adjoint.populations[wiring.pre].ports.sent(wiring.recurrent);
    match &wiring.windows {
        None => dense::spikes_back(step, current, spikes),
        Some(windows) => convolution::spikes_back(step, windows, current, spikes),
    }
}
