//! Firmware by hand: building it for a board, and running it, emulated or over a debug probe.

use std::env;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use metaplastic_host::body::qemu::{QEMU, Time, qemu_arguments};
use metaplastic_host::firmware::Firmware;
use metaplastic_shared::board::{BOARDS, Board};

use crate::process::is_installed;

/// Builds one of a board's binaries around an artifact, its own where none is named.
pub(crate) fn build(board: &str, artifact: &Path, binary: Option<&str>, elf: &Path) -> Result<()> {
    let board = named(board)?;
    let binary = binary.unwrap_or(board.binary);
    Ok(Firmware { board, artifact, binary }.build(elf)?)
}

/// Replaces this process by the program that runs the firmware on the board that `METAPLASTIC_BOARD` names, as in
/// the build: QEMU, or probe-rs for a real board. Returns only on an error.
pub(crate) fn run(elf: &Path) -> Result<()> {
    let name = env::var("METAPLASTIC_BOARD").ok().filter(|name| !name.is_empty());
    let name = name.with_context(|| format!("METAPLASTIC_BOARD is not set; the boards are: {}", names()))?;
    let mut command = runner(named(&name)?)?;
    let error = command.arg(elf).exec();
    Err(error).with_context(|| command.get_program().to_string_lossy().into_owned())
}

fn runner(board: &Board) -> Result<Command> {
    if let Some(machine) = board.qemu() {
        ensure!(is_installed(QEMU), "{QEMU} is not installed; `tests/run.sh setup` installs it");
        let mut command = Command::new(QEMU);
        command.args(qemu_arguments(machine, Time::Hosts));
        return Ok(command);
    }
    let chip = board.chip.with_context(|| format!("'{}' is neither emulated by QEMU nor real", board.name))?;
    ensure!(is_installed("probe-rs"), "probe-rs is not installed: see https://probe.rs");
    let mut command = Command::new("probe-rs");
    command.args(["run", "--chip", chip]);
    Ok(command)
}

fn named(name: &str) -> Result<&'static Board> {
    Board::named(name).with_context(|| format!("unknown board '{name}'; the boards are: {}", names()))
}

fn names() -> String {
    BOARDS.each_ref().map(|board| board.name).join(" ")
}
