//! Bodies at the other end of a byte stream: each provides its client, and is a body through it.

use std::io::Write;
use std::ops::Range;

use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::state::StateSection;
use metaplastic_shared::wire::{Cost, Ran};
use metaplastic_task::episode::Episode;

use super::client::Client;
use super::error::BodyError;
use super::interface::Body;
use super::run_result::RunResult;

/// A chip behind a [`Client`].
pub trait Remote {
    /// Where requests are written to.
    type Stream: Write;

    /// Calls the client, and adds to an error what the body knows of the chip.
    ///
    /// # Errors
    /// If the chip does not answer or refuses.
    fn call<T>(
        &mut self,
        request: impl FnOnce(&mut Client<Self::Stream>) -> Result<T, BodyError>,
    ) -> Result<T, BodyError>;

    /// Whether the chip is a real one, at the end of a real line.
    fn is_hardware(&self) -> bool {
        false
    }

    /// Whether its costs are exact counts.
    fn counts(&self) -> bool {
        true
    }

    /// Runs steps that fit in one message, and returns their result and cost.
    ///
    /// # Errors
    /// If the chip does not answer or refuses.
    fn run_message(&mut self, episode: &Episode, steps: Range<usize>) -> Result<Ran, BodyError> {
        self.call(|client| client.run_message(episode, steps))
    }
}

impl<W: Write> Remote for Client<W> {
    type Stream = W;

    fn call<T>(&mut self, request: impl FnOnce(&mut Self) -> Result<T, BodyError>) -> Result<T, BodyError> {
        request(self)
    }
}

impl<R: Remote> Body for R {
    fn command_exponent(&mut self) -> Option<u8> {
        self.call(|client| Ok(client.expected().command_exponent())).ok().flatten()
    }

    fn is_real(&self) -> bool {
        self.is_hardware()
    }

    fn reset(&mut self, freeze: Freeze) -> Result<(), BodyError> {
        self.call(|client| client.reset(freeze))
    }

    fn reset_state(&mut self) -> Result<(), BodyError> {
        self.call(Client::reset_state)
    }

    fn run(&mut self, episode: &Episode, steps: Range<usize>) -> Result<RunResult, BodyError> {
        self.call(|client| client.run(episode, steps))
    }

    /// Of an emulator in the host's time, the timer counts nothing that stays the same.
    fn last_cost(&mut self) -> Option<(u32, Cost)> {
        let cost = self.call(|client| Ok(client.cost())).ok();
        cost.filter(|(_, unit)| self.counts() && *unit != Cost::Nothing)
    }

    fn recover(&mut self) -> Result<(), BodyError> {
        self.call(Client::recover)
    }

    fn state_hash(&mut self) -> Result<u64, BodyError> {
        self.call(Client::state_hash)
    }

    fn state(&mut self, section: StateSection, values: usize) -> Result<Vec<u16>, BodyError> {
        self.call(|client| client.state(section, values))
    }

    fn age(&mut self) -> Result<u32, BodyError> {
        self.call(Client::age)
    }

    fn write_age(&mut self, age: u32) -> Result<(), BodyError> {
        self.call(|client| client.write_age(age))
    }

    fn write_plastic(&mut self, projection: usize, weights: &[i16]) -> Result<(), BodyError> {
        self.call(|client| client.write_plastic(projection, weights))
    }

    fn save(&mut self) -> Result<u32, BodyError> {
        self.call(Client::save)
    }

    fn load(&mut self, freeze: Freeze) -> Result<u32, BodyError> {
        self.call(|client| client.load(freeze))
    }
}
