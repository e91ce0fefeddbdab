//! Windows of sensors: labelled pieces of measured signals, from files, of which a network learns new classes from a few.
//!
//! An episode has `ways` classes, each with a label, drawn at random. First, `shots` support samples of each class are shown
//! in random order, with the label in every step; then `queries` other windows of each class, in random order and without
//! labels. Before every window the state is reset, so that only plastic weights carry information from one to the next.
//!
//! Every class, or every group (subject, machine, session), serves one purpose as a whole, training, validation or test. Values
//! are resampled, standardised and encoded by the integer code that a chip runs; the constants are parameters of the task, and
//! travel in the artifact.
//!
//! ```
//! use metaplastic_task::seed::Purpose;
//! use metaplastic_task::{Tasks, episodes};
//!
//! // Without files: vibrations of machines, three states in an episode, two windows of each with a label.
//! let table = toml::toml! {
//!     name = "windows"
//!     source = "synthetic"
//!     ways = 3
//!     shots = 2
//!     queries = 4
//! };
//! let task = Tasks::built_in().from_table(table).unwrap();
//! let episode = episodes(&*task, 1, Purpose::Test, 0..1).remove(0);
//! assert_eq!((episode.labelled_phases().count(), episode.decisions.len()), (6, 12));
//! // Every window begins anew: only synapses remember.
//! assert!(episode.decisions.iter().all(|decision| episode.resets_state_before(decision.start)));
//! ```

mod choices;
mod delimited;
mod descriptor;
mod draw;
mod encoded;
mod episode_builder;
mod error;
mod nearest;
mod numpy;
mod parameters;
mod raw;
mod set;
mod signal;
mod source;
mod split;
mod standardisation;
mod synthetic;
mod task;
mod ts;
mod whitening;

#[cfg(test)]
mod tests;

pub(crate) use descriptor::DESCRIPTOR;
pub use error::WindowsError;
pub use source::windows_in_bytes;
