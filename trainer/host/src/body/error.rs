//! Errors of bodies: a body is not available, or a request to it failed. Each message names a remedy.

use metaplastic_runtime::MemoryError;
use metaplastic_shared::wire::{Refusal, RunPosition};

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
    #[error(
        "{program} is not installed; `apt-get install {package}` installs it (in a clone of the repository, \
         `tests/run.sh setup`)"
    )]
    NoEmulator {
        /// The program.
        program: &'static str,
        /// Debian's package.
        package: &'static str,
    },
    /// The packages of the Pico's emulator are missing.
    #[error("rp2040js is not installed; `npm ci --prefix {folder}` installs it")]
    NoPackages {
        /// The folder that they go to.
        folder: String,
    },
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
    /// Bytes came, but no answer.
    #[error(
        "no answer within {seconds} seconds, but {arrived}: the line has another baud rate, or another program runs on \
         the board or uses the line"
    )]
    Noise {
        /// What arrived.
        arrived: String,
        /// The timeout.
        seconds: u64,
    },
    /// The chip is in another run than the one that was begun.
    #[error(
        "the board has lost this run: it is at step {} of run {:08x}, this command at step {} of run {:08x}; the board \
         has restarted, or another program has used it, so no figure of this evaluation holds",
        .theirs.steps, .theirs.nonce, .ours.steps, .ours.nonce
    )]
    Restarted {
        /// Where this command is.
        ours: RunPosition,
        /// Where the chip is.
        theirs: RunPosition,
    },
    /// The answer arrived whole and cannot be true.
    #[error("the board's answer cannot be true: {0}; its firmware is damaged or not of this program")]
    Inconsistent(String),
    /// The request cannot be sent.
    #[error("the request: {0}")]
    Request(String),
    /// The stream ended.
    #[error("the stream ended before the answer came{}", said(.0))]
    Ended(Option<ProgramOutput>),
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

/// What a program wrote to standard error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramOutput {
    /// Its name.
    pub program: String,
    /// The text, which may be empty.
    pub text: String,
    /// What it may need.
    pub hint: &'static str,
}

/// The end of a message about a stream that ended.
fn said(output: &Option<ProgramOutput>) -> String {
    let Some(ProgramOutput { program, text, hint }) = output else { return String::new() };
    let text = if text.trim().is_empty() { "nothing" } else { text.trim() };
    format!("; {hint}; {program} said:\n{text}")
}

impl BodyError {
    /// Makes an error of the line say at which port it was.
    pub(super) fn at(self, port: &str) -> Self {
        match self {
            Self::Timeout(_) | Self::Noise { .. } | Self::Ended(_) => {
                Self::Port { port: port.to_owned(), why: self.to_string() }
            }
            other => other,
        }
    }

    /// Whether a message was damaged or lost, and the same episode may succeed if it is run again.
    pub(crate) fn is_of_the_line(&self) -> bool {
        matches!(self, Self::Answer(_) | Self::Refused(Refusal::Frame | Refusal::TooLong))
    }

    /// Whether this machine lacks the emulator, or what firmware is built from or with.
    #[must_use]
    pub fn is_not_installed(&self) -> bool {
        match self {
            Self::NoEmulator { .. } | Self::NoPackages { .. } => true,
            Self::Firmware(error) => error.is_not_installed(),
            _ => false,
        }
    }

    /// Adds to an error of a file or process what was tried.
    pub(super) fn io(what: &str) -> impl Fn(std::io::Error) -> Self + use<> {
        let what = what.to_owned();
        move |error| Self::Io { what: what.clone(), error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_that_ended_says_what_its_program_said() {
        let ended = |text: &str| {
            let output = ProgramOutput { program: "qemu".into(), text: text.into(), hint: "is it new" };
            BodyError::Ended(Some(output)).to_string()
        };
        let plain = BodyError::Ended(None).to_string();
        assert_eq!(plain, "the stream ended before the answer came");
        assert_eq!(ended(" no such machine\n"), format!("{plain}; is it new; qemu said:\nno such machine"));
        assert_eq!(ended("\n"), format!("{plain}; is it new; qemu said:\nnothing"));
    }
}
