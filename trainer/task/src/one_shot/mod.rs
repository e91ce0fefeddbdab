//! One-shot characters: see a drawing once with its label, recognise the character when another person draws it.
//!
//! An episode has `ways` classes: each is a character with a label, drawn at random. First, `shots` support samples
//! of each class are shown in random order, with the label in every step; then `queries` other drawings of each
//! class, in random order and without labels. With `continual`, classes come one by one instead: the support samples of
//! a class, then queries of every class known so far, among those known. Before every picture the state is reset, so that only plastic weights
//! carry information from one picture to the next.
//!
//! Every alphabet serves one purpose, so that no character of a test episode, nor a related one, occurs in
//! training.
//!
//! ```
//! use metaplastic_task::seed::Purpose;
//! use metaplastic_task::{Tasks, episodes};
//!
//! // Without Omniglot: characters of synthetic pen strokes.
//! let table = toml::toml! {
//!     name = "one-shot"
//!     source = "synthetic"
//!     ways = 3
//!     labels = 5
//! };
//! let task = Tasks::built_in().from_table(table).unwrap();
//! let episode = episodes(&*task, 1, Purpose::Test, 0..1).remove(0);
//! // Three pictures with labels, and another drawing of each without.
//! assert_eq!(episode.labelled_phases().count(), 3);
//! assert_eq!(episode.decisions.len(), 3);
//! assert!(episode.decisions.iter().all(|decision| decision.among == 3));
//! ```

mod archive;
mod archive_error;
mod benchmark_runs;
mod classes;
mod descriptor;
mod drawing;
mod episode_builder;
mod error;
mod library;
mod omniglot;
mod parameters;
mod picture;
mod polarity;
mod scan;
mod split;
mod stage;
mod synthetic;
mod task;
mod views;
mod warp;
mod zipped;

#[cfg(test)]
mod tests;

pub use archive_error::ArchiveError;
pub use benchmark_runs::{BenchmarkRunsError, runs_in_zip};
pub(crate) use descriptor::DESCRIPTOR;
pub use error::DataError;
pub use omniglot::drawings_in_zip;
pub use scan::DrawingError;
pub use synthetic::pen_strokes;
