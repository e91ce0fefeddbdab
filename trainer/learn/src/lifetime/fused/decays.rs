//! Decays of a population's neurons: one for all, or one for each; and gradients with respect to them.

use metaplastic_shared::network::DecayScope;

use super::flat::{FlatGradient, FlatValues, add};
use super::lanes::dot;
use crate::model::{Parameter, sigmoid};

/// Decays, or gradients with respect to them.
#[derive(Clone, Debug)]
pub(crate) enum PopulationDecays {
    /// One of the population.
    Population(f64),
    /// One of each neuron, padded.
    Neurons(Vec<f32>),
}

impl PopulationDecays {
    /// Zeros.
    pub(crate) fn zeros(scope: DecayScope, padded: usize) -> Self {
        match scope {
            DecayScope::Population => Self::Population(0.0),
            DecayScope::Neuron => Self::Neurons(vec![0.0; padded]),
        }
    }

    /// The values of a tensor, in place of zeros; they stay zero if the network does not have it.
    pub(crate) fn load(&mut self, values: FlatValues<'_>, parameter: Parameter) {
        match self {
            Self::Population(decay) => *decay = values.decay(parameter),
            Self::Neurons(decays) => {
                decays.iter_mut().zip(values.raw(parameter)).for_each(|(decay, raw)| *decay = sigmoid(*raw));
            }
        }
    }

    /// Adds another gradient.
    pub(crate) fn add(&mut self, other: &Self) {
        match (self, other) {
            (Self::Population(sum), Self::Population(other)) => *sum += other,
            (Self::Neurons(sums), Self::Neurons(others)) => add(sums, others),
            _ => {}
        }
    }

    /// Puts this gradient, at `values`, into the flat one.
    pub(crate) fn flatten(&self, values: &Self, parameter: Parameter, flat: &mut FlatGradient<'_>) {
        match (self, values) {
            (Self::Population(gradient), Self::Population(decay)) => flat.set_decay(parameter, *gradient, *decay),
            (Self::Neurons(gradients), Self::Neurons(decays)) => {
                let raw = flat.raw(parameter).iter_mut().zip(gradients.iter().zip(decays));
                raw.for_each(|(raw, (gradient, decay))| *raw = gradient * decay * (1.0 - decay));
            }
            _ => {}
        }
    }

    /// Adds the gradient of `decay x`: `dx x`, of padded vectors.
    pub(crate) fn accumulate(&mut self, adjoint: &[f32], values: &[f32]) {
        match self {
            Self::Population(sum) => *sum += f64::from(dot(adjoint, values)),
            Self::Neurons(sums) => {
                let products = adjoint.iter().zip(values).map(|(adjoint, value)| adjoint * value);
                sums.iter_mut().zip(products).for_each(|(sum, product)| *sum += product);
            }
        }
    }

    /// Calls `visit` with each of `neurons` and its decay; one branch for all neurons.
    #[inline(always)]
    pub(crate) fn for_each<T>(&self, neurons: impl Iterator<Item = T>, visit: impl Fn(T, f32)) {
        match self {
            Self::Population(decay) => {
                let decay = *decay as f32;
                neurons.for_each(|neuron| visit(neuron, decay));
            }
            Self::Neurons(decays) => neurons.zip(decays).for_each(|(neuron, decay)| visit(neuron, *decay)),
        }
    }
}
