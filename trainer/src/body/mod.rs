//! Bodies: what a network runs on. One episode runner, several bodies behind one trait.
//!
//! A body knows no task; it is given the spikes and signals of some steps and counts the readout's spikes.

pub mod board;
mod client;
mod emulator;
mod host;
mod tally;

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use metaplastic_shared::wire::{Freeze, Refusal};

pub use client::Client;
pub use emulator::Emulator;
pub use host::Host;
pub use tally::{Lived, Share, Tally, Taught};

use crate::episode::{Decision, Episode};

/// Something that runs a network's steps.
pub trait Body {
    /// Begins an episode at birth: all state zero.
    ///
    /// # Errors
    /// If the body does not answer.
    fn reset(&mut self, freeze: Freeze) -> Result<(), BodyError>;

    /// Runs some steps of an episode.
    ///
    /// # Errors
    /// If the body does not answer or refuses.
    fn run(&mut self, episode: &Episode, steps: Range<usize>) -> Result<Tally, BodyError>;

    /// The hash of the complete state.
    ///
    /// # Errors
    /// If the body does not answer.
    fn state_hash(&mut self) -> Result<u64, BodyError>;

    /// The plastic weights of a projection with this many synapses, rows by presynaptic neuron.
    ///
    /// # Errors
    /// If the body does not answer or the projection is not plastic.
    fn plastic(&mut self, projection: usize, synapses: usize) -> Result<Vec<i16>, BodyError>;

    /// Replaces the plastic weights of a projection from its first synapse on; clamped to `P_max`.
    ///
    /// # Errors
    /// If the body does not answer, the projection is not plastic or the weights are more than its synapses.
    fn write_plastic(&mut self, projection: usize, weights: &[i16]) -> Result<(), BodyError>;
}

/// Runs a whole episode, from birth.
///
/// # Errors
/// If the body does not answer or refuses.
pub fn run_episode(body: &mut dyn Body, episode: &Episode, freeze: Freeze) -> Result<Lived, BodyError> {
    body.reset(freeze)?;
    live(body, episode)
}

/// Runs an episode from where the body stands.
///
/// # Errors
/// If the body does not answer or refuses.
pub fn live(body: &mut dyn Body, episode: &Episode) -> Result<Lived, BodyError> {
    let mut lived = Lived::default();
    for steps in episode.stretches() {
        let Tally { counts, taught } = body.run(episode, steps.clone())?;
        lived.taught.add(episode.teaches(steps.start), Share { some: taught, all: steps.len() });
        let asked = |decision: &&Decision| (decision.start..decision.end).contains(&steps.start);
        let Some(decision) = episode.decisions.iter().find(asked) else { continue };
        if decision.start == steps.start {
            lived.counts.push(vec![0; counts.len()]);
        }
        lived.counts.last_mut().into_iter().flatten().zip(&counts).for_each(|(sum, count)| *sum += count);
    }
    Ok(lived)
}

/// Which body, as on the command line: `host` or `emulator:MACHINE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyName {
    /// The runtime in this process.
    Host,
    /// The firmware in QEMU, on a machine of `boards.toml`.
    Emulator(String),
}

impl FromStr for BodyName {
    type Err = BodyError;

    fn from_str(name: &str) -> Result<Self, BodyError> {
        match name.split_once(':') {
            None if name == "host" => Ok(Self::Host),
            Some(("emulator", machine)) => board::board(machine).map(|_| Self::Emulator(machine.to_owned())),
            _ => Err(BodyError::Unknown { name: name.to_owned() }),
        }
    }
}

impl fmt::Display for BodyName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host => formatter.write_str("host"),
            Self::Emulator(machine) => write!(formatter, "emulator:{machine}"),
        }
    }
}

/// Why a body could not be had or did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BodyError {
    /// No such body.
    #[error("no body is called '{name}'; there are: host, emulator:MACHINE with MACHINE one of {boards}", boards = board::names().join(", "))]
    Unknown {
        /// What was asked for.
        name: String,
    },
    /// No such machine.
    #[error("no board is called '{name}'; there are: {boards}", boards = board::names().join(", "))]
    UnknownBoard {
        /// What was asked for.
        name: String,
    },
    /// QEMU is missing.
    #[error("qemu-system-arm is not installed; `tests/run.sh setup` installs it")]
    NoEmulator,
    /// The board's core library is missing.
    #[error("{0}")]
    NoCoreLibrary(String),
    /// The firmware could not be built.
    #[error("the firmware could not be built:\n{0}")]
    Build(String),
    /// An environment variable has a value it cannot have.
    #[error("{variable} = {value:?} is not {allowed}")]
    Setting {
        /// Its name.
        variable: &'static str,
        /// What it was.
        value: String,
        /// What it may be.
        allowed: &'static str,
    },
    /// A file or process could not be used.
    #[error("{what}: {error}")]
    Io {
        /// What was tried.
        what: String,
        /// What went wrong.
        error: std::io::Error,
    },
    /// No answer in time.
    #[error(
        "no answer within {0} seconds: the firmware hangs or the machine is slow; \
         METAPLASTIC_PATIENCE_SECONDS sets how long to wait"
    )]
    Timeout(u64),
    /// The stream ended.
    #[error("the stream ended before the answer came; the board said:\n{0}")]
    Ended(String),
    /// The answer was damaged or not the one to the question.
    #[error("the answer is damaged or not the one to the question: {0}")]
    Answer(String),
    /// The chip refused.
    #[error("the chip refused: {0}")]
    Refused(Refusal),
    /// The chip runs other firmware or another artifact.
    #[error("the chip has {what} {theirs:#x}, this command {ours:#x}: build and flash again")]
    Identity {
        /// `protocol` or `artifact`.
        what: &'static str,
        /// The chip's.
        theirs: u32,
        /// Ours.
        ours: u32,
    },
}
