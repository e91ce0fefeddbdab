//! From float to integer: exponents from the ranges seen, sections from the meta-parameters, an artifact of both.
//!
//! A quantity of largest magnitude `r` in `b` bits gets the exponent `floor(log2((2^(b-1) - 1) / r))`. This module
//! decides formats, one file per kind; what they mean, and every rounding while the network runs, belongs to
//! `shared` and `runtime`.

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
