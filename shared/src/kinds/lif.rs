//! Leaky integrate-and-fire neurons, spiking or graded, with or without a synaptic current.
//!
//! ```text
//! v_j = a_v v_j + I_j - theta s_j(t-1),   s_j = [v_j >= theta + beta a_j],   a_j = rho a_j + (1 - rho) s_j
//! ```
//!
//! With a synaptic current `i_j = a_i i_j + I_j`, the membrane integrates `i_j` instead of `I_j`. A population has
//! one decay for all neurons or one for each neuron.

use serde::{Deserialize, Serialize};

use super::check::{EXPONENT, FieldError, NOT_NEGATIVE, within};
use super::parameter::{Domain, Family, MetaParameter, Parameter};
use super::section::{Section, SectionLength};
use crate::format::row_length;

/// Largest number of neurons of a LIF population.
pub const MAX_NEURONS: u16 = 16_384;

/// The optional parts of a leaky integrate-and-fire neuron.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lif {
    /// Steps after a spike in which the neuron integrates but cannot spike (Bellec et al. 2018); 0 for none.
    pub refractory: u8,
    /// Whether the threshold adapts: `theta + beta a`, `a = rho a + (1 - rho) s` (Bellec et al. 2018).
    pub adaptive: bool,
    /// Whether the neurons never spike: leaky integrators `v = a_v v + I`, which are read out by their potentials.
    pub graded: bool,
    /// Number of channels of a map; neurons of a channel share a bias, and neuron `j` belongs to channel
    /// `j % channels`. 0 for one bias for each neuron.
    pub channels: u16,
    /// Whether the input is low-pass filtered before the membrane integrates it: `i = a_i i + I`, `v = a_v v + i -
    /// theta s` (a current-based LIF neuron, snnTorch's Synaptic, NIR's CubaLIF). The bias is part of `I`.
    pub synaptic: bool,
    /// Number of decays `a_v`, and of decays `a_i` where there is a synaptic current.
    pub decay_scope: DecayScope,
}

/// Number of decays of a population.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DecayScope {
    /// One for all of its neurons.
    #[default]
    Population,
    /// One for each neuron: heterogeneous time constants.
    Neuron,
}

/// The reasons for which a LIF population's description is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LifError {
    /// The size is not a multiple of the channels.
    #[error("its {size} neurons are not a multiple of {channels} channels")]
    Channels {
        /// Neurons it has.
        size: u16,
        /// Channels of its description.
        channels: u16,
    },
    /// Graded neurons with a property that only spiking neurons can have.
    #[error("graded neurons never spike, and can be neither refractory nor adaptive")]
    GradedSpikes,
}

impl Lif {
    pub(super) fn check(self, size: u16) -> Result<(), LifError> {
        let Self { refractory, adaptive, graded, channels, synaptic: _, decay_scope: _ } = self;
        if channels > 0 && !size.is_multiple_of(channels) {
            return Err(LifError::Channels { size, channels });
        }
        if graded && (refractory > 0 || adaptive) {
            return Err(LifError::GradedSpikes);
        }
        Ok(())
    }

    /// Number of bias values of `size` neurons: one for each channel, or one for each neuron.
    pub(super) fn bias_count(self, size: u16) -> usize {
        if self.channels > 0 { self.channels.into() } else { size.into() }
    }

    /// Section `number` of a population of `size` neurons, in stored order.
    pub(super) fn section(self, population: usize, size: u16, number: usize) -> Option<SectionLength> {
        let decays = if self.has_decay_per_neuron() { size.into() } else { 0 };
        let (section, values) = match number {
            0 => (Section::Bias(population), self.bias_count(size)),
            1 => (Section::MembraneDecays(population), decays),
            2 => (Section::SynapseDecays(population), if self.synaptic { decays } else { 0 }),
            _ => return None,
        };
        Some(SectionLength { section, bytes: 2 * row_length(values) })
    }

    fn has_decay_per_neuron(self) -> bool {
        self.decay_scope == DecayScope::Neuron
    }

    pub(super) fn meta_parameters(self, index: usize, size: u16) -> impl Iterator<Item = MetaParameter> {
        let scalar = |parameter, family, domain| Some(MetaParameter { parameter, family, shape: (1, 1), domain });
        let shape = (1, if self.has_decay_per_neuron() { size.into() } else { 1 });
        let decay = |parameter, family| Some(MetaParameter { parameter, family, shape, domain: Domain::Decay });
        let synaptic = |decay: Option<MetaParameter>| decay.filter(|_| self.synaptic);
        let adaptive = |scalar: Option<MetaParameter>| scalar.filter(|_| self.adaptive);
        [
            Some(MetaParameter {
                parameter: Parameter::Bias(index),
                family: Family::Bias,
                shape: (1, self.bias_count(size)),
                domain: Domain::Real,
            }),
            decay(Parameter::MembraneDecay(index), Family::MembraneDecay),
            synaptic(decay(Parameter::SynapseDecay(index), Family::SynapseDecay)),
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
    /// Exponent of the membrane potential, synaptic current, threshold, bias and adaptation strength, 0 to 15.
    pub exponent: u8,
    /// theta, above zero.
    pub threshold: i16,
    /// a_v, Q0.16; zero where each neuron has its own.
    pub decay: u16,
    /// a_i, Q0.16, of a synaptic current; zero where each neuron has its own.
    pub synapse_decay: Option<u16>,
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
        if lif.synaptic != self.synapse_decay.is_some() {
            return Err(FieldError::Kind("synapse_decay"));
        }
        if lif.has_decay_per_neuron() {
            within("decay", self.decay.into(), 0..=0)?;
            within("synapse_decay", self.synapse_decay.unwrap_or(0).into(), 0..=0)?;
        }
        if lif.adaptive != self.adaptation.is_some() {
            return Err(FieldError::Kind("adaptation"));
        }
        let strength = self.adaptation.map_or(0, |adaptation| adaptation.strength);
        within("adaptation.strength", strength.into(), NOT_NEGATIVE)
    }
}
