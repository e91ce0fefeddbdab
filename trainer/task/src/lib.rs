//! Tasks: what a network has to learn within one lifetime, the episodes they draw, and how answers are scored.
//!
//! A [`Task`] draws [`episode::Episode`]s and says what a network must have; a [`TaskDescriptor`] says how it is made, and
//! [`Tasks`] are all that a program has. In a [`world`] what a network does changes what it senses. [`unseen`] numbers the
//! episodes that training never sees, and a [`score::Score`] counts answers. This package may not know which network or body
//! runs an episode.
//!
//! ```
//! use metaplastic_task::seed::Purpose;
//! use metaplastic_task::{Tasks, episodes};
//!
//! // A cue association with six cues, as an experiment or an artifact describes it in its `[task]` table.
//! let task = Tasks::built_in().from_text("name = \"cue-association\"\ncues = 6", toml::Table::new()).unwrap();
//! assert_eq!((task.chance(), task.requirements().classes), (0.5, 2));
//! let episode = episodes(&*task, 1, Purpose::Test, 0..1).remove(0);
//! assert_eq!((episode.steps, episode.decisions.len()), (task.steps(Purpose::Test), 6));
//!
//! let unknown = Tasks::built_in().from_text("name = \"chess\"", toml::Table::new()).unwrap_err().to_string();
//! assert!(unknown.contains("cue-association"), "{unknown}"); // those that there are
//! ```
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
pub mod scene;
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
