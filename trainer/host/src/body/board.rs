//! The boards the firmware can be built for: `runtime/firmware/boards.toml`, read at compile time.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::BodyError;

const TABLE: &str = include_str!("../../../../runtime/firmware/boards.toml");

/// What running and flashing a board takes; the firmware's build reads the rest of the table.
#[derive(Clone, Debug, Deserialize)]
pub struct Board {
    /// The core, for readers.
    pub core: String,
    /// probe-rs' name of the chip, for boards that can be bought.
    pub chip: Option<String>,
    machine: Option<String>,
    cpu: Option<String>,
    emulator: Option<String>,
    flash_kib: u64,
    #[serde(default)]
    storage_kib: u64,
    ram_kib: u64,
    stack_kib: u64,
}

/// What emulates a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emulation<'b> {
    /// QEMU, semihosting as the byte stream.
    Qemu {
        /// Its machine.
        machine: &'b str,
        /// Its processor.
        cpu: &'b str,
    },
    /// A Node.js script in the firmware's folder, standard input and output as the byte stream.
    Node(&'b str),
}

impl Board {
    /// What emulates it, if anything does.
    #[must_use]
    pub fn emulation(&self) -> Option<Emulation<'_>> {
        let qemu = self.machine.as_deref().zip(self.cpu.as_deref());
        let node = self.emulator.as_deref().map(Emulation::Node);
        qemu.map(|(machine, cpu)| Emulation::Qemu { machine, cpu }).or(node)
    }

    /// Bytes of flash beside what is kept for learned weights.
    #[must_use]
    pub fn flash_bytes(&self) -> u64 {
        1024 * (self.flash_kib - self.storage_kib)
    }

    /// Bytes of RAM beside the stack.
    #[must_use]
    pub fn ram_bytes(&self) -> u64 {
        1024 * (self.ram_kib - self.stack_kib)
    }
}

fn table() -> BTreeMap<String, Board> {
    toml::from_str(TABLE).expect("boards.toml is part of this program and is tested")
}

fn names_of(wanted: impl Fn(&Board) -> bool) -> Vec<String> {
    table().into_iter().filter(|(_, board)| wanted(board)).map(|(name, _)| name).collect()
}

/// The names of the boards that an emulator runs.
#[must_use]
pub fn emulated() -> Vec<String> {
    names_of(|board| board.emulation().is_some())
}

/// The names of the boards that can be bought and flashed.
#[must_use]
pub fn real() -> Vec<String> {
    names_of(|board| board.chip.is_some())
}

/// A board by name.
///
/// # Errors
/// [`BodyError::UnknownBoard`], with the names there are.
pub fn board(name: &str) -> Result<Board, BodyError> {
    table().remove(name).ok_or_else(|| BodyError::UnknownBoard { name: name.to_owned() })
}

/// A board that is emulated, by name.
///
/// # Errors
/// If there is none of the name, or nothing emulates it.
pub fn emulated_board(name: &str) -> Result<Board, BodyError> {
    let board = board(name)?;
    if board.emulation().is_some() { Ok(board) } else { Err(BodyError::NotEmulated { name: name.to_owned() }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads() {
        let m4 = board("mps2-an386").unwrap();
        assert_eq!(m4.emulation(), Some(Emulation::Qemu { machine: "mps2-an386", cpu: "cortex-m4" }));
        assert_eq!((m4.flash_bytes(), m4.chip), (4 << 20, None));
        assert!(board("abacus").unwrap_err().to_string().contains("mps2-an386"));
    }

    #[test]
    fn every_board_is_emulated_or_real() {
        let (emulated, real) = (emulated(), real());
        assert!(table().keys().all(|name| emulated.contains(name) || real.contains(name)));
        assert!(emulated.contains(&"pico".into()) && real.contains(&"pico".into()));
        assert!(emulated_board("nrf52840-dk").unwrap_err().to_string().contains("serial:PORT"));
    }
}
