//! Building firmware for boards, each ELF once a process.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// What a board is, of `boards.toml`.
#[derive(Clone, Debug, Deserialize)]
pub struct Board {
    /// The core, for readers.
    pub core: String,
    /// The Rust target.
    pub target: String,
    /// QEMU's machine; none for a board that QEMU does not emulate.
    #[serde(default)]
    pub machine: String,
    /// QEMU's processor.
    #[serde(default)]
    pub cpu: String,
    /// What is the stack's of the RAM.
    pub stack_kib: u32,
}

/// All boards by name.
///
/// # Panics
/// If `boards.toml` is damaged.
#[must_use]
pub fn boards() -> BTreeMap<String, Board> {
    toml::from_str(include_str!("../../../runtime/firmware/boards.toml")).expect("boards.toml is sound")
}

/// The repository's root.
#[must_use]
pub fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The trained network all boards are measured with.
#[must_use]
pub fn cue_association() -> PathBuf {
    repository().join("tests/artifacts/cue-association-sparse.plastic")
}

/// The ELF of a board's binary around an artifact.
///
/// # Errors
/// If it cannot be built, with what the build said.
pub fn build(board: &str, binary: &str, artifact: &Path) -> Result<PathBuf> {
    static BUILT: Mutex<BTreeMap<PathBuf, ()>> = Mutex::new(BTreeMap::new());
    let name = artifact.file_stem().unwrap_or_default().to_string_lossy();
    let elf = std::env::temp_dir().join(format!("metaplastic-{}/{board}-{binary}-{name}.elf", std::process::id()));
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if built.insert(elf.clone(), ()).is_none() {
        run_build(board, binary, artifact, &elf)?;
    }
    Ok(elf)
}

fn run_build(board: &str, binary: &str, artifact: &Path, elf: &Path) -> Result<()> {
    let script = repository().join("runtime/firmware/build.sh");
    let output = Command::new(&script).arg(board).arg(artifact).arg(elf).arg(binary).output();
    let output = output.with_context(|| script.display().to_string())?;
    if !output.status.success() {
        bail!("{binary} for {board}: {}", String::from_utf8_lossy(&output.stderr).trim_end());
    }
    Ok(())
}
