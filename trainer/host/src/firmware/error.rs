//! Errors of building and flashing firmware.

use std::io;
use std::path::Path;
use std::process::ExitStatus;

use metaplastic_build::{CACHE_VARIABLE, ToolchainError};
use metaplastic_files::artifact_file::ArtifactFileError;
use metaplastic_files::source_tree::SourceTreeError;

use super::variables::{FOLDER_VARIABLE, PROBE_VARIABLE};

/// Why firmware could not be built or flashed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FirmwareError {
    /// There is no source of the firmware where it was said to be.
    #[error(
        "{folder}: the firmware's source is not there; set {FOLDER_VARIABLE} to the folder runtime/firmware of a clone \
         of the repository, or unset it: this program carries its own"
    )]
    NoSource {
        /// The folder that should have it.
        folder: String,
    },
    /// There is no folder to unpack the source into.
    #[error("there is no home for a cache that the firmware is built in: set {CACHE_VARIABLE} to a folder")]
    NoCache,
    /// The source could not be unpacked.
    #[error("the firmware's source: {0}")]
    Unpack(#[from] SourceTreeError),
    /// There is no cargo, which builds the firmware.
    #[error("cargo is not installed: the firmware is built with it, see https://rustup.rs")]
    NoCargo,
    /// There is no compiler with a core library for the board's target.
    #[error(transparent)]
    Toolchain(#[from] ToolchainError),
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
    #[error("probe-rs is not installed: see https://probe.rs, or write the firmware to a file with --output")]
    NoProbeRs,
    /// probe-rs failed; what it said is on standard error.
    #[error(
        "`{command}` failed ({status}): is the board connected, and by no other program used? Where several probes are \
         connected, set {PROBE_VARIABLE} to one of them, VID:PID or VID:PID:SERIAL as `probe-rs list` shows them"
    )]
    Probe {
        /// What was run.
        command: String,
        /// How it ended.
        status: ExitStatus,
    },
    /// The artifact could not be written for the build.
    #[error(transparent)]
    Artifact(#[from] ArtifactFileError),
    /// A file or process could not be used.
    #[error("{what}: {error}")]
    Io {
        /// What was tried.
        what: String,
        /// What went wrong.
        error: io::Error,
    },
}

impl FirmwareError {
    /// Whether this machine lacks what the firmware is built from or with.
    pub(crate) fn is_not_installed(&self) -> bool {
        matches!(
            self,
            Self::NoSource { .. }
                | Self::NoCache
                | Self::NoCargo
                | Self::Toolchain(ToolchainError::NoCoreLibrary { .. })
        )
    }

    /// Adds the name of a process, or of something else, to its error.
    pub(super) fn io(what: &str) -> impl Fn(io::Error) -> Self + use<> {
        let what = what.to_owned();
        move |error| Self::Io { what: what.clone(), error }
    }

    /// The same of a file or folder.
    pub(super) fn at(path: &Path) -> impl Fn(io::Error) -> Self + use<> {
        Self::io(&path.display().to_string())
    }
}
