//! Meta-training: descends on the meta-parameters of an experiment's network, lifetime by lifetime.
//!
//! One meta-step draws a batch of unseen episodes, asks an [`Engine`](crate::lifetime::Engine) for the gradient of
//! their mean loss, clips it and lets Adam take a step of the scheduled size. This module knows neither the task
//! nor how a lifetime is differentiated.

mod adam;
mod checkpoint;
mod clip;
mod constraints;
#[cfg(test)]
mod fake;
mod metrics;
mod normalised;
mod progress;
mod running;
mod schedule;
mod standardised;
mod train;

pub use adam::{Adam, AdamSettings};
pub use checkpoint::{Checkpoint, CheckpointError, CheckpointFault, Identity, State};
pub use clip::{clip, norm};
pub use constraints::Constraints;
pub use metrics::{Metrics, to_csv};
pub use normalised::{Deviation, Normalised, Statistics};
pub use progress::Progress;
pub use schedule::OneCycle;
pub use standardised::Standardised;
pub use train::{CHECKPOINT_FILE, METRICS_FILE, NonFinite, Observer, TrainError, TrainOptions, Trained, train};
