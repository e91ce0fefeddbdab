//! The name of a body, as on the command line: `host`, `emulator:BOARD` or `serial:PORT[,BAUD]`.

use std::fmt;
use std::str::FromStr;

use metaplastic_shared::board::{BAUD, Board};

use super::board;
use super::error::BodyError;

/// Which body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyName {
    /// The runtime in this process.
    Host,
    /// The firmware in an emulator, on a board of that name.
    Emulator(String),
    /// A real board at a serial port.
    Serial {
        /// The port, as the operating system names it.
        port: String,
        /// Bits a second.
        baud: u32,
    },
}

impl BodyName {
    /// Whether the body may keep plastic weights in a storage of its own. Which board is at a serial port, only the
    /// board knows.
    #[must_use]
    pub fn may_have_storage(&self) -> bool {
        match self {
            Self::Host => false,
            Self::Emulator(name) => Board::named(name).is_some_and(|board| !board.storage().is_empty()),
            Self::Serial { .. } => true,
        }
    }
}

impl FromStr for BodyName {
    type Err = BodyError;

    fn from_str(name: &str) -> Result<Self, BodyError> {
        match name.split_once(':') {
            None if name == "host" => Ok(Self::Host),
            Some(("emulator", name)) => Ok(Self::Emulator(board::emulated_board(name)?.name.to_owned())),
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
