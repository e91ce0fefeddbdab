//! Windows of sensors: labelled pieces of measured signals, from files, of which a network learns new classes from a few.
//!
//! An episode has `ways` classes, each with a label, drawn at random. First, `shots` support samples of each class are shown
//! in random order, with the label in every step; then `queries` other windows of each class, in random order and without
//! labels. Before every window the state is reset, so that only plastic weights carry information from one to the next.
//!
//! Every class, or every group (subject, machine, session), serves one purpose as a whole, training, validation or test. Values
//! are resampled, standardised and encoded by the integer code that a chip runs; the constants are parameters of the task, and
//! travel in the artifact.

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
