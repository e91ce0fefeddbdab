//! Firmware: finding a compiler for a board, building its firmware around an artifact, flashing it with probe-rs.
//!
//! It knows boards and artifacts as files; it knows neither a task nor what is sent to a board.
//!
//! Two kinds of machine exist. Where rustup can download a target, its own compiler builds the firmware. Where it
//! cannot, a distribution's compiler (Debian: rustc-web) builds it against a `core` compiled once from the matching
//! library source (rust-web-src) into a sysroot in the user's cache. Nothing checked in may assume either kind.
//!
//! ```no_run
//! use std::path::Path;
//!
//! use metaplastic_files::artifact_file::ArtifactFile;
//! use metaplastic_host::body::board::board;
//! use metaplastic_host::firmware::build;
//!
//! // Compiles the firmware of a board, as `flash --output` does.
//! let artifact = ArtifactFile::read(Path::new("../../tests/artifacts/bandit.plastic")).unwrap();
//! build(board("pico").unwrap(), &artifact, Path::new("bandit.elf")).unwrap();
//! ```

mod build;
mod error;
mod flash;
mod source;
mod sysroot;
mod toolchain;
mod variables;

use std::path::Path;

use metaplastic_shared::board::Board;

pub use build::Firmware;
pub use error::FirmwareError;
pub use flash::flash;
pub use source::folder;
pub(crate) use source::source;
pub use toolchain::Toolchain;
pub use variables::{FOLDER_VARIABLE, PROBE_VARIABLE};

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_files::temporary::TemporaryFolder;

/// Builds a board's own firmware around an artifact, as an ELF file.
///
/// # Errors
/// If the firmware's source or the board's core library is missing, or the network does not fit the board.
pub fn build(board: &Board, artifact: &ArtifactFile, elf: &Path) -> Result<(), FirmwareError> {
    let folder = TemporaryFolder::new().map_err(FirmwareError::io("temporary folder"))?;
    let path = folder.path().join("network.plastic");
    artifact.write(&path)?;
    Firmware::of(board, &path).build(elf)
}
