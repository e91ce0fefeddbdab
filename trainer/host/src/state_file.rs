//! The plastic weights of a network, in a file: one record of `docs/snapshot.md`, written and read by the runtime's
//! own code over a flash that is a vector.
//!
//! ```
//! use std::path::Path;
//!
//! use metaplastic_files::artifact_file::ArtifactFile;
//! use metaplastic_files::temporary::TemporaryFolder;
//! use metaplastic_host::evaluate::Evaluator;
//! use metaplastic_host::state_file::StateFile;
//! use metaplastic_shared::freeze::Freeze;
//! use metaplastic_task::CueAssociation;
//! use metaplastic_task::unseen::Unseen;
//!
//! let read = |name| ArtifactFile::read(&Path::new("../../tests/artifacts").join(name)).unwrap();
//! let artifact = read("cue-association.plastic");
//! let unseen = Unseen { task: &CueAssociation::default(), seed: 1, episodes: 1 };
//! let end = Evaluator::host(&artifact, Freeze::Nothing).evaluate(&unseen).unwrap();
//!
//! let folder = TemporaryFolder::new().unwrap();
//! let path = folder.path().join("learned.state");
//! let state = StateFile { save: 1, plastic_weights: end.plastic_weights };
//! state.write(&path, &artifact).unwrap();
//! assert_eq!(StateFile::read(&path, &artifact).unwrap(), state);
//! // Another network has other weights.
//! assert!(StateFile::read(&path, &read("bandit.plastic")).is_err());
//! ```

use std::io;
use std::path::{Path, PathBuf};

use embedded_storage::nor_flash::{
    ErrorType, NorFlash, NorFlashErrorKind, ReadNorFlash, check_erase, check_read, check_write,
};
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_files::{atomic, regular};
use metaplastic_runtime::snapshot::{self, SnapshotError, SnapshotSlot};
use metaplastic_runtime::{Network, NetworkStorage};

use crate::body::{BodyError, Host};
use crate::plastic_weights::PlasticWeights;

/// Why a state file could not be read or written; names the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateFileError {
    /// The file cannot be read.
    #[error("{}: cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// The file cannot be written.
    #[error("{}: cannot be written", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// What is in the file is not a state of the network.
    #[error("{}: not a usable state, `metaplastic evaluate --save-state` makes one", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: RecordError,
    },
    /// The weights do not make a record of the network.
    #[error("{}: cannot be made", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What is wrong with the weights.
        source: RecordError,
    },
}

/// Why bytes are not a record of the network's plastic weights, or weights do not make one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// Longer than the format allows.
    #[error("snapshot: {0} bytes, at most 4 GiB are allowed")]
    TooLong(usize),
    /// There is more than the record.
    #[error("snapshot: {written} bytes that are not erased behind the record's {record}")]
    Trailing {
        /// Bytes behind the record that are not erased.
        written: usize,
        /// Bytes of the record.
        record: usize,
    },
    /// The record is not sound or not of this network.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// The network cannot take or give the weights.
    #[error(transparent)]
    Body(#[from] BodyError),
}

/// A file's contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateFile {
    /// Number of this save: one more than that of the state it began with.
    pub save: u32,
    /// The plastic weights.
    pub plastic_weights: PlasticWeights,
}

impl StateFile {
    /// Reads and checks a file. It may be a slot read out of a board's flash: erased bytes behind the record are
    /// ignored.
    ///
    /// # Errors
    /// If it cannot be read, is damaged or not complete, or is not of this artifact; names the file.
    pub fn read(path: &Path, artifact: &ArtifactFile) -> Result<Self, StateFileError> {
        let bytes = regular::read(path, u32::MAX.into())
            .map_err(|source| StateFileError::Read { path: path.to_owned(), source })?;
        let unusable = |source| StateFileError::Unusable { path: path.to_owned(), source };
        Self::from_bytes(bytes, artifact).map_err(unusable)
    }

    /// Writes the file; it appears whole or not at all.
    ///
    /// # Errors
    /// If it cannot be written or the weights are not of this artifact; names the file.
    pub fn write(&self, path: &Path, artifact: &ArtifactFile) -> Result<(), StateFileError> {
        let unwritable = |source| StateFileError::Unwritable { path: path.to_owned(), source };
        let bytes = self.to_bytes(artifact).map_err(unwritable)?;
        atomic::write(path, &bytes).map_err(|source| StateFileError::Write { path: path.to_owned(), source })
    }

    /// The state in the bytes of a file.
    ///
    /// # Errors
    /// If they are damaged, not complete, or not of this artifact.
    pub fn from_bytes(bytes: Vec<u8>, file: &ArtifactFile) -> Result<Self, RecordError> {
        let mut flash = Bytes(bytes);
        let slot = flash.slot()?;
        with_host(file, |host| {
            let header = snapshot::read(&mut flash, slot, host.network_mut())?;
            let record = snapshot::record_bytes(header.length, header.unit) as usize;
            let written = flash.0[record..].iter().filter(|byte| **byte != 0xff).count();
            if written > 0 {
                return Err(RecordError::Trailing { written, record });
            }
            let plastic_weights = PlasticWeights::read(host, &file.artifact().manifest().network)?;
            Ok(Self { save: header.sequence, plastic_weights })
        })
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// If the weights are not of this artifact.
    pub fn to_bytes(&self, file: &ArtifactFile) -> Result<Vec<u8>, RecordError> {
        let weights: usize = self.plastic_weights.projections().iter().map(|(_, weights)| weights.len()).sum();
        let payload = snapshot::payload_bytes(weights).ok_or(RecordError::TooLong(2 * weights))?;
        let length = snapshot::record_bytes(payload, snapshot::unit::<Bytes>());
        let mut flash = Bytes(vec![0; length as usize]);
        with_host(file, |host| {
            self.plastic_weights.write(host)?;
            let slot = flash.slot()?;
            Ok(snapshot::write(&mut flash, slot, host.network(), self.save)?)
        })?;
        Ok(flash.0)
    }
}

/// Calls with a network in the initial state.
fn with_host<T>(
    file: &ArtifactFile,
    run: impl FnOnce(&mut Host<'_>) -> Result<T, RecordError>,
) -> Result<T, RecordError> {
    let artifact = file.artifact();
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    let mut host = Host::new(artifact, &mut storage).map_err(BodyError::from)?;
    run(&mut host)
}

/// A flash of single bytes.
struct Bytes(Vec<u8>);

impl Bytes {
    fn slot(&self) -> Result<SnapshotSlot, RecordError> {
        let length = u32::try_from(self.0.len()).map_err(|_| RecordError::TooLong(self.0.len()))?;
        Ok(SnapshotSlot { start: 0, length })
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
