//! Errors of bodies: a body is not available, or a request to it failed. Each message names a remedy.

use metaplastic_runtime::MemoryError;
use metaplastic_shared::wire::Refusal;

use super::board::{self, BoardError};
use crate::firmware::FirmwareError;

/// Why a body is not available, or a request to it failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BodyError {
    /// No such body.
    #[error(
        "no body is called '{name}'; there are: host, serial:PORT[,BAUD], emulator:BOARD with BOARD one of {boards}",
        boards = board::emulated_names()
    )]
    Unknown {
        /// The name that was given.
        name: String,
    },
    /// No such board, or it is not emulated.
    #[error(transparent)]
    Board(#[from] BoardError),
    /// Not a serial port and a rate.
    #[error("'{0}' is not serial:PORT or serial:PORT,BAUD with BAUD a whole number of bits per second")]
    SerialName(String),
    /// The serial port cannot be used.
    #[error("{port}: {why}")]
    Port {
        /// The port.
        port: String,
        /// What is wrong, and the remedy.
        why: String,
    },
    /// The board's emulator is missing.
    #[error("{0} is not installed; `tests/run.sh setup` installs it")]
    NoEmulator(&'static str),
    /// There is no firmware.
    #[error(transparent)]
    Firmware(#[from] FirmwareError),
    /// The network does not fit the memory it was given.
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// An environment variable has a value that is not allowed.
    #[error("{variable} = {value:?} is not {allowed}")]
    Environment {
        /// Its name.
        variable: &'static str,
        /// Its value.
        value: String,
        /// The values that are allowed.
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
         METAPLASTIC_TIMEOUT_SECONDS sets how long to wait"
    )]
    Timeout(u64),
    /// The stream ended.
    #[error("the stream ended before the answer came; the board said:\n{0}")]
    Ended(String),
    /// The answer was damaged or not the one to the request.
    #[error("the answer is damaged or not the one to the request: {0}")]
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
        /// This command's.
        ours: u32,
    },
}

impl BodyError {
    /// Whether a tool is missing that `tests/run.sh setup` installs.
    #[must_use]
    pub fn is_missing_tool(&self) -> bool {
        matches!(self, Self::NoEmulator(_) | Self::Firmware(FirmwareError::NoCoreLibrary { .. }))
    }

    /// Adds to an error of a file or process what was tried.
    pub(super) fn io(what: &str) -> impl Fn(std::io::Error) -> Self + use<> {
        let what = what.to_owned();
        move |error| Self::Io { what: what.clone(), error }
    }
}
