//! LIF populations in one step:
//!
//! ```text
//! i_j = a_i i_j + I_j                              only with a synaptic current; else i_j = I_j
//! v_j = a_v v_j + i_j - theta s_j(t-1);  d_j = v_j - (theta + beta a_j);  s_j = spike(d_j) unless refractory
//! a_j = rho a_j + (1 - rho) s_j
//! ```
//!
//! Graded neurons have s = 0 always. Where the input current `I` comes from is not known here.

use dfdx::prelude::*;
use metaplastic_shared::network::{DecayScope, Lif};

use super::activity::TapedPopulationState;
use super::parameters::TapedParameters;
use super::spike::spike;
use super::tensor::{ConstantSource, Matrix, Precision, Row, TapedScalar, detached, leak, scale};
use crate::lifetime::{Spiking, THRESHOLD};
use crate::model::Parameter;

/// The parameters of a LIF population, in the units of the equations.
pub(super) struct LifNeurons<E: Precision> {
    bias: Row<E>,
    membrane_decay: DecayTensors<E>,
    synapse_decay: Option<DecayTensors<E>>,
    adaptation: Option<AdaptationParameters<E>>,
    refractory: u8,
    graded: bool,
    slope: E,
    spiking: Spiking,
}

struct AdaptationParameters<E: Precision> {
    strength: TapedScalar<E>,
    decay: TapedScalar<E>,
}

/// Decays: one of the population, or one of each neuron.
enum DecayTensors<E: Precision> {
    Population(TapedScalar<E>),
    Neurons(Row<E>),
}

impl<E: Precision> DecayTensors<E>
where
    Cpu: Device<E>,
{
    fn new(parameters: &TapedParameters<'_, E>, parameter: Parameter, lif: Lif) -> Self {
        match lif.decay_scope {
            DecayScope::Population => Self::Population(parameters.decay(parameter)),
            DecayScope::Neuron => Self::Neurons(parameters.row(parameter).sigmoid()),
        }
    }

    /// `decay x`.
    fn times(&self, x: Matrix<E>) -> Matrix<E> {
        let shape = *x.shape();
        match self {
            Self::Population(decay) => scale(decay, x),
            Self::Neurons(decays) => x * decays.clone().broadcast_like::<_, Axis<0>>(&shape),
        }
    }
}

impl<E: Precision> LifNeurons<E>
where
    Cpu: Device<E>,
{
    /// The parameters of population `index`.
    pub(super) fn new(
        parameters: &TapedParameters<'_, E>,
        index: usize,
        lif: Lif,
        spiking: Spiking,
        source: &ConstantSource<E>,
    ) -> Self {
        let size = parameters.model.network.populations[index].size.into();
        let decays = |parameter| DecayTensors::new(parameters, parameter, lif);
        let adaptation = lif.adaptive.then(|| AdaptationParameters {
            strength: parameters.positive(Parameter::AdaptationStrength(index)),
            decay: parameters.decay(Parameter::AdaptationDecay(index)),
        });
        Self {
            bias: parameters.repeated(Parameter::Bias(index), size, source),
            membrane_decay: decays(Parameter::MembraneDecay(index)),
            synapse_decay: lif.synaptic.then(|| decays(Parameter::SynapseDecay(index))),
            adaptation,
            refractory: lif.refractory,
            graded: lif.graded,
            slope: E::from(f32::from(parameters.model.network.surrogate_slope)),
            spiking,
        }
    }

    /// One step from the input current, `[episodes, neurons]`.
    pub(super) fn step(
        &self,
        activity: &mut TapedPopulationState<E>,
        current: Matrix<E>,
        source: &ConstantSource<E>,
    ) {
        let shape = *current.shape();
        let theta = E::from(THRESHOLD);
        let input = current + self.bias.clone().broadcast_like::<_, Axis<0>>(&shape);
        let input = self.filtered(input, activity);
        let potential =
            self.membrane_decay.times(activity.potential.clone()) + input - self.reset(activity) * theta;
        let distance = self.distance(&potential, activity) - theta;
        activity.potential = potential;
        activity.distance = distance.clone();
        if self.graded {
            return;
        }
        let allowed = refract(&mut activity.refractory, self.refractory, &distance.as_vec());
        let spikes = spike(distance, self.slope, self.spiking) * source.tensor(allowed, shape);
        if let Some(AdaptationParameters { decay, .. }) = &self.adaptation {
            activity.adaptation = leak(decay, activity.adaptation.clone(), spikes.clone());
        }
        activity.spikes = spikes;
    }

    /// The synaptic current, or the input itself.
    fn filtered(&self, input: Matrix<E>, activity: &mut TapedPopulationState<E>) -> Matrix<E> {
        let Some(decay) = &self.synapse_decay else { return input };
        let synapse = decay.times(activity.synapse.clone()) + input;
        activity.synapse = synapse.clone();
        synapse
    }

    /// `s(t-1)` as the reset reads it.
    fn reset(&self, activity: &TapedPopulationState<E>) -> Matrix<E> {
        match self.spiking {
            Spiking::Heaviside => detached(&activity.spikes),
            Spiking::Smooth => activity.spikes.clone(),
        }
    }

    /// `v - beta a`, with `a` of the last step.
    fn distance(&self, potential: &Matrix<E>, activity: &TapedPopulationState<E>) -> Matrix<E> {
        match &self.adaptation {
            None => potential.clone(),
            Some(AdaptationParameters { strength, .. }) => {
                potential.clone() - scale(strength, activity.adaptation.clone())
            }
        }
    }
}

/// 1 where a neuron may spike in this step and 0 where it is refractory; counts the steps that are left.
fn refract<E: Precision>(left: &mut [u8], refractory: u8, distance: &[E]) -> Vec<E> {
    let one = |(left, distance): (&mut u8, &E)| {
        let allowed = *left == 0;
        let spikes = allowed && *distance >= E::default();
        *left = if spikes { refractory } else { left.saturating_sub(1) };
        if allowed { E::ONE } else { E::default() }
    };
    left.iter_mut().zip(distance).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spike_silences_the_refractory_steps_after_it() {
        let mut left = [0];
        let mut step = |distance: f64| refract(&mut left, 2, &[distance])[0];
        assert_eq!([0.5, 0.5, 0.5, 0.0, 0.5, -0.5, -0.5].map(&mut step), [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0]);
    }
}
