//! The integer step of each kind of population and projection, one file per kind, as in `shared`.
//!
//! This module lists the kinds of neurons; `projection` lists the connectivities. A kind sees its own state and its
//! input of a step, and no network.

mod convolution;
mod dense;
mod lif;
mod modulator;
mod projection;
mod scratch;

pub(crate) use convolution::{MOST_ROWS, MapSize};
pub(crate) use lif::{DecayRows, LifParts, LifPopulation};
pub(crate) use modulator::ModulatorPopulation;
pub(crate) use projection::{IntegerProjection, ProjectionParts};
pub(crate) use scratch::InputScratch;

use crate::hash::Hash;
use crate::spikes::Spikes;

/// A population: its spikes and its neurons.
pub(crate) struct IntegerPopulation<'a> {
    pub(crate) size: usize,
    pub(crate) spikes: Spikes<'a>,
    pub(crate) neurons: Neurons<'a>,
}

/// The neurons of a population, by kind.
pub(crate) enum Neurons<'a> {
    /// With the first neuron's position in a step's input bits.
    Input(usize),
    Lif(LifPopulation<'a>),
    Modulator(ModulatorPopulation<'a>),
    /// With the first value's position in a step's analog values.
    Analog(usize),
}

impl IntegerPopulation<'_> {
    /// All state zero.
    pub(crate) fn reset(&mut self) {
        self.spikes.reset();
        match &mut self.neurons {
            Neurons::Input(_) | Neurons::Analog(_) => {}
            Neurons::Lif(lif) => lif.reset(),
            Neurons::Modulator(modulator) => modulator.reset(),
        }
    }

    /// Potentials v or u; empty where there are none.
    pub(crate) fn potentials(&self) -> &[i16] {
        match &self.neurons {
            Neurons::Input(_) | Neurons::Analog(_) => &[],
            Neurons::Lif(lif) => lif.membrane,
            Neurons::Modulator(modulator) => modulator.potential,
        }
    }

    pub(crate) fn hash(&self, hash: &mut Hash) {
        // Analog populations have no state.
        if !matches!(self.neurons, Neurons::Analog(_)) {
            hash.list(self.spikes.all());
        }
        match &self.neurons {
            Neurons::Input(_) | Neurons::Analog(_) => {}
            Neurons::Lif(lif) => lif.hash(hash),
            Neurons::Modulator(modulator) => modulator.hash(hash),
        }
    }
}
