//! Collects the data of a report: reads the folder of a training and records an episode on the host body.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//!
//! use metaplastic::learn::autodiff::FusedEngine;
//! use metaplastic::learn::experiment::Experiment;
//! use metaplastic::learn::lifetime::fused::FusedLifetime;
//! use metaplastic::learn::meta::{TrainOptions, train};
//! use metaplastic::lives::Lives;
//! use metaplastic::report::render;
//! use metaplastic::report_data::{ReportRequest, collect};
//! use metaplastic::task::Tasks;
//! use metaplastic::task::unseen::Unseen;
//! use metaplastic::training_summary::trained_artifact;
//!
//! // The folder of a training, of which two meta-steps are enough here.
//! let mut experiment = Experiment::load("cue-association-one-episode").unwrap();
//! (experiment.meta.batch, experiment.meta.meta_steps) = (4, 2);
//! let (folder, stop) = (tempfile::tempdir().unwrap(), AtomicBool::new(false));
//! let options = TrainOptions { folder: folder.path(), resume: false, checkpoint_every: 100, stop: &stop };
//! let trained = train(&experiment, &FusedEngine::new(FusedLifetime::default()), options, &mut ()).unwrap();
//! let unseen = Unseen { task: &*experiment.task, seed: 1, episodes: 16 };
//! let command = "metaplastic train mine.toml".to_owned();
//! trained_artifact(&experiment, &trained, &unseen, command).unwrap().write(folder.path()).unwrap();
//!
//! let data = collect(&ReportRequest {
//!     tasks: &Tasks::built_in(),
//!     folder: folder.path(),
//!     data: None,
//!     beside: None,
//!     lives: Some(Lives { life: 2, lives: 4 }),
//!     life_figure: false,
//!     memory_limit: 1_000_000_000,
//!     quiet: true,
//! }).unwrap();
//! assert_eq!((&*data.task, data.chance, data.curve.len()), ("cue-association", 0.5, 2));
//! assert_eq!(data.accuracies.iter().map(|row| row.decisions).max(), Some(4 * 16));
//! assert!(render(&data).unwrap().contains("metaplastic train mine.toml"));
//! ```

mod collect;
mod life;
mod metrics_table;
mod pictures;
mod plastic_recorder;
mod record;
mod request;
mod world;

pub use collect::collect;
pub use record::{Recording, record};
pub use request::ReportRequest;
