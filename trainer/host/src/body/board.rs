//! The boards as the command line names them: the table of [`metaplastic_shared::board`], with errors that list the
//! names.
//!
//! ```
//! use metaplastic_host::body::board::{board, emulated_board};
//!
//! assert_eq!(board("pico").unwrap().core, "Cortex-M0+ (RP2040)");
//! let error = emulated_board("nrf52840-dk").unwrap_err().to_string();
//! assert!(error.contains("use one of") && error.contains("mps2-an386"), "{error}");
//! ```

use metaplastic_shared::board::{self, Board};

/// Why a board is not available.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BoardError {
    /// No such board.
    #[error(
        "no board is called '{name}'; emulated: {emulated}; to flash: {real}",
        emulated = emulated_names(),
        real = real_names()
    )]
    Unknown {
        /// The name that was given.
        name: String,
    },
    /// The board cannot be emulated, or not so that it counts instructions.
    #[error(
        "'{name}' is not emulated like that; use one of {boards}, or the board itself with serial:PORT",
        boards = emulated_names()
    )]
    NotEmulated {
        /// The board.
        name: String,
    },
}

/// The names of the boards that an emulator runs, separated by commas.
#[must_use]
pub fn emulated_names() -> String {
    joined(board::emulated())
}

/// The names of the boards that can be bought and flashed, separated by commas.
#[must_use]
pub fn real_names() -> String {
    joined(board::real())
}

fn joined(boards: impl Iterator<Item = &'static Board>) -> String {
    boards.map(|board| board.name).collect::<Vec<_>>().join(", ")
}

/// A board by name.
///
/// # Errors
/// [`BoardError::Unknown`], with the names there are.
pub fn board(name: &str) -> Result<&'static Board, BoardError> {
    Board::named(name).ok_or_else(|| BoardError::Unknown { name: name.to_owned() })
}

/// A board that is emulated, by name.
///
/// # Errors
/// If there is none of the name, or nothing emulates it.
pub fn emulated_board(name: &str) -> Result<&'static Board, BoardError> {
    let board = board(name)?;
    if board.emulation.is_some() { Ok(board) } else { Err(BoardError::NotEmulated { name: name.to_owned() }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_lists_the_boards_there_are() {
        assert!(board("abacus").unwrap_err().to_string().contains("mps2-an386"));
        assert!(emulated_board("nrf52840-dk").unwrap_err().to_string().contains("serial:PORT"));
        assert_eq!(real_names(), "pico, nrf52840-dk, stm32f4-discovery");
    }
}
