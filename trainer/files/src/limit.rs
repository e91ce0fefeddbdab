//! Range checks of the values that a user writes.

use std::ops::RangeInclusive;

/// A value is out of its range.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{field} = {value} is not in {low}..={high}")]
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
        assert!(within("x", f64::NAN, f64::MIN..=f64::MAX).is_err());
        assert_eq!((within("x", 1.0, 1.0..=1.0), within("x", -0.5, -0.5..=1.0)), (Ok(()), Ok(())));
    }
}
