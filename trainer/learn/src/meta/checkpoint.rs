//! A checkpoint: all that a training needs to continue bit for bit, and the identity of that training.
//!
//! ```text
//! 0  magic "METACKPT"     8  format version, u16     10  CRC-32 of all after it, u32     14  postcard
//! ```
//!
//! Integers are little-endian. It appears atomically, and only the training it belongs to can read it.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::identity::{Differences, TrainingIdentity};
use super::state::TrainingState;
use super::state_check::StateFault;
use crate::experiment::Experiment;
use metaplastic_files::{atomic, regular};
use metaplastic_shared::checksum::CRC;

const MAGIC: [u8; 8] = *b"METACKPT";
const VERSION: u16 = 5;
const BODY: usize = MAGIC.len() + 2 + 4;

/// A training between two meta-steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingCheckpoint {
    /// Which training it belongs to.
    pub identity: TrainingIdentity,
    /// Its state.
    pub state: TrainingState,
}

/// Why a checkpoint cannot be continued from.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {fault}", path = path.display())]
pub struct CheckpointError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub fault: CheckpointFault,
}

/// What is wrong with a checkpoint.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointFault {
    /// It cannot be read or written.
    #[error("{0}")]
    Read(io::Error),
    /// Another kind of file.
    #[error("this is not a checkpoint")]
    Foreign,
    /// Of another version.
    #[error("format version {found}, this program reads version {VERSION} alone")]
    Version {
        /// The file's.
        found: u16,
    },
    /// Truncated or changed.
    #[error("the checkpoint is damaged")]
    Damaged,
    /// Of another training.
    #[error("it belongs to another training: {0}")]
    Differs(Differences),
    /// Its state is none of this experiment's training.
    #[error("{0}; the file was changed, or another program wrote it")]
    State(StateFault),
    /// Of a training that has not ended.
    #[error("its training has not ended: {done} of {total} meta-steps are done")]
    Unfinished {
        /// Meta-steps done.
        done: usize,
        /// Meta-steps of the whole training.
        total: u32,
    },
}

impl TrainingCheckpoint {
    /// Writes the checkpoint in one piece.
    ///
    /// # Errors
    /// If the file cannot be written; an older one then stays as it was.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        let body = postcard::to_stdvec(self).map_err(io::Error::other)?;
        let checksum = CRC.checksum(&body).to_le_bytes();
        atomic::write(path, &[&MAGIC[..], &VERSION.to_le_bytes(), &checksum, &body].concat())
    }

    /// Reads the state of the training of an experiment that `identity` says.
    ///
    /// # Errors
    /// If there is no checkpoint, if it is damaged, or if it is another training's.
    pub fn load(
        path: &Path,
        experiment: &Experiment,
        identity: &TrainingIdentity,
    ) -> Result<TrainingState, CheckpointError> {
        Self::read(path, |Self { identity: saved, state }| {
            saved.same(identity).map_err(CheckpointFault::Differs)?;
            state.check(experiment).map_err(CheckpointFault::State)?;
            Ok(state)
        })
    }

    /// Reads the meta-parameters that the training of an experiment ended with, whatever engine it used.
    ///
    /// # Errors
    /// As [`load`](Self::load), or if the training has not ended.
    pub fn trained(path: &Path, experiment: &Experiment) -> Result<Vec<f32>, CheckpointError> {
        Self::read(path, |Self { identity, state }| {
            identity.same_experiment(experiment).map_err(CheckpointFault::Differs)?;
            state.check(experiment).map_err(CheckpointFault::State)?;
            let (done, total) = (state.metrics.len(), experiment.meta.meta_steps);
            if done < total as usize {
                return Err(CheckpointFault::Unfinished { done, total });
            }
            Ok(state.deployed(experiment))
        })
    }

    /// What `take` takes of a checkpoint.
    fn read<T>(path: &Path, take: impl FnOnce(Self) -> Result<T, CheckpointFault>) -> Result<T, CheckpointError> {
        let bytes = regular::read(path, u32::MAX.into()).map_err(CheckpointFault::Read);
        let taken = bytes.and_then(|bytes| Self::decode(&bytes)).and_then(take);
        taken.map_err(|fault| CheckpointError { path: path.into(), fault })
    }

    fn decode(bytes: &[u8]) -> Result<Self, CheckpointFault> {
        let header: &[u8; BODY] = bytes.first_chunk().ok_or(CheckpointFault::Foreign)?;
        if header[..MAGIC.len()] != MAGIC {
            return Err(CheckpointFault::Foreign);
        }
        let found = u16::from_le_bytes([header[8], header[9]]);
        if found != VERSION {
            return Err(CheckpointFault::Version { found });
        }
        let body = &bytes[BODY..];
        if header[10..] != CRC.checksum(body).to_le_bytes() {
            return Err(CheckpointFault::Damaged);
        }
        match postcard::take_from_bytes(body) {
            Ok((checkpoint, [])) => Ok(checkpoint),
            _ => Err(CheckpointFault::Damaged),
        }
    }
}

impl CheckpointError {
    /// What a user may do who wanted to continue. A checkpoint that is there is worth a folder of its own.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match &self.fault {
            CheckpointFault::Read(why) if why.kind() == io::ErrorKind::NotFound => {
                "to train from the beginning, start without --resume"
            }
            _ => {
                "to train from the beginning, choose another folder; --overwrite in place of --resume replaces this training"
            }
        }
    }
}

#[cfg(test)]
mod tests;
