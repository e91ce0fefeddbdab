//! Building a board's firmware around an artifact, with `runtime/firmware/build.sh`, and flashing it, with probe-rs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::body::board::Board;
use metaplastic_files::artifact_file::ArtifactFile;

/// Exit status of `build.sh` where no core library for the board's target is installed.
const NO_CORE_LIBRARY: i32 = 3;

const PROBE_RS: &str = "probe-rs";

/// Why there is no firmware, or not on the board.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FirmwareError {
    /// The board's core library is missing.
    #[error("{0}")]
    NoCoreLibrary(String),
    /// The firmware does not fit the board.
    #[error(
        "the network is too large for '{board}': its firmware needs {need} bytes of {memory}, the board has {limit}"
    )]
    TooLarge {
        /// The board.
        board: String,
        /// `flash` or `RAM beside the stack`.
        memory: &'static str,
        /// Bytes needed.
        need: u64,
        /// Bytes there are.
        limit: u64,
    },
    /// The firmware could not be built.
    #[error("the firmware could not be built:\n{0}")]
    Build(String),
    /// There is no probe-rs.
    #[error("{PROBE_RS} is not installed: see https://probe.rs, or write the firmware to a file with --output")]
    NoProbeRs,
    /// probe-rs failed; what it said is on standard error.
    #[error("`{command}` failed ({status}): is the board connected, and by no other program used?")]
    Probe {
        /// What was run.
        command: String,
        /// How it ended.
        status: std::process::ExitStatus,
    },
    /// A file or process could not be used.
    #[error("{what}: {error}")]
    Io {
        /// What was tried.
        what: String,
        /// What went wrong.
        error: std::io::Error,
    },
}

/// Where the firmware's source is: in this repository, or where `METAPLASTIC_FIRMWARE` says.
#[must_use]
pub fn folder() -> PathBuf {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../../runtime/firmware");
    std::env::var_os("METAPLASTIC_FIRMWARE").map_or_else(|| own.into(), PathBuf::from)
}

/// Builds the firmware of a board around an artifact, as an ELF file.
///
/// # Errors
/// If the builder or the board's core library is missing, or the network does not fit the board.
pub fn build(name: &str, board: &Board, artifact: &ArtifactFile, elf: &Path) -> Result<(), FirmwareError> {
    let folder = tempfile::tempdir().map_err(io("temporary folder"))?;
    let path = folder.path().join("network.plastic");
    artifact.write(&path).map_err(|error| FirmwareError::Build(format!("{error:#}")))?;
    let script = self::folder().join("build.sh");
    let output = Command::new(&script).arg(name).arg(path).arg(elf).stdin(Stdio::null()).output();
    let output = output.map_err(io(&script.display().to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim_end().to_owned();
    if output.status.code() == Some(NO_CORE_LIBRARY) {
        return Err(FirmwareError::NoCoreLibrary(said));
    }
    Err(too_large(name, board, &said).unwrap_or(FirmwareError::Build(said)))
}

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
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(FirmwareError::NoProbeRs),
        Err(error) => Err(io(PROBE_RS)(error)),
    }
}

/// What the linker said if a memory region overflowed: every section beyond the end is reported with the whole
/// excess up to its own end, so that the largest counts.
fn too_large(name: &str, board: &Board, said: &str) -> Option<FirmwareError> {
    let excess = |region: &str| -> Option<u64> {
        let lines = said.lines().filter(|line| line.contains(region));
        let figures = lines.filter_map(|line| line.split_once("overflowed by ")?.1.split(' ').next()?.parse().ok());
        figures.max()
    };
    let regions = [("'RAM'", "RAM beside the stack", board.ram_bytes()), ("'FLASH'", "flash", board.flash_bytes())];
    regions.into_iter().find_map(|(region, memory, limit)| {
        let need = limit + excess(region)?;
        Some(FirmwareError::TooLarge { board: name.to_owned(), memory, need, limit })
    })
}

fn io(what: &str) -> impl Fn(std::io::Error) -> FirmwareError {
    let what = what.to_owned();
    move |error| FirmwareError::Io { what: what.clone(), error }
}
