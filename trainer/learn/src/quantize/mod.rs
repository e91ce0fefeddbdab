//! From float to integer: exponents from the ranges seen, sections from the meta-parameters, an artifact of both.
//!
//! A quantity of largest magnitude `r` in `b` bits gets the exponent `floor(log2((2^(b-1) - 1) / r))`. This module
//! decides formats, one file per kind; what they mean, and every rounding while the network runs, belongs to
//! `shared` and `runtime`.
//!
//! ```
//! use metaplastic_learn::experiment::Experiment;
//! use metaplastic_learn::model::Parameter;
//! use metaplastic_learn::quantize::{Labels, Ranges, format_lines, quantize, raw_values};
//! use metaplastic_task::episodes;
//! use metaplastic_task::seed::Purpose;
//!
//! let experiment = Experiment::load("cue-association").unwrap();
//! let (model, flat) = (&experiment.model, experiment.initial(1));
//! let ranges = Ranges::observe(model, &flat, &episodes(&*experiment.task, 1, Purpose::Validation, 0..4));
//! let file = quantize(model, &flat, &ranges, Labels::default()).unwrap();
//!
//! // Each weight is within half a least significant bit of what it was.
//! let lines = format_lines(model, &flat, &ranges, &file.artifact().manifest());
//! let lsb = lines.iter().find(|line| line.quantity == "input>hidden.W").unwrap().lsb;
//! let slot = model.slot(Parameter::Weights(0)).unwrap();
//! let rounded = raw_values(slot, &file).unwrap();
//! let pairs = rounded.iter().zip(&flat[slot.range.clone()]);
//! assert!(pairs.into_iter().all(|(rounded, exact)| (rounded - exact).abs() <= 0.5 * lsb));
//! ```

mod artifact;
mod command;
mod dequantize;
mod format_line;
mod grid;
mod lif;
mod modulator;
mod plasticity;
mod population;
mod projection;
mod ranges;
mod trained;

pub use artifact::{Labels, format_lines, quantize};
pub use dequantize::{StartError, check_same_network, raw_values};
pub use format_line::FormatLine;
pub use grid::round;
pub use ranges::Ranges;
