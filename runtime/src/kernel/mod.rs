//! The loops over synapses and neurons, one place for all of them.
//!
//! A kernel sees slices and numbers and knows no network. [`portable`] defines what each computes, to the bit. On
//! cores with the DSP extension of the Armv7E-M or Armv8-M architecture, the hand-written twins in `dsp` are used
//! instead; `tests/` proves on the host that the two agree, the firmware's benchmark that they do on the core.

#[cfg(dsp)]
mod dsp;
pub mod portable;
pub mod tanh;

#[cfg(dsp)]
pub use dsp::{
    add_columns, add_rescaled, add_row, add_rows, change, decay_trace, eligibility_column, eligibility_row, halve,
    integrate, propagate_i8, propagate_i16,
};
pub use portable::{DenseRow, HALF, add_constant, add_products, row_increments, widen};
#[cfg(not(dsp))]
pub use portable::{
    add_columns, add_rescaled, add_row, add_rows, change, decay_trace, eligibility_column, eligibility_row, halve,
    integrate, propagate_i8, propagate_i16,
};

/// Which form of the kernels this build uses: `dsp` or `portable`.
pub const FORM: &str = if cfg!(dsp) { "dsp" } else { "portable" };
