//! Range checks of the values that a user writes.
//!
//! ```
//! use metaplastic_files::limit::within;
//!
//! assert!(within("meta.batch", 32.0, 1.0..=4096.0).is_ok());
//! let error = within("meta.batch", 0.0, 1.0..=4096.0).unwrap_err();
//! assert_eq!(error.to_string(), "meta.batch = 0 is not in 1..=4096");
//! assert!(within("meta.learning_rate", f64::NAN, 0.0..=1.0).is_err());
//! ```

use std::fmt;
use std::ops::RangeInclusive;

/// A value is out of its range.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{field} = {} is not in {}..={}", Number(*value), Number(*low), Number(*high))]
#[non_exhaustive]
pub struct OutOfRange {
    /// The field as in TOML, with its table.
    pub field: String,
    /// The value.
    pub value: f64,
    /// The smallest permitted value.
    pub low: f64,
    /// The largest permitted value.
    pub high: f64,
}

/// A number as errors print it: `1e-9` instead of `0.000000001`.
struct Number(f64);

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(value) = self;
        let magnitude = value.abs();
        let is_short = magnitude == 0.0 || (1e-4..1e9).contains(&magnitude) || !value.is_finite();
        if is_short { write!(formatter, "{value}") } else { write!(formatter, "{value:e}") }
    }
}

/// A range as errors print it: `1..=256`.
#[must_use]
pub fn limits(range: &RangeInclusive<f64>) -> String {
    format!("{}..={}", Number(*range.start()), Number(*range.end()))
}

/// Checks that a value is in a range; NaN is in none.
///
/// # Errors
/// [`OutOfRange`].
pub fn within(
    field: impl Into<String>,
    value: impl Into<f64>,
    range: RangeInclusive<f64>,
) -> Result<(), OutOfRange> {
    let value = value.into();
    if range.contains(&value) {
        return Ok(());
    }
    Err(OutOfRange { field: field.into(), value, low: *range.start(), high: *range.end() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_refusal_names_field_value_and_limits() {
        let refusal = within("task.cues", 0_u16, 1.0..=256.0).unwrap_err();
        assert_eq!(refusal.to_string(), "task.cues = 0 is not in 1..=256");
        let small = within("meta.schedule.peak_rate", -1.0, 1e-9..=1.0).unwrap_err();
        assert_eq!(small.to_string(), "meta.schedule.peak_rate = -1 is not in 1e-9..=1");
        let large = within("x", 2e300, 0.0001..=1_000_000.0).unwrap_err();
        assert_eq!(large.to_string(), "x = 2e300 is not in 0.0001..=1000000");
        assert!(within("x", f64::NAN, f64::MIN..=f64::MAX).is_err());
        assert_eq!((within("x", 1.0, 1.0..=1.0), within("x", -0.5, -0.5..=1.0)), (Ok(()), Ok(())));
    }
}
