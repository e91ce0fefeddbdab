//! A checkpoint: all that a training needs to continue bit for bit, and the identity of that training.
//!
//! ```text
//! 0  magic "METACKPT"     8  format version, u16     10  CRC-32 of all after it, u32     14  postcard
//! ```
//!
//! Integers are little-endian. It appears atomically, and only the training it belongs to can read it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::state::TrainingState;
use crate::experiment::Experiment;
use metaplastic_files::atomic;
use metaplastic_shared::checksum::CRC;

const MAGIC: [u8; 8] = *b"METACKPT";
const VERSION: u16 = 3;
const BODY: usize = MAGIC.len() + 2 + 4;

/// Which training a checkpoint belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainingIdentity {
    /// Seed of start values and episodes.
    pub seed: u64,
    /// Meta-steps in all, which the learning rate depends on.
    pub meta_steps: u32,
    /// Name of the engine.
    pub engine: String,
    /// CRC-32 of each of the experiment's tables.
    pub tables: Vec<(String, u32)>,
}

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
    #[error("it belongs to another training: {what} was {saved}, now {requested}")]
    Differs {
        /// What differs.
        what: String,
        /// In the checkpoint.
        saved: String,
        /// In the training to resume.
        requested: String,
    },
}

impl TrainingIdentity {
    /// The identity of an experiment's training with an engine.
    #[must_use]
    pub fn new(experiment: &Experiment, engine: &str) -> Self {
        let tables = experiment.tables().map(|(name, text)| (name.to_owned(), CRC.checksum(text.as_bytes())));
        let (seed, meta_steps) = (experiment.meta.seed, experiment.meta.meta_steps);
        Self { seed, meta_steps, engine: engine.into(), tables: tables.into() }
    }

    /// Refuses the first thing in which the saved identity differs from `requested`.
    fn same(&self, requested: &Self) -> Result<(), CheckpointFault> {
        same("the seed", self.seed, requested.seed)?;
        same("the number of meta-steps", self.meta_steps, requested.meta_steps)?;
        same("the engine", &self.engine, &requested.engine)?;
        for ((name, saved), (_, requested)) in self.tables.iter().zip(&requested.tables) {
            let print = |checksum: &u32| format!("fingerprint {checksum:08x}");
            same(&format!("the experiment's [{name}]"), print(saved), print(requested))?;
        }
        Ok(())
    }
}

fn same<T: fmt::Display + PartialEq>(what: &str, saved: T, requested: T) -> Result<(), CheckpointFault> {
    if saved == requested {
        return Ok(());
    }
    Err(CheckpointFault::Differs { what: what.into(), saved: saved.to_string(), requested: requested.to_string() })
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

    /// Reads the state of the training that `identity` says.
    ///
    /// # Errors
    /// If there is no checkpoint, if it is damaged, or if it is another training's.
    pub fn load(path: &Path, identity: &TrainingIdentity) -> Result<TrainingState, CheckpointError> {
        Self::read(path, |checkpoint| {
            checkpoint.identity.same(identity)?;
            Ok(checkpoint.state)
        })
    }

    /// Reads the meta-parameters that the training of an experiment ended with, whatever engine it used.
    ///
    /// # Errors
    /// As [`load`](Self::load), or if the training has not ended.
    pub fn trained(path: &Path, experiment: &Experiment) -> Result<Vec<f32>, CheckpointError> {
        Self::read(path, |Self { identity, state }| {
            identity.same(&TrainingIdentity::new(experiment, &identity.engine))?;
            same("the meta-step", state.metrics.len(), experiment.meta.meta_steps as usize)?;
            Ok(state.deployed(experiment))
        })
    }

    /// What `take` takes of a checkpoint.
    fn read<T>(path: &Path, take: impl FnOnce(Self) -> Result<T, CheckpointFault>) -> Result<T, CheckpointError> {
        let bytes = std::fs::read(path).map_err(CheckpointFault::Read);
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
        postcard::from_bytes(body).map_err(|_| CheckpointFault::Damaged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constraints::{FreeParameters, Statistics};
    use crate::meta::metrics::Metrics;
    use crate::optimiser::Adam;

    fn checkpoint() -> TrainingCheckpoint {
        let metrics = Metrics {
            meta_step: 1,
            loss: 0.7,
            accuracy: 0.5,
            gradient_norm: 2.0,
            learning_rate: 1e-3,
            wall_seconds: 0.1,
        };
        let adam = Adam { first: vec![0.1, -0.2], second: vec![1e-30, 0.3], steps: 1 };
        let tables = vec![("task".into(), 1), ("network".into(), 2), ("meta".into(), 3)];
        TrainingCheckpoint {
            identity: TrainingIdentity { seed: 9, meta_steps: 20, engine: "fake".into(), tables },
            state: TrainingState {
                parameters: FreeParameters { network: vec![f32::MIN_POSITIVE, -0.0], gammas: vec![vec![0.25]] },
                statistics: vec![Statistics { mean: vec![0.5], variance: vec![2.0] }],
                adam,
                metrics: vec![metrics],
            },
        }
    }

    fn saved() -> (tempfile::TempDir, PathBuf, Vec<u8>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("checkpoint");
        checkpoint().save(&path).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        (folder, path, bytes)
    }

    #[test]
    fn what_is_read_is_what_was_written() {
        let (_folder, path, _) = saved();
        let state = TrainingCheckpoint::load(&path, &checkpoint().identity).unwrap();
        assert_eq!(state, checkpoint().state);
        assert!(state.parameters.network[1].is_sign_negative());
    }

    #[test]
    fn every_flipped_bit_and_every_other_length_is_refused() {
        let (_folder, _, bytes) = saved();
        for bit in 0..8 * bytes.len() {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(TrainingCheckpoint::decode(&damaged).is_err(), "bit {bit}");
        }
        for length in 0..bytes.len() {
            assert!(TrainingCheckpoint::decode(&bytes[..length]).is_err(), "length {length}");
        }
        assert!(matches!(TrainingCheckpoint::decode(&[&bytes[..], &[0]].concat()), Err(CheckpointFault::Damaged)));
    }

    #[test]
    fn each_kind_of_refusal_says_what_it_is() {
        let (_folder, _, mut bytes) = saved();
        assert!(matches!(
            TrainingCheckpoint::decode(b"PLASTIC\0 or something else"),
            Err(CheckpointFault::Foreign)
        ));
        bytes[8] = 1;
        assert!(matches!(TrainingCheckpoint::decode(&bytes), Err(CheckpointFault::Version { found: 1 })));
    }

    #[test]
    fn another_training_is_refused_by_what_differs() {
        let (_folder, path, _) = saved();
        let refusal = |change: fn(&mut TrainingIdentity)| {
            let mut identity = checkpoint().identity;
            change(&mut identity);
            TrainingCheckpoint::load(&path, &identity).unwrap_err().to_string()
        };
        assert!(refusal(|identity| identity.seed = 8).contains("the seed was 9, now 8"));
        assert!(refusal(|identity| identity.meta_steps = 30).contains("meta-steps was 20, now 30"));
        assert!(refusal(|identity| identity.engine = "real".into()).contains("the engine was fake, now real"));
        assert!(refusal(|identity| identity.tables[1].1 = 5).contains("the experiment's [network] was"));
    }
}
