//! An artifact in a file or in memory, aligned as the decoder requires.
//!
//! ```
//! use std::path::Path;
//!
//! use metaplastic_files::artifact_file::ArtifactFile;
//!
//! let file = ArtifactFile::read(Path::new("../../tests/artifacts/bandit.plastic")).unwrap();
//! assert_eq!(file.artifact().manifest().task, "bandit");
//!
//! let mut damaged = file.bytes().to_vec();
//! damaged[1000] ^= 1;
//! assert!(ArtifactFile::from_bytes(&damaged).is_err());
//!
//! let missing = ArtifactFile::read(Path::new("no-such.plastic")).unwrap_err();
//! assert_eq!(missing.to_string(), "no-such.plastic: cannot be read");
//! ```

use std::io;
use std::path::Path;

use crate::{atomic, regular};
use metaplastic_shared::artifact::{Artifact, DecodeError, EncodeError, Manifest, Section, encode, encoded_length};

/// Limit of the size of an artifact's file, bytes: a thousand times that of the largest board. It is in memory twice while
/// it is checked.
const MOST_BYTES: u64 = 1 << 30;

/// Why an artifact's file cannot be read or written; names the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArtifactFileError {
    /// The operating system cannot read it.
    #[error("{path}: cannot be read")]
    Read {
        /// The file.
        path: String,
        /// What the operating system reports.
        source: io::Error,
    },
    /// The decoder refuses its contents.
    #[error("{path}: not a usable artifact, `metaplastic train` makes one")]
    Decode {
        /// The file.
        path: String,
        /// What the decoder reports.
        source: DecodeError,
    },
    /// The operating system cannot write it.
    #[error("{path}: cannot be written")]
    Write {
        /// The file.
        path: String,
        /// What the operating system reports.
        source: io::Error,
    },
}

/// The bytes of a checked artifact.
#[derive(Clone, Debug)]
pub struct ArtifactFile {
    words: Vec<u64>,
    length: usize,
}

impl ArtifactFile {
    /// Checks bytes and copies them.
    ///
    /// # Errors
    /// If the decoder refuses them.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut words = vec![0; bytes.len().div_ceil(8)];
        bytemuck::cast_slice_mut(&mut words)[..bytes.len()].copy_from_slice(bytes);
        let file = Self { words, length: bytes.len() };
        Artifact::decode(file.bytes()).map(|_| ())?;
        Ok(file)
    }

    /// Encodes a manifest and its sections, see [`encode`].
    ///
    /// # Errors
    /// If the encoder refuses them.
    pub fn encode<'s>(
        manifest: &Manifest<'_>,
        contents: impl FnMut(Section) -> &'s [u8],
    ) -> Result<Self, EncodeError> {
        let length = encoded_length(manifest)?;
        let mut words = vec![0_u64; length.div_ceil(8)];
        encode(manifest, contents, &mut bytemuck::cast_slice_mut(&mut words)[..length])?;
        Ok(Self { words, length })
    }

    /// Reads and checks a file.
    ///
    /// # Errors
    /// If it cannot be read or the decoder refuses it.
    pub fn read(path: &Path) -> Result<Self, ArtifactFileError> {
        let name = || path.display().to_string();
        let bytes =
            regular::read(path, MOST_BYTES).map_err(|source| ArtifactFileError::Read { path: name(), source })?;
        Self::from_bytes(&bytes).map_err(|source| ArtifactFileError::Decode { path: name(), source })
    }

    /// Writes the file atomically.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), ArtifactFileError> {
        let name = path.display().to_string();
        atomic::write(path, self.bytes()).map_err(|source| ArtifactFileError::Write { path: name, source })
    }

    /// The bytes, 8-byte aligned.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &bytemuck::cast_slice(&self.words)[..self.length]
    }

    /// The artifact.
    #[must_use]
    pub fn artifact(&self) -> Artifact<'_> {
        Artifact::decode(self.bytes()).expect("the constructors checked these bytes")
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use std::fs;

    use super::*;

    #[test]
    fn faults_name_the_file_and_have_a_cause() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("network.plastic");
        let missing = ArtifactFile::read(&path).unwrap_err();
        assert_eq!(missing.to_string(), format!("{}: cannot be read", path.display()));
        fs::write(&path, b"none").unwrap();
        let damaged = ArtifactFile::read(&path).unwrap_err();
        assert!(damaged.to_string().starts_with(&format!("{}: not a usable artifact", path.display())));
        assert!(missing.source().is_some() && damaged.source().is_some());
    }
}
