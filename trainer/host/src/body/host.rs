//! The host body: the same runtime that runs on a chip, in this process.

use std::ops::Range;

use metaplastic_runtime::{MemoryError, Network, NetworkStorage, StateValues};
use metaplastic_shared::artifact::Artifact;
use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::state::StateSection;
use metaplastic_shared::wire::Refusal;
use metaplastic_task::episode::Episode;

use super::analog::AnalogExponents;
use super::error::BodyError;
use super::interface::Body;
use super::run_result::RunResult;

/// A network of the integer runtime over borrowed memory.
pub struct Host<'a> {
    network: Network<'a>,
    exponents: AnalogExponents,
    /// Exponent of a command.
    command: Option<u8>,
    /// Analog values of the present step.
    analog: Vec<i16>,
}

impl<'a> Host<'a> {
    /// The network of an artifact in a storage of [`Network::memory_words`] words.
    ///
    /// # Errors
    /// If the storage is too small.
    pub fn new<Memory: AsMut<[u64]>>(
        artifact: Artifact<'a>,
        storage: &'a mut NetworkStorage<'a, Memory>,
    ) -> Result<Self, MemoryError> {
        let exponents = AnalogExponents::of(&artifact);
        let command = artifact.manifest().network.command().map(|command| command.exponent);
        Network::new(artifact, storage).map(|network| Self { network, exponents, command, analog: Vec::new() })
    }

    /// The network, to be read.
    #[must_use]
    pub fn network(&self) -> &Network<'a> {
        &self.network
    }

    /// The network, so that its plastic weights can be changed.
    pub fn network_mut(&mut self) -> &mut Network<'a> {
        &mut self.network
    }

    /// Runs one step of an episode.
    pub fn step(&mut self, episode: &Episode, step: usize) {
        self.analog.clear();
        self.analog.extend(self.exponents.integers(episode.analog_at(step)));
        self.network.step(episode.inputs_at(step), &self.analog);
    }
}

impl Body for Host<'_> {
    fn command_exponent(&mut self) -> Option<u8> {
        self.command
    }

    fn reset(&mut self, freeze: Freeze) -> Result<(), BodyError> {
        self.network.reset(freeze);
        Ok(())
    }

    fn reset_state(&mut self) -> Result<(), BodyError> {
        self.network.reset_state();
        Ok(())
    }

    fn run(&mut self, episode: &Episode, steps: Range<usize>) -> Result<RunResult, BodyError> {
        let mut result = RunResult { class_scores: vec![0; self.network.classes()], modulated_steps: 0 };
        for step in steps {
            self.step(episode, step);
            self.network.accumulate_class_scores(&mut result.class_scores);
            result.modulated_steps += usize::from(self.network.is_modulated());
        }
        Ok(result)
    }

    fn state_hash(&mut self) -> Result<u64, BodyError> {
        Ok(self.network.state_hash())
    }

    fn state(&mut self, section: StateSection, values: usize) -> Result<Vec<u16>, BodyError> {
        let read = StateValues::of(&self.network, section);
        if read.len() == values && values > 0 {
            return Ok((0..values).map(|index| read.get(index)).collect());
        }
        Err(BodyError::Refused(Refusal::NoState(section)))
    }

    fn age(&mut self) -> Result<u32, BodyError> {
        Ok(self.network.age())
    }

    fn write_age(&mut self, age: u32) -> Result<(), BodyError> {
        self.network.set_age(age);
        Ok(())
    }

    fn write_plastic(&mut self, projection: usize, weights: &[i16]) -> Result<(), BodyError> {
        let synapses: usize = self.network.plastic_rows(projection).map(<[i16]>::len).sum();
        if synapses == 0 {
            return Err(BodyError::Refused(Refusal::NotPlastic(projection as u8)));
        }
        if weights.len() > synapses {
            return Err(BodyError::Refused(Refusal::Synapses { first: 0, count: weights.len() as u16 }));
        }
        self.network.write_plastic(projection, 0, weights.iter().copied());
        Ok(())
    }
}
