//! Analog values and commands as bodies have them: integers of 16 bits with an exponent. Whoever runs a body converts with
//! these functions; an episode holds floats.
//!
//! ```
//! use metaplastic_task::analog::{to_integer, to_value};
//!
//! // A sensed value of 0.3, and one too large for the exponent of its population.
//! let integers = [0.3, 100.0].map(|value| to_integer(value, 12));
//! assert_eq!(integers, [1229, i16::MAX]);
//! assert!((to_value(integers[0], 12) - 0.3).abs() < 1.0 / 4096.0);
//! ```

/// The integer of a value: rounded half up, saturated; zero of what is not a number.
///
/// ```
/// use metaplastic_task::analog::to_integer;
/// assert_eq!([0.5, -0.5, 1e9, f32::NAN].map(|value| to_integer(value, 0)), [1, 0, i16::MAX, 0]);
/// ```
#[must_use]
pub fn to_integer(value: f32, exponent: u8) -> i16 {
    // Exact up to 2^52, far beyond what saturates; the cast saturates, and makes zero of what is not a number.
    (f64::from(value) * f64::from(exponent).exp2() + 0.5).floor() as i16
}

/// The value of an integer, exactly.
#[must_use]
pub fn to_value(integer: i16, exponent: u8) -> f32 {
    f32::from(integer) * (-f32::from(exponent)).exp2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_rounded_half_up_and_saturate() {
        let of = |values: [f32; 4], exponent| values.map(|value| to_integer(value, exponent));
        assert_eq!(of([1.25, 1.75, -1.25, -1.75], 1), [3, 4, -2, -3]);
        assert_eq!(of([7.9999, -8.0, 8.0, -8.1], 12), [i16::MAX, i16::MIN, i16::MAX, i16::MIN]);
        assert_eq!(of([1e-30, -1e-30, f32::INFINITY, f32::NEG_INFINITY], 15), [0, 0, i16::MAX, i16::MIN]);
        assert_eq!(to_integer(f32::NAN, 4), 0);
    }

    #[test]
    fn an_integer_is_the_integer_of_its_value() {
        for exponent in [0, 7, 15] {
            let same = |integer: i16| to_integer(to_value(integer, exponent), exponent) == integer;
            assert!((i16::MIN..=i16::MAX).all(same), "exponent {exponent}");
        }
    }
}
