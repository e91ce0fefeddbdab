//! The interface of every body. A body runs the steps it is given; it knows neither a task nor how it was reached.

use std::ops::Range;

use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::state::{StateQuantity, StateSection};
use metaplastic_shared::wire::{Cost, Refusal};
use metaplastic_task::episode::Episode;

use super::error::BodyError;
use super::run_result::RunResult;

/// Something that runs a network's steps.
pub trait Body {
    /// Begins an episode in the initial state: all state zero.
    ///
    /// # Errors
    /// If the body does not answer.
    fn reset(&mut self, freeze: Freeze) -> Result<(), BodyError>;

    /// Sets all state but the plastic weights to zero.
    ///
    /// # Errors
    /// If the body does not answer.
    fn reset_state(&mut self) -> Result<(), BodyError>;

    /// The exponent of the commands that its network gives; none of a network of classes.
    fn command_exponent(&mut self) -> Option<u8>;

    /// Whether it answers at the speed of real hardware, so that it says something how long an answer takes.
    fn is_real(&self) -> bool {
        false
    }

    /// Runs some steps of an episode.
    ///
    /// # Errors
    /// If the body does not answer or refuses.
    fn run(&mut self, episode: &Episode, steps: Range<usize>) -> Result<RunResult, BodyError>;

    /// What its last [`run`](Self::run) cost, and the unit; nothing where nothing is counted.
    fn last_cost(&mut self) -> Option<(u32, Cost)> {
        None
    }

    /// Makes the body ready for another [`reset`](Self::reset) after a message was damaged or lost.
    ///
    /// # Errors
    /// If the body does not answer, or has lost the run in the meantime.
    fn recover(&mut self) -> Result<(), BodyError> {
        Ok(())
    }

    /// The hash of the complete state.
    ///
    /// # Errors
    /// If the body does not answer.
    fn state_hash(&mut self) -> Result<u64, BodyError>;

    /// The values of a section of the state of which the network has this many, as their bits. Reading changes nothing.
    ///
    /// # Errors
    /// If the body does not answer, or the network has another number of them.
    fn state(&mut self, section: StateSection, values: usize) -> Result<Vec<u16>, BodyError>;

    /// The plastic weights of a projection with this many synapses, rows by presynaptic neuron, raw integers.
    ///
    /// # Errors
    /// If the body does not answer or the projection is not plastic.
    fn plastic(&mut self, projection: usize, synapses: usize) -> Result<Vec<i16>, BodyError> {
        let section = StateSection::new(StateQuantity::PlasticWeights, projection as u8);
        Ok(self.state(section, synapses)?.into_iter().map(|bits| bits as i16).collect())
    }

    /// The age: steps since the initial state. Roundings follow from it.
    ///
    /// # Errors
    /// If the body does not answer.
    fn age(&mut self) -> Result<u32, BodyError>;

    /// Sets the age, as plastic weights are written that were read at it.
    ///
    /// # Errors
    /// If the body does not answer.
    fn write_age(&mut self, age: u32) -> Result<(), BodyError>;

    /// Replaces the plastic weights of a projection from its first synapse on; clamped to `P_max`.
    ///
    /// # Errors
    /// If the body does not answer, the projection is not plastic or there are more weights than synapses.
    fn write_plastic(&mut self, projection: usize, weights: &[i16]) -> Result<(), BodyError>;

    /// Saves the plastic weights where they survive a power cut; returns the number of the save.
    ///
    /// # Errors
    /// If the body does not answer, has no storage, or its storage fails.
    fn save(&mut self) -> Result<u32, BodyError> {
        Err(BodyError::Refused(Refusal::NoStorage))
    }

    /// Begins an episode with the plastic weights saved last and all other state zero; returns the number of the save.
    ///
    /// # Errors
    /// As [`save`](Self::save); or if nothing is saved.
    fn load(&mut self, freeze: Freeze) -> Result<u32, BodyError> {
        let _ = freeze;
        Err(BodyError::Refused(Refusal::NoStorage))
    }
}
