//! The list of population kinds: the parameters of each in the units of the equations, one line per kind.

use std::ops::Range;

use dfdx::prelude::*;
use metaplastic_shared::network::{NetworkDescription, PopulationKind};

use super::lif::LifNeurons;
use super::modulator::ModulatorNeurons;
use super::parameters::TapedParameters;
use super::tensor::{ConstantSource, Precision};
use crate::lifetime::Spiking;

/// The parameters of a population, in the units of the equations.
pub(super) enum PopulationParameters<E: Precision> {
    /// Spikes come from outside: these of all input neurons.
    Input(Range<usize>),
    /// Leaky integrate-and-fire.
    Lif(Box<LifNeurons<E>>),
    /// Graded modulators.
    Modulator(ModulatorNeurons<E>),
    /// Values come from outside: these of all analog values.
    Analog(Range<usize>),
}

impl<E: Precision> PopulationParameters<E>
where
    Cpu: Device<E>,
{
    /// The parameters of population `index`.
    pub(super) fn new(
        parameters: &TapedParameters<'_, E>,
        index: usize,
        spiking: Spiking,
        source: &ConstantSource<E>,
    ) -> Self {
        let network = &parameters.model.network;
        match network.populations[index].kind {
            PopulationKind::Input => Self::Input(range(network, index, |kind| kind == PopulationKind::Input)),
            PopulationKind::Analog(_) => {
                Self::Analog(range(network, index, |kind| matches!(kind, PopulationKind::Analog(_))))
            }
            PopulationKind::Lif(lif) => {
                Self::Lif(Box::new(LifNeurons::new(parameters, index, lif, spiking, source)))
            }
            PopulationKind::Modulator(modulator) => {
                Self::Modulator(ModulatorNeurons::new(parameters, index, modulator))
            }
        }
    }
}

/// Where the neurons of a population are among all those of its kind.
fn range(network: &NetworkDescription, index: usize, is_same: impl Fn(PopulationKind) -> bool) -> Range<usize> {
    let before = network.populations[..index].iter().filter(|other| is_same(other.kind));
    let start = before.map(|other| usize::from(other.size)).sum();
    start..start + usize::from(network.populations[index].size)
}
