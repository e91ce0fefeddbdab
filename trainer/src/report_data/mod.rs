//! Collects the data of a report: reads the folder of a training and records an episode on the host body.
//!
//! ```
//! use std::fs;
//! use std::path::Path;
//!
//! use metaplastic::lives::Lives;
//! use metaplastic::report::render;
//! use metaplastic::report_data::{ReportRequest, collect};
//! use metaplastic::task::Tasks;
//!
//! // The page of a trained network, from its artifact alone.
//! let folder = tempfile::tempdir().unwrap();
//! fs::copy("../tests/artifacts/cue-association.plastic", folder.path().join("network.plastic")).unwrap();
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
//! assert_eq!((&*data.task, data.chance), ("cue-association", 0.5));
//! assert!(data.accuracies.iter().any(|row| row.accuracy > 0.97));
//! assert!(data.curve.is_empty()); // the artifact does not have it
//! assert!(render(&data).unwrap().contains("<svg"));
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
