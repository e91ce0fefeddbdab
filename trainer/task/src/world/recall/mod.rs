//! Recall: values are shown, each with its cue, and have to be given back when their cues come again, in random order. No
//! world moves, and a decision is a value: supervised regression. This module may not know what remembers.
//!
//! What a network senses: a channel for each cue, 1 while its value is shown or due; the value, while it is shown; and
//! whether one is shown, 0 or 1. A step's cost is the squared error of the command, while a value is due.
//!
//! ```
//! use metaplastic_task::seed::{Purpose, rng};
//! use metaplastic_task::world::recall::{RecallParameters, ShownValues};
//!
//! let parameters = RecallParameters { values: 4, ..RecallParameters::default() };
//! assert_eq!((parameters.steps(), parameters.channels()), (120, 6));
//! let shown = ShownValues::draw(parameters, &mut rng(1, Purpose::Training, 0));
//! assert!(shown.values().iter().all(|value| value.abs() <= 1.0));
//! let mut order = shown.order().to_vec();
//! order.sort();
//! assert_eq!(order, [0, 1, 2, 3]); // each is due once
//!
//! let impossible = RecallParameters { settling_steps: 15, ..RecallParameters::default() };
//! assert_eq!(impossible.checked().unwrap_err().to_string(), "task.settling_steps = 15 is not in 0..=14");
//! ```

mod controls;
mod parameters;
mod shown_values;
mod task;
#[cfg(test)]
mod tests;

pub use parameters::RecallParameters;
pub use shown_values::ShownValues;
pub use task::{DESCRIPTOR, RecallTask};
