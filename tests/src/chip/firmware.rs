//! Builds firmware for boards, each ELF at most once in a process.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use metaplastic_host::body;
use metaplastic_host::firmware::Firmware;

/// The repository's root.
#[must_use]
pub fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The trained network that all boards are measured with.
#[must_use]
pub fn cue_association() -> PathBuf {
    repository().join("tests/artifacts/cue-association-sparse.plastic")
}

/// A trained network that every board has room for.
#[must_use]
pub fn weak_drive() -> PathBuf {
    repository().join("tests/artifacts/adaptive-control-weak-drive.plastic")
}

/// The ELF of a board's binary around an artifact.
///
/// # Errors
/// If there is no such board, or if the build fails, with its output.
pub fn build(board: &str, binary: &str, artifact: &Path) -> Result<PathBuf> {
    static BUILT: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
    let name = artifact.file_stem().unwrap_or_default().to_string_lossy();
    let elf = std::env::temp_dir().join(format!("metaplastic-{}/{board}-{binary}-{name}.elf", std::process::id()));
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if built.insert(elf.clone()) {
        let firmware = Firmware { board: body::board::board(board)?, artifact, binary };
        firmware.build(&elf).with_context(|| format!("{binary} for {board}"))?;
    }
    Ok(elf)
}
