//! The numbers that a plant is written over: `f64` when it is stepped, a dual number when its derivative is taken, so
//! that no derivative is written by hand. This file may not know which plants there are.
//!
//! The dual numbers are `num-dual`'s. Of the crates with forward-mode derivatives over a static vector it is the one
//! that is kept up (0.15.1 of October 2026, Rust 1.89), runs on stable Rust, has the transcendental functions of the
//! standard library and stores its lanes on the stack: `DualSVec64<8>` takes eight derivatives in one pass.
//!
//! ```
//! use metaplastic_task::world::scalar::{PlantScalar, clamp};
//! use num_dual::Dual64;
//!
//! /// Written once, for numbers with and without derivatives.
//! fn motor<S: PlantScalar>(command: S) -> S {
//!     clamp(command * 2.0, 3.0)
//! }
//!
//! assert_eq!([motor(1.0), motor(2.0)], [2.0, 3.0]);
//! let slope = |command: f64| motor(Dual64::from(command).derivative()).eps;
//! assert_eq!([slope(1.0), slope(2.0)], [2.0, 0.0]); // none beyond the limit
//! ```

use num_dual::{Derivative, DualNum, DualSVec64};

/// Derivatives of one pass; one AVX-512 register, two of AVX2.
pub(crate) const LANES: usize = 8;

/// A number with the derivatives of one pass.
pub(crate) type Dual = DualSVec64<LANES>;

/// A real number, perhaps with derivatives.
pub trait PlantScalar: DualNum<Primitive = f64> + Copy {}

impl<T: DualNum<Primitive = f64> + Copy> PlantScalar for T {}

/// The value between `-limit` and `limit`; outside, its derivative is zero.
#[must_use]
pub fn clamp<S: PlantScalar>(value: S, limit: f64) -> S {
    match value {
        value if value > limit => S::from(limit),
        value if value < -limit => S::from(-limit),
        value => value,
    }
}

/// The smaller of a value and a limit; above, its derivative is zero.
#[must_use]
pub fn at_most<S: PlantScalar>(value: S, limit: f64) -> S {
    if value > limit { S::from(limit) } else { value }
}

/// The first value's part in a pass that takes the derivatives to the inputs from `first` on.
pub(crate) fn seeded(value: f64, index: usize, first: usize) -> Dual {
    let constant = Dual::from(value);
    match index.checked_sub(first) {
        Some(lane) if lane < LANES => constant.derivative(lane),
        _ => constant,
    }
}

/// Adds `weight` times the derivatives of a value.
pub(crate) fn add_derivatives(value: &Dual, weight: f64, sums: &mut [f64]) {
    let Derivative(Some(derivatives)) = &value.eps else { return };
    sums.iter_mut().zip(derivatives.iter()).for_each(|(sum, derivative)| *sum += weight * derivative);
}
