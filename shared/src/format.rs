//! Number formats: how each quantity of a network is laid out in integers.
//!
//! A quantity with exponent `n` is the integer times `2^-n`. Decays are Q0.16 multipliers. Fixed formats that
//! no network changes are here: spikes, traces and modulator values are Q15, external signals Q12. What is laid out
//! anew for each network stands with its [kind](crate::kinds).

use core::ops::RangeInclusive;

pub use crate::kinds::{
    Adaptation, FieldError, IncrementParts, LifFormat, ModulatorFormat, PlasticFormat, PopulationFormat,
    ProjectionFormat, TraceDecays, decays_lazily, increment_limit,
};

/// Fractional bits of traces, spikes as factors, adaptation and modulator values.
pub const TRACE_EXPONENT: i32 = 15;
/// Fractional bits of external signals.
pub const SIGNAL_EXPONENT: i32 = 12;
/// Exponents that 8-bit weights may have: W, G and those of external signals.
pub const WEIGHT_EXPONENTS: RangeInclusive<i32> = -8..=15;
/// Rows of weights, plastic weights and eligibilities are padded to a multiple of this many synapses.
pub const ROW_PADDING: usize = 8;

/// Synapses in a row of a projection onto `post_size` neurons, padding included.
#[must_use]
pub const fn row_length(post_size: usize) -> usize {
    post_size.next_multiple_of(ROW_PADDING)
}
