//! Tasks: what a network has to learn within one lifetime, the episodes they draw, and how answers are scored.
//!
//! This package may not know which network or body runs an episode.
#![forbid(unsafe_code)]

pub mod analog;
mod benchmark;
mod control;
mod control_scores;
mod cue_association;
mod descriptor;
pub mod episode;
mod error;
mod fit;
pub mod measure;
pub mod one_shot;
pub mod phase;
pub mod score;
pub mod seed;
pub mod table;
mod task;
mod tasks;
pub mod unseen;
pub mod windows;
pub mod world;

pub use benchmark::{BenchmarkRun, BenchmarkRuns};
pub use control::Control;
pub use control_scores::control_scores;
pub use cue_association::CueAssociation;
pub use descriptor::{Benchmark, BuiltInExperiment, FromTable, OptionValue, TaskDescriptor, TaskOption};
pub use error::TaskError;
pub use fit::fits;
pub use task::{InputLayout, Requirements, Task};
pub use tasks::{DATA, Tasks, data_table, locate_data};
pub use unseen::episodes;

/// The examples of the page about worlds.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/worlds.md")]
struct WorldsPage;

/// This package's own files.
pub const SOURCE: &[(&str, &[u8])] = metaplastic_source::source!("experiments");
