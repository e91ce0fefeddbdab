//! Errors of embedding an artifact. A build script that returns one prints it, in its debug form: that is its message.

use std::fmt;
use std::io;

use metaplastic_shared::artifact::DecodeError;

/// Why an artifact could not be embedded.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum EmbedError {
    /// An environment variable is missing.
    #[error("{name} is not set{hint}")]
    NotSet {
        /// Its name.
        name: &'static str,
        /// What sets it.
        hint: &'static str,
    },
    /// No such board.
    #[error("no board is called '{name}'; the boards are: {boards}")]
    NoBoard {
        /// The name that was given.
        name: String,
        /// Those that there are.
        boards: String,
    },
    /// The artifact would be refused by the firmware.
    #[error("{path}: {error}")]
    Artifact {
        /// Its file.
        path: String,
        /// What is wrong.
        error: DecodeError,
    },
    /// A file could not be read or written.
    #[error("{path}: {error}")]
    Io {
        /// The file.
        path: String,
        /// What went wrong.
        error: io::Error,
    },
}

impl fmt::Debug for EmbedError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}
