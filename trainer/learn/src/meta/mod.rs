//! Meta-training: descends on the meta-parameters of an experiment's network, lifetime by lifetime.
//!
//! One meta-step draws a batch of unseen episodes, asks an [`Engine`](crate::lifetime::Engine) for the gradient of
//! their mean loss, clips it and lets Adam take a step of the scheduled size. This module knows neither the task
//! nor how a lifetime is differentiated.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//!
//! use metaplastic_learn::autodiff::FusedEngine;
//! use metaplastic_learn::experiment::Experiment;
//! use metaplastic_learn::lifetime::fused::FusedLifetime;
//! use metaplastic_learn::meta::{CHECKPOINT_FILE, TrainOptions, TrainingCheckpoint, train};
//!
//! let mut experiment = Experiment::load("cue-association").unwrap();
//! (experiment.meta.batch, experiment.meta.meta_steps) = (4, 3);
//! let (folder, stop) = (tempfile::tempdir().unwrap(), AtomicBool::new(false));
//! let options = TrainOptions { folder: folder.path(), resume: false, checkpoint_every: 100, stop: &stop };
//! let trained = train(&experiment, &FusedEngine::new(FusedLifetime::default()), options, &mut ()).unwrap();
//! assert_eq!((trained.metrics.len(), trained.skipped()), (3, 0));
//! assert_ne!(trained.parameters, experiment.initial(experiment.meta.seed));
//! // What was trained is in the folder.
//! let saved = TrainingCheckpoint::trained(&folder.path().join(CHECKPOINT_FILE), &experiment).unwrap();
//! assert_eq!(saved, trained.parameters);
//! ```

mod checkpoint;
mod diagnosis;
#[cfg(test)]
mod fake;
mod identity;
mod lanes;
mod memory;
mod metrics;
mod running_statistics;
mod state;
mod state_check;
mod train;

pub use checkpoint::{CheckpointError, CheckpointFault, TrainingCheckpoint};
pub use diagnosis::{Diagnosis, unseen_diagnosis};
pub use identity::{Differences, Fact, TrainingIdentity};
pub use lanes::Lane;
pub use memory::{evaluation_memory, memory};
pub use metrics::{Metrics, MetricsWriter, to_csv};
pub use state::TrainingState;
pub use state_check::StateFault;
pub use train::{CHECKPOINT_FILE, METRICS_FILE, NonFinite, Observer, TrainError, TrainOptions, Trained, train};
