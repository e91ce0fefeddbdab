//! Number formats: how integers represent the quantities of a network.
//!
//! A quantity with exponent `n` is the integer times `2^-n`. Decays are Q0.16 multipliers. This file has the
//! formats that are the same in every network: spikes, traces and modulator values are Q15.
//! The formats that each network chooses are with their [kind](crate::kinds).
//!
//! ```
//! use metaplastic_shared::format::{TRACE_EXPONENT, WEIGHT_EXPONENTS, row_length};
//!
//! // A trace of one quarter.
//! let trace = 8192_i16;
//! assert_eq!(f32::from(trace) * (-TRACE_EXPONENT as f32).exp2(), 0.25);
//! // 8 bits hold weights up to 127 * 2^8 at one end, and steps of 2^-15 at the other.
//! assert_eq!((127.0 * (-*WEIGHT_EXPONENTS.start() as f32).exp2(), *WEIGHT_EXPONENTS.end()), (32512.0, 15));
//! // A row of 13 synapses takes the room of 16.
//! assert_eq!(row_length(13), 16);
//! ```

use core::ops::RangeInclusive;

pub use crate::kinds::{
    Adaptation, CommandFormat, CommandScale, Exponents, FieldError, IncrementParts, LARGEST_LEAK, LEAK_EXPONENT,
    LeakFormat, LifFormat, ModulatorFormat, PlasticFormat, PopulationFormat, ProjectionFormat, TraceDecays,
    decays_lazily, increment_limit,
};

/// Fractional bits of traces, spikes as factors, adaptation and modulator values.
pub const TRACE_EXPONENT: i32 = 15;
/// Exponents of 8-bit weights: W and G.
pub const WEIGHT_EXPONENTS: RangeInclusive<i32> = -8..=15;
/// Rows of weights, plastic weights and eligibilities are padded to a multiple of this many synapses.
pub const ROW_PADDING: usize = 8;

/// Synapses in a row of a projection onto `post_size` neurons, padding included.
#[must_use]
pub const fn row_length(post_size: usize) -> usize {
    post_size.next_multiple_of(ROW_PADDING)
}
