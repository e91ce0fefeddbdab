//! The parts that checks of number formats share: ranges of fields, and bounds of sums.

use core::ops::RangeInclusive;

/// The reasons for which a field of a number format is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FieldError {
    /// The format is for another kind of population or projection.
    #[error("its format is for another kind ({0})")]
    Kind(&'static str),
    /// The field is out of its range.
    #[error("{field} is {value}, not in {low}..={high}")]
    Range {
        /// The field.
        field: &'static str,
        /// Its value.
        value: i32,
        /// The least allowed.
        low: i32,
        /// The most allowed.
        high: i32,
    },
}

/// Exponents of 16-bit quantities.
pub(super) const EXPONENT: RangeInclusive<i32> = 0..=15;
/// Values of quantities that cannot be below zero.
pub(super) const NOT_NEGATIVE: RangeInclusive<i32> = 0..=i16::MAX as i32;
/// Right shifts that [`rescale`](crate::arithmetic::rescale) takes.
pub(super) const SHIFT: RangeInclusive<i32> = -15..=30;
/// Right shifts that [`round_shift`](crate::arithmetic::round_shift) takes.
pub(super) const RIGHT_SHIFT: RangeInclusive<i32> = 0..=30;

pub(super) fn within(field: &'static str, value: i32, range: RangeInclusive<i32>) -> Result<(), FieldError> {
    if range.contains(&value) {
        return Ok(());
    }
    Err(FieldError::Range { field, value, low: *range.start(), high: *range.end() })
}

/// An upper bound of `|value| * 2^-shift`, rounding included.
pub(super) fn bound_of_scaled(value: i64, shift: i32) -> i64 {
    if shift >= 0 { (value >> shift) + 1 } else { value << -shift }
}
