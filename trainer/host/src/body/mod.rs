//! Bodies: what a network runs on. One episode runner, several bodies behind one trait.
//!
//! A body knows no task; it is given the spikes and signals of some steps and counts the readout's votes.

pub mod board;
mod client;
mod emulator;
mod host;
mod serial;
mod tally;

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::wire::Refusal;

pub use client::Client;
pub use emulator::Emulator;
pub use host::Host;
pub use serial::Serial;
pub use tally::{Lived, Share, Tally, Taught};

use crate::firmware::FirmwareError;
use metaplastic_task::episode::{Decision, Episode};

/// Something that runs a network's steps.
pub trait Body {
    /// Begins an episode at birth: all state zero.
    ///
    /// # Errors
    /// If the body does not answer.
    fn reset(&mut self, freeze: Freeze) -> Result<(), BodyError>;

    /// Lets all state but the plastic weights be zero.
    ///
    /// # Errors
    /// If the body does not answer.
    fn rest(&mut self) -> Result<(), BodyError>;

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
        if episode.rests_before(steps.start) {
            body.rest()?;
        }
        let Tally { votes, taught } = body.run(episode, steps.clone())?;
        lived.taught.add(episode.teaches(steps.start), Share { some: taught, all: steps.len() });
        let asked = |decision: &&Decision| (decision.start..decision.end).contains(&steps.start);
        let Some(decision) = episode.decisions.iter().find(asked) else { continue };
        if decision.start == steps.start {
            lived.votes.push(vec![0; votes.len()]);
        }
        let sums = lived.votes.last_mut().into_iter().flatten();
        sums.zip(&votes).for_each(|(sum, vote)| *sum = sum.saturating_add(*vote));
    }
    Ok(lived)
}

/// Which body, as on the command line: `host`, `emulator:BOARD` or `serial:PORT[,BAUD]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyName {
    /// The runtime in this process.
    Host,
    /// The firmware in an emulator, on a board of `boards.toml`.
    Emulator(String),
    /// A real board at a serial port.
    Serial {
        /// The port, as the operating system names it.
        port: String,
        /// Bits a second.
        baud: u32,
    },
}

/// What a board's firmware listens at.
const BAUD: u32 = 115_200;

impl FromStr for BodyName {
    type Err = BodyError;

    fn from_str(name: &str) -> Result<Self, BodyError> {
        match name.split_once(':') {
            None if name == "host" => Ok(Self::Host),
            Some(("emulator", board)) => board::emulated_board(board).map(|_| Self::Emulator(board.to_owned())),
            Some(("serial", port)) => serial_port(port).ok_or_else(|| BodyError::SerialName(name.to_owned())),
            _ => Err(BodyError::Unknown { name: name.to_owned() }),
        }
    }
}

/// `PORT` or `PORT,BAUD`.
fn serial_port(name: &str) -> Option<BodyName> {
    let (port, baud) = match name.rsplit_once(',') {
        Some((port, baud)) => (port, baud.parse().ok().filter(|baud| *baud > 0)?),
        None => (name, BAUD),
    };
    (!port.is_empty()).then(|| BodyName::Serial { port: port.to_owned(), baud })
}

impl fmt::Display for BodyName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host => formatter.write_str("host"),
            Self::Emulator(board) => write!(formatter, "emulator:{board}"),
            Self::Serial { port, baud } => write!(formatter, "serial:{port},{baud}"),
        }
    }
}

impl BodyError {
    /// Whether a tool is missing that `tests/run.sh setup` installs.
    #[must_use]
    pub fn is_missing_tool(&self) -> bool {
        matches!(self, Self::NoEmulator(_) | Self::Firmware(FirmwareError::NoCoreLibrary(_)))
    }
}

/// Why a body could not be had or did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BodyError {
    /// No such body.
    #[error(
        "no body is called '{name}'; there are: host, serial:PORT[,BAUD], emulator:BOARD with BOARD one of {boards}",
        boards = board::emulated().join(", ")
    )]
    Unknown {
        /// What was asked for.
        name: String,
    },
    /// No such board.
    #[error(
        "no board is called '{name}'; emulated: {emulated}; to flash: {real}",
        emulated = board::emulated().join(", "),
        real = board::real().join(", ")
    )]
    UnknownBoard {
        /// What was asked for.
        name: String,
    },
    /// The board cannot be emulated, or not so that it counts instructions.
    #[error("'{name}' is not emulated like that; use one of {boards}, or the board itself with serial:PORT", boards = board::emulated().join(", "))]
    NotEmulated {
        /// The board.
        name: String,
    },
    /// Not a serial port and a rate.
    #[error("'{0}' is not serial:PORT or serial:PORT,BAUD with BAUD a whole number of bits a second")]
    SerialName(String),
    /// The serial port cannot be used.
    #[error("{port}: {why}")]
    Port {
        /// The port.
        port: String,
        /// What is wrong, and what helps.
        why: String,
    },
    /// The board's emulator is missing.
    #[error("{0} is not installed; `tests/run.sh setup` installs it")]
    NoEmulator(&'static str),
    /// There is no firmware.
    #[error(transparent)]
    Firmware(#[from] FirmwareError),
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
        "no answer within {0} seconds: the firmware hangs, its line is not connected or the machine is slow; \
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
