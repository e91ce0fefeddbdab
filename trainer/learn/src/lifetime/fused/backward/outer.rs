//! What a lifetime's network is part of, one step at a time backwards: what reads its readout and gives its analog values.

use crate::lifetime::fused::plan::Plan;

/// The adjoint of what is behind the readout: a loss of the counts, or a world whose next analog values depend on the
/// readout too. Asked from the last step to the first; truncation of the network's gradient does not cut this one.
pub(crate) trait OuterAdjoint {
    /// Adds to the gradient of the readout's values after a step, spikes or potentials, what is passed on to them.
    fn add_readout_gradient(&mut self, plan: &Plan, step: usize, readout: &mut [f32]);

    /// Takes the gradient of the analog values that the step was given, if the
    /// [configuration](crate::lifetime::fused::configuration::Configuration::analog_gradient) asks for it.
    fn take_analog_gradient(&mut self, step: usize, analog: &[f32]) {
        let _ = (step, analog);
    }
}
