//! The state of a network, and the part of its description that a step needs.
//!
//! Only the type, its parts and how they are looked up are here: `allocation` makes a network, the parent module
//! steps it, `access` reads it out.

use metaplastic_shared::artifact::{Artifact, Manifest};
use metaplastic_shared::format::CommandScale;
use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::network::Readout;

use super::storage::Entry;
use crate::kinds::{InputScratch, IntegerPopulation, IntegerProjection, Neurons};
use crate::plasticity::Scratch;

/// A network that steps and learns.
pub struct Network<'a> {
    pub(super) artifact: Artifact<'a>,
    pub(super) interface: Interface,
    pub(super) populations: &'a mut [Entry<IntegerPopulation<'a>>],
    pub(super) projections: &'a mut [Entry<IntegerProjection<'a>>],
    pub(super) input: InputScratch<'a>,
    pub(super) scratch: Scratch<'a>,
    pub(super) freeze: Freeze,
    /// Steps since the initial state; wraps.
    pub(super) age: u32,
}

/// The part of the description that a step needs.
#[derive(Clone, Copy)]
pub(super) struct Interface {
    pub(super) input_bytes: usize,
    pub(super) analog_values: usize,
    pub(super) surrogate_slope: u8,
    pub(super) readout: Readout,
    /// Whether class scores are potentials of the readout instead of spikes.
    pub(super) graded: bool,
    /// How potentials of the readout become commands; none of a readout of classes.
    pub(super) command: Option<CommandScale>,
    /// 8-byte words of state.
    pub(super) words: usize,
}

impl Interface {
    pub(super) fn of(manifest: &Manifest<'_>, words: usize) -> Self {
        let network = &manifest.network;
        Self {
            words,
            input_bytes: network.input_bytes(),
            analog_values: network.analog_values(),
            surrogate_slope: network.surrogate_slope,
            readout: network.readout,
            graded: network.has_graded_readout(),
            command: manifest.command_scale(),
        }
    }
}

pub(super) fn at<T>(entries: &[Entry<T>], index: usize) -> Option<&T> {
    entries.get(index)?.get()
}

pub(super) fn at_mut<T>(entries: &mut [Entry<T>], index: usize) -> Option<&mut T> {
    entries.get_mut(index)?.get_mut()
}

pub(super) fn values<'p>(populations: &'p [Entry<IntegerPopulation<'_>>], population: usize) -> &'p [i16] {
    match at(populations, population).map(|population| &population.neurons) {
        Some(Neurons::Modulator(modulator)) => modulator.value,
        _ => &[],
    }
}
