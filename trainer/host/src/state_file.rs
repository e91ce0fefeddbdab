//! What a network has learned, in a file: one record of `docs/snapshot.md`, written and read by the runtime's own
//! code over a flash that is a vector.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use embedded_storage::nor_flash::{
    ErrorType, NorFlash, NorFlashErrorKind, ReadNorFlash, check_erase, check_read, check_write,
};
use metaplastic_runtime::snapshot::{self, Slot};
use metaplastic_runtime::{Network, NetworkStorage};

use crate::body::Host;
use crate::learned::Learned;
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_files::atomic;

/// A file's contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateFile {
    /// Number of this save: one more than that of the state it began with.
    pub save: u32,
    /// The plastic weights.
    pub learned: Learned,
}

impl StateFile {
    /// Reads and checks a file. It may be a slot read out of a board's flash: erased bytes behind the record are
    /// passed over.
    ///
    /// # Errors
    /// If it cannot be read, is damaged or not complete, or is not of this artifact; names the file.
    pub fn read(path: &Path, artifact: &ArtifactFile) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("{}: cannot be read", path.display()))?;
        Self::from_bytes(bytes, artifact).with_context(|| {
            format!("{}: not a usable state, `metaplastic evaluate --save-state` makes one", path.display())
        })
    }

    /// Writes the file; it appears whole or not at all.
    ///
    /// # Errors
    /// If it cannot be written; names the file.
    pub fn write(&self, path: &Path, artifact: &ArtifactFile) -> Result<()> {
        let bytes = self.to_bytes(artifact)?;
        atomic::write(path, &bytes).with_context(|| format!("{}: cannot be written", path.display()))
    }

    fn from_bytes(bytes: Vec<u8>, file: &ArtifactFile) -> Result<Self> {
        let mut flash = Bytes(bytes);
        let slot = flash.slot()?;
        with_host(file, |host| {
            let header = snapshot::read(&mut flash, slot, host.network_mut())?;
            let record = snapshot::record_bytes(header.length, header.unit) as usize;
            let written = flash.0[record..].iter().filter(|byte| **byte != 0xff).count();
            ensure!(written == 0, "snapshot: {written} bytes that are not erased behind the record's {record}");
            let learned = Learned::read(host, &file.artifact().manifest().network)?;
            Ok(Self { save: header.sequence, learned })
        })
    }

    fn to_bytes(&self, file: &ArtifactFile) -> Result<Vec<u8>> {
        let weights: usize = self.learned.projections().iter().map(|(_, weights)| weights.len()).sum();
        let length = snapshot::record_bytes(u32::try_from(2 * weights)?, snapshot::unit::<Bytes>());
        let mut flash = Bytes(vec![0; length as usize]);
        with_host(file, |host| {
            self.learned.write(host)?;
            let slot = flash.slot()?;
            snapshot::write(&mut flash, slot, host.network(), self.save)?;
            Ok(())
        })?;
        Ok(flash.0)
    }
}

/// A network at birth.
fn with_host<T>(file: &ArtifactFile, run: impl FnOnce(&mut Host<'_>) -> Result<T>) -> Result<T> {
    let artifact = file.artifact();
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    run(&mut Host::new(artifact, &mut storage)?)
}

/// A flash of single bytes.
struct Bytes(Vec<u8>);

impl Bytes {
    fn slot(&self) -> Result<Slot> {
        let length = u32::try_from(self.0.len()).context("snapshot: longer than 4 GiB")?;
        Ok(Slot { start: 0, length })
    }
}

impl ErrorType for Bytes {
    type Error = NorFlashErrorKind;
}

impl ReadNorFlash for Bytes {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), NorFlashErrorKind> {
        check_read(self, offset, bytes.len())?;
        let start = offset as usize;
        bytes.copy_from_slice(&self.0[start..start + bytes.len()]);
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.0.len()
    }
}

impl NorFlash for Bytes {
    const WRITE_SIZE: usize = 1;
    const ERASE_SIZE: usize = 1;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), NorFlashErrorKind> {
        check_erase(self, from, to)?;
        self.0[from as usize..to as usize].fill(0xff);
        Ok(())
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), NorFlashErrorKind> {
        check_write(self, offset, bytes.len())?;
        let start = offset as usize;
        self.0[start..start + bytes.len()].copy_from_slice(bytes);
        Ok(())
    }
}
