//! Errors of finding or making a core library.

use std::io;
use std::path::Path;

/// Why there is no compiler for a board.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ToolchainError {
    /// The core library of the board's target is missing.
    #[error(
        "no core library for {target}: `rustup target add {target}` installs it; where rustup cannot download it, \
         install rustc-web, rust-web-src and lld of Debian, and it is compiled from them (in a clone of the repository, \
         `tests/run.sh setup` does either)"
    )]
    NoCoreLibrary {
        /// The target.
        target: String,
    },
    /// The core library could not be compiled.
    #[error("the core library could not be compiled: {0}")]
    Compilation(String),
    /// A file or process could not be used.
    #[error("{what}: {error}")]
    Io {
        /// What was tried.
        what: String,
        /// What went wrong.
        error: io::Error,
    },
}

impl ToolchainError {
    /// Adds the name of a process, or of something else, to its error.
    pub(crate) fn io(what: &str) -> impl Fn(io::Error) -> Self + use<> {
        let what = what.to_owned();
        move |error| Self::Io { what: what.clone(), error }
    }

    /// The same of a file or folder.
    pub(crate) fn at(path: &Path) -> impl Fn(io::Error) -> Self + use<> {
        Self::io(&path.display().to_string())
    }
}
