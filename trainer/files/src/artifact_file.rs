//! An artifact in a file or in memory, aligned as the decoder wants it.

use std::fs;
use std::path::Path;

use crate::atomic;
use anyhow::{Context, Result};
use metaplastic_shared::artifact::{Artifact, DecodeError, EncodeError, Manifest, Section, encode, encoded_length};

/// The bytes of a checked artifact.
#[derive(Clone, Debug)]
pub struct ArtifactFile {
    words: Vec<u64>,
    length: usize,
}

impl ArtifactFile {
    /// Checks bytes and keeps a copy.
    ///
    /// # Errors
    /// What the decoder refuses.
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
    /// What the encoder refuses.
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
    /// If it cannot be read or is not a sound artifact; names the file.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("{}: cannot be read", path.display()))?;
        Self::from_bytes(&bytes)
            .with_context(|| format!("{}: not a usable artifact, `metaplastic train` makes one", path.display()))
    }

    /// Writes the file; it appears whole or not at all.
    ///
    /// # Errors
    /// If it cannot be written; names the file.
    pub fn write(&self, path: &Path) -> Result<()> {
        atomic::write(path, self.bytes()).with_context(|| format!("{}: cannot be written", path.display()))
    }

    /// The raw bytes, 8-byte aligned.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &bytemuck::cast_slice(&self.words)[..self.length]
    }

    /// The artifact.
    #[must_use]
    pub fn artifact(&self) -> Artifact<'_> {
        Artifact::decode(self.bytes()).expect("its bytes were checked when it was made")
    }
}
