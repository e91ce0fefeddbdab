//! Firmware: finding its source, building it around an artifact for a board, flashing it with probe-rs.
//!
//! It knows boards and artifacts as files; it knows neither a task nor what is sent to a board. The compiler for a board
//! is found by `metaplastic-build`.
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

mod browser;
mod build;
mod error;
mod flash;
mod source;
mod variables;

use std::path::Path;

use metaplastic_shared::board::Board;

pub use browser::build_for_browser;
pub use build::Firmware;
pub use error::FirmwareError;
pub use flash::flash;
pub use metaplastic_build::Toolchain;
pub use source::{FirmwareSource, PACKAGES};
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
