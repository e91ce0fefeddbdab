//! One step of a population.
//!
//! ```text
//! LIF        v_j = a_v v_j + I_j - theta s_j(t-1);  d_j = v_j - (theta + beta a_j);  s_j = spike(d_j) unless refractory
//!            a_j = rho a_j + (1 - rho) s_j
//! modulator  u_k = a_m u_k + I_k + sum_n S_nk signal_n;  m_k = shrink(tanh(u_k), d)
//! ```
//!
//! Graded LIF neurons have s = 0 always. Where the input current `I` comes from is not known here.

use std::ops::Range;

use dfdx::prelude::*;
use metaplastic_shared::network::{Lif, Modulator, Network, PopulationKind};

use super::parameters::Parameters;
use super::spike::spike;
use super::tensor::{Matrix, Precision, Row, Scalar, Source, detached, leak, scale};
use crate::lifetime::dead_zone::dead_zone;
use crate::lifetime::{Spiking, THRESHOLD};
use crate::model::Parameter;

/// The parameters of a population, in the units of the equations.
pub(super) enum Neurons<E: Precision> {
    /// Spikes come from outside: these of all input neurons.
    Input(Range<usize>),
    /// Leaky integrate-and-fire.
    Lif(LifNeurons<E>),
    /// Graded modulators.
    Modulator(ModulatorNeurons<E>),
}

pub(super) struct LifNeurons<E: Precision> {
    bias: Row<E>,
    decay: Scalar<E>,
    adaptation: Option<Adaptation<E>>,
    refractory: u8,
    graded: bool,
    slope: E,
    spiking: Spiking,
}

struct Adaptation<E: Precision> {
    strength: Scalar<E>,
    decay: Scalar<E>,
}

pub(super) struct ModulatorNeurons<E: Precision> {
    decay: Scalar<E>,
    /// d, if there is one.
    dead_zone: Option<E>,
    signal_weights: Option<Matrix<E>>,
}

/// The state of a population, each `[episodes, neurons]`; what its kind does not have stays zero.
#[derive(Clone)]
pub(super) struct Activity<E: Precision> {
    /// s.
    pub(super) spikes: Matrix<E>,
    /// v, or u of a modulator.
    pub(super) potential: Matrix<E>,
    /// d.
    pub(super) distance: Matrix<E>,
    /// a.
    adaptation: Matrix<E>,
    /// m.
    pub(super) modulation: Matrix<E>,
    /// Steps for which the neuron still cannot spike.
    refractory: Vec<u8>,
}

impl<E: Precision> Activity<E>
where
    Cpu: Device<E>,
{
    /// At rest.
    pub(super) fn new(source: &Source<E>, shape: (usize, usize)) -> Self {
        let zeros = || source.zeros(shape);
        Self {
            spikes: zeros(),
            potential: zeros(),
            distance: zeros(),
            adaptation: zeros(),
            modulation: zeros(),
            refractory: vec![0; shape.0 * shape.1],
        }
    }
}

impl<E: Precision> Neurons<E>
where
    Cpu: Device<E>,
{
    /// The parameters of population `index`.
    pub(super) fn new(parameters: &Parameters<'_, E>, index: usize, spiking: Spiking, source: &Source<E>) -> Self {
        match parameters.model.network.populations[index].kind {
            PopulationKind::Input => Self::Input(input_range(&parameters.model.network, index)),
            PopulationKind::Lif(lif) => Self::Lif(LifNeurons::new(parameters, index, lif, spiking, source)),
            PopulationKind::Modulator(modulator) => {
                Self::Modulator(ModulatorNeurons::new(parameters, index, modulator))
            }
        }
    }
}

/// Where an input population is among all input neurons.
fn input_range(network: &Network, index: usize) -> Range<usize> {
    let before = network.populations[..index].iter().filter(|other| other.kind == PopulationKind::Input);
    let start = before.map(|other| usize::from(other.size)).sum();
    start..start + usize::from(network.populations[index].size)
}

impl<E: Precision> LifNeurons<E>
where
    Cpu: Device<E>,
{
    fn new(parameters: &Parameters<'_, E>, index: usize, lif: Lif, spiking: Spiking, source: &Source<E>) -> Self {
        let size = parameters.model.network.populations[index].size.into();
        let adaptation = lif.adaptive.then(|| Adaptation {
            strength: parameters.positive(Parameter::AdaptationStrength(index)),
            decay: parameters.decay(Parameter::AdaptationDecay(index)),
        });
        Self {
            bias: parameters.repeated(Parameter::Bias(index), size, source),
            decay: parameters.decay(Parameter::MembraneDecay(index)),
            adaptation,
            refractory: lif.refractory,
            graded: lif.graded,
            slope: E::from(f32::from(parameters.model.network.surrogate_slope)),
            spiking,
        }
    }

    /// One step under the synaptic current, `[episodes, neurons]`.
    pub(super) fn step(&self, activity: &mut Activity<E>, current: Matrix<E>, source: &Source<E>) {
        let shape = *current.shape();
        let theta = E::from(THRESHOLD);
        let input = current + self.bias.clone().broadcast_like::<_, Axis<0>>(&shape);
        let potential = scale(&self.decay, activity.potential.clone()) + input - self.reset(activity) * theta;
        let distance = self.distance(&potential, activity) - theta;
        activity.potential = potential;
        activity.distance = distance.clone();
        if self.graded {
            return;
        }
        let allowed = refract(&mut activity.refractory, self.refractory, &distance.as_vec());
        let spikes = spike(distance, self.slope, self.spiking) * source.tensor(allowed, shape);
        if let Some(Adaptation { decay, .. }) = &self.adaptation {
            activity.adaptation = leak(decay, activity.adaptation.clone(), spikes.clone());
        }
        activity.spikes = spikes;
    }

    /// `s(t-1)` as the reset reads it.
    fn reset(&self, activity: &Activity<E>) -> Matrix<E> {
        match self.spiking {
            Spiking::Heaviside => detached(&activity.spikes),
            Spiking::Smooth => activity.spikes.clone(),
        }
    }

    /// `v - beta a`, with `a` as the last step left it.
    fn distance(&self, potential: &Matrix<E>, activity: &Activity<E>) -> Matrix<E> {
        match &self.adaptation {
            None => potential.clone(),
            Some(Adaptation { strength, .. }) => potential.clone() - scale(strength, activity.adaptation.clone()),
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

impl<E: Precision> ModulatorNeurons<E>
where
    Cpu: Device<E>,
{
    fn new(parameters: &Parameters<'_, E>, index: usize, modulator: Modulator) -> Self {
        Self {
            decay: parameters.decay(Parameter::ModulatorDecay(index)),
            dead_zone: (modulator.dead_zone > 0).then(|| E::from(dead_zone(modulator))),
            signal_weights: parameters.matrix(Parameter::SignalWeights(index)),
        }
    }

    /// One step under the synaptic current, `[episodes, neurons]`, and the signals, `[episodes, signals]`.
    pub(super) fn step(&self, activity: &mut Activity<E>, current: Matrix<E>, signals: &Matrix<E>) {
        let mut potential = scale(&self.decay, activity.potential.clone()) + current;
        if let Some(weights) = &self.signal_weights {
            potential = potential + signals.clone().matmul(weights.clone());
        }
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
