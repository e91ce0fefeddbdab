//! Meta-training: descends on the meta-parameters of an experiment's network, lifetime by lifetime.
//!
//! One meta-step draws a batch of unseen episodes, asks an [`Engine`](crate::lifetime::Engine) for the gradient of
//! their mean loss, clips it and lets Adam take a step of the scheduled size. This module knows neither the task
//! nor how a lifetime is differentiated.

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
pub use diagnosis::Diagnosis;
pub use identity::{Differences, Fact, TrainingIdentity};
pub use lanes::Lane;
pub use memory::{evaluation_memory, memory};
pub use metrics::{Metrics, MetricsWriter, to_csv};
pub use state::TrainingState;
pub use state_check::StateFault;
pub use train::{CHECKPOINT_FILE, METRICS_FILE, NonFinite, Observer, TrainError, TrainOptions, Trained, train};
