//! All loops over synapses and neurons.
//!
//! A kernel sees slices and numbers and knows no network. [`portable`] defines what each computes, to the bit.
//! Where the compiler's code for it is far from what a core can do, hand-written twins are used instead: `dsp` on
//! cores with the DSP extension of the Armv7E-M or Armv8-M architecture, `armv6m` on Cortex-M0. `tests/` proves on
//! the host that twins agree, the firmware's benchmark that they do on the core.
//!
//! ```
//! use metaplastic_runtime::kernel::{self, portable};
//!
//! assert_eq!(kernel::FORM, "portable"); // on a host computer
//! let (mut total, mut same) = ([100, -3], [100, -3]);
//! kernel::add_rescaled(&mut total, &[7, 7], 1);
//! portable::add_rescaled(&mut same, &[7, 7], 1);
//! assert_eq!((total, same), ([104, 1], [104, 1])); // 3.5 is rounded half up
//! ```

#![allow(clippy::too_many_arguments, reason = "a kernel has the parameters of its equation")]

#[cfg(armv6m)]
mod armv6m;
#[cfg(any(dsp, armv6m))]
mod checks;
#[cfg(dsp)]
mod dsp;
pub mod portable;
pub mod tanh;

#[cfg(armv6m)]
pub use armv6m::{add_products, add_row, add_rows, change, change_and_leak, eligibility_row, row_increments};
#[cfg(dsp)]
pub use dsp::{
    add_columns, add_rescaled, add_row, add_rows, change, change_and_leak, decay_trace, eligibility_column,
    eligibility_row, halve, integrate, integrate_each, propagate_i8, propagate_i16, propagate_values,
};
pub use portable::{DenseRow, HALF, add_constant, widen};
#[cfg(not(dsp))]
pub use portable::{
    add_columns, add_rescaled, decay_trace, eligibility_column, halve, integrate, integrate_each, propagate_i8,
    propagate_i16, propagate_values,
};
#[cfg(not(armv6m))]
pub use portable::{add_products, row_increments};
#[cfg(not(any(dsp, armv6m)))]
pub use portable::{add_row, add_rows, change, change_and_leak, eligibility_row};

/// Which form of the kernels this build uses: `dsp`, `armv6m` or `portable`.
pub const FORM: &str = if cfg!(dsp) {
    "dsp"
} else if cfg!(armv6m) {
    "armv6m"
} else {
    "portable"
};
