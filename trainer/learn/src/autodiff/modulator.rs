//! Modulator populations in one step: `u_k = a_m u_k + I_k`, `m_k = shrink(tanh(u_k), d)`.

use dfdx::prelude::*;
use metaplastic_shared::network::Modulator;

use super::activity::TapedPopulationState;
use super::parameters::TapedParameters;
use super::tensor::{Matrix, Precision, TapedScalar, scale};
use crate::lifetime::dead_zone::dead_zone;
use crate::model::Parameter;

/// The parameters of a modulator population, in the units of the equations.
pub(super) struct ModulatorNeurons<E: Precision> {
    decay: TapedScalar<E>,
    /// d, if there is one.
    dead_zone: Option<E>,
}

impl<E: Precision> ModulatorNeurons<E>
where
    Cpu: Device<E>,
{
    /// The parameters of population `index`.
    pub(super) fn new(parameters: &TapedParameters<'_, E>, index: usize, modulator: Modulator) -> Self {
        Self {
            decay: parameters.decay(Parameter::ModulatorDecay(index)),
            dead_zone: (modulator.dead_zone > 0).then(|| E::from(dead_zone(modulator))),
        }
    }

    /// One step from the input current, `[episodes, neurons]`.
    pub(super) fn step(&self, activity: &mut TapedPopulationState<E>, current: Matrix<E>) {
        let potential = scale(&self.decay, activity.potential.clone()) + current;
        activity.modulation = self.shrink(potential.clone().tanh());
        activity.potential = potential;
    }

    /// `t - clamp(t, -d, d)`. Without a dead zone `t` itself: the clamp would take the gradient at `t = 0`.
    fn shrink(&self, value: Matrix<E>) -> Matrix<E> {
        match self.dead_zone {
            None => value,
            Some(zone) => value.clone() - value.clamp(E::default() - zone, zone),
        }
    }
}
