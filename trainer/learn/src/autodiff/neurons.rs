//! The list of population kinds: the parameters of each in the units of the equations, one line per kind.

use std::ops::Range;

use dfdx::prelude::*;
use metaplastic_shared::network::{NetworkDescription, PopulationKind};

use super::lif::LifNeurons;
use super::modulator::ModulatorNeurons;
use super::parameters::Parameters;
use super::tensor::{Precision, Source};
use crate::lifetime::Spiking;

/// The parameters of a population, in the units of the equations.
pub(super) enum Neurons<E: Precision> {
    /// Spikes come from outside: these of all input neurons.
    Input(Range<usize>),
    /// Leaky integrate-and-fire.
    Lif(LifNeurons<E>),
    /// Graded modulators.
    Modulator(ModulatorNeurons<E>),
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
fn input_range(network: &NetworkDescription, index: usize) -> Range<usize> {
    let before = network.populations[..index].iter().filter(|other| other.kind == PopulationKind::Input);
    let start = before.map(|other| usize::from(other.size)).sum();
    start..start + usize::from(network.populations[index].size)
}
