//! Recall: values are shown, each with its cue, and have to be given back when their cues come again, in random order. No
//! world moves, and a decision is a value: supervised regression. This module may not know what remembers.
//!
//! What a network senses: a channel for each cue, 1 while its value is shown or due; the value, while it is shown; and
//! whether one is shown, 0 or 1. A step's cost is the squared error of the command, while a value is due.

mod controls;
mod parameters;
mod shown_values;
mod task;
#[cfg(test)]
mod tests;

pub use parameters::RecallParameters;
pub use shown_values::ShownValues;
pub use task::{DESCRIPTOR, RecallTask};
