//! Leaky integrate-and-fire neurons, spiking or graded.
//!
//! ```text
//! v_j = a_v v_j + I_j - theta s_j(t-1),   s_j = [v_j >= theta + beta a_j],   a_j = rho a_j + (1 - rho) s_j
//! ```

use serde::{Deserialize, Serialize};

use super::check::{EXPONENT, FieldError, NOT_NEGATIVE, within};
use super::parameter::{Domain, Family, MetaParameter, Parameter};
use crate::artifact::{Section, SectionLength};
use crate::format::row_length;

/// Most neurons of a LIF population.
pub const MAX_NEURONS: u16 = 16_384;

/// The optional parts of a leaky integrate-and-fire neuron.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lif {
    /// Steps after a spike in which the neuron integrates but cannot spike (Bellec et al. 2018); 0 for none.
    pub refractory: u8,
    /// Whether the threshold adapts: `theta + beta a`, `a = rho a + (1 - rho) s` (Bellec et al. 2018).
    pub adaptive: bool,
    /// Whether the neurons never spike: leaky integrators `v = a_v v + I`, which answer by their potential.
    pub graded: bool,
    /// Channels of a map, which share a bias: neuron `j` is of channel `j % channels`. 0 for a bias a neuron.
    pub channels: u16,
}

/// What is wrong with a LIF population's description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LifError {
    /// Channels that do not divide the population.
    #[error("its {size} neurons are not a multiple of {channels} channels")]
    Channels {
        /// Neurons it has.
        size: u16,
        /// Channels it is said to have.
        channels: u16,
    },
    /// Graded neurons with what only spiking ones have.
    #[error("graded neurons never spike, and can be neither refractory nor adaptive")]
    GradedSpikes,
}

impl Lif {
    pub(super) fn check(self, size: u16) -> Result<(), LifError> {
        let Self { refractory, adaptive, graded, channels } = self;
        if channels > 0 && !size.is_multiple_of(channels) {
            return Err(LifError::Channels { size, channels });
        }
        if graded && (refractory > 0 || adaptive) {
            return Err(LifError::GradedSpikes);
        }
        Ok(())
    }

    /// Values of the bias of so many neurons: one a channel, or one a neuron.
    pub(super) fn bias_count(self, size: u16) -> usize {
        if self.channels > 0 { self.channels.into() } else { size.into() }
    }

    pub(super) fn sections(self, population: usize, size: u16) -> impl Iterator<Item = SectionLength> {
        let bias = 2 * row_length(self.bias_count(size));
        [SectionLength { section: Section::Bias(population), bytes: bias }].into_iter()
    }

    pub(super) fn meta_parameters(self, index: usize, size: u16) -> impl Iterator<Item = MetaParameter> {
        let scalar = |parameter, family, domain| Some(MetaParameter { parameter, family, shape: (1, 1), domain });
        let adaptive = |scalar: Option<MetaParameter>| scalar.filter(|_| self.adaptive);
        [
            Some(MetaParameter {
                parameter: Parameter::Bias(index),
                family: Family::Bias,
                shape: (1, self.bias_count(size)),
                domain: Domain::Real,
            }),
            scalar(Parameter::MembraneDecay(index), Family::MembraneDecay, Domain::Decay),
            adaptive(scalar(Parameter::AdaptationStrength(index), Family::AdaptationStrength, Domain::Positive)),
            adaptive(scalar(Parameter::AdaptationDecay(index), Family::AdaptationDecay, Domain::Decay)),
        ]
        .into_iter()
        .flatten()
    }
}

/// Formats and scalar constants of a leaky integrate-and-fire population.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifFormat {
    /// Exponent of the membrane potential, threshold, bias and adaptation strength, 0 to 15.
    pub exponent: u8,
    /// theta, above zero.
    pub threshold: i16,
    /// a_v, Q0.16.
    pub decay: u16,
    /// beta and rho of an adaptive threshold.
    pub adaptation: Option<Adaptation>,
}

/// The adaptive threshold `theta + strength a`, `a = decay a + (1 - decay) s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adaptation {
    /// beta, in the membrane's exponent, not negative.
    pub strength: i16,
    /// rho, Q0.16.
    pub decay: u16,
}

impl LifFormat {
    pub(super) fn check(&self, lif: Lif) -> Result<(), FieldError> {
        within("exponent", self.exponent.into(), EXPONENT)?;
        within("threshold", self.threshold.into(), 1..=i16::MAX.into())?;
        if lif.adaptive != self.adaptation.is_some() {
            return Err(FieldError::Kind("adaptation"));
        }
        let strength = self.adaptation.map_or(0, |adaptation| adaptation.strength);
        within("adaptation.strength", strength.into(), NOT_NEGATIVE)
    }
}
