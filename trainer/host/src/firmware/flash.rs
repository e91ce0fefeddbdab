//! Writing firmware to a chip over a debug probe, with probe-rs.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use super::error::FirmwareError;

const PROBE_RS: &str = "probe-rs";

/// Writes firmware to a chip's flash over a debug probe, reads it back, and starts it.
///
/// # Errors
/// If probe-rs is missing or fails.
pub fn flash(chip: &str, elf: &Path) -> Result<(), FirmwareError> {
    let mut download = Command::new(PROBE_RS);
    probe(download.args(["download", "--chip", chip, "--verify"]).arg(elf))?;
    probe(Command::new(PROBE_RS).args(["reset", "--chip", chip]))
}

fn probe(command: &mut Command) -> Result<(), FirmwareError> {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy().into_owned()).collect();
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(FirmwareError::Probe { command: words.join(" "), status }),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(FirmwareError::NoProbeRs),
        Err(error) => Err(FirmwareError::io(PROBE_RS)(error)),
    }
}
