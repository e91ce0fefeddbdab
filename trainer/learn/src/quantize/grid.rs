//! The grids of integers: which exponent a tensor gets, and 8-bit weights on that grid.
//!
//! ```text
//! W = w 2^-e,   w in -128..=127 the nearest integer of W 2^e
//! ```
//!
//! Where weights are not plastic and many positions share them, a few outliers may saturate so that all others are
//! rounded less: the exponent is the one with the least squared error.

use metaplastic_shared::format::WEIGHT_EXPONENTS;
use metaplastic_shared::network::Connectivity;

/// How much larger the exponent of weights may be, if outliers saturate, than the exponent in which every weight
/// fits.
const FINER: i32 = 2;

/// The largest magnitude of some values.
pub(super) fn largest(values: &[f32]) -> f32 {
    values.iter().fold(0.0, |largest, value| largest.max(value.abs()))
}

/// `floor(log2(limit / range))` within `low..=high`: the finest exponent in which `range` fits `limit`.
pub(super) fn exponent(range: f32, limit: i16, low: i32, high: i32) -> i32 {
    let finest = (f32::from(limit) / range.max(f32::MIN_POSITIVE)).log2().floor();
    finest.clamp(low as f32, high as f32) as i32
}

/// The exponent in which every weight fits.
pub(super) fn fitting_exponent(weights: &[f32]) -> i32 {
    exponent(largest(weights).max(1e-3), i8::MAX.into(), *WEIGHT_EXPONENTS.start(), *WEIGHT_EXPONENTS.end())
}

/// The exponent of a projection's weights.
pub(super) fn weight_exponent(connectivity: Connectivity, weights: &[f32]) -> i32 {
    let fitting = fitting_exponent(weights);
    match connectivity {
        Connectivity::Dense => fitting,
        Connectivity::Convolution(_) => {
            let finer = fitting..=(fitting + FINER).min(*WEIGHT_EXPONENTS.end());
            let errors = finer.map(|exponent| (squared_error(weights, exponent), exponent));
            errors.min_by(|(one, _), (other, _)| one.total_cmp(other)).map_or(fitting, |(_, exponent)| exponent)
        }
    }
}

/// Rounds a projection's weights to their grid; export then changes no weight.
pub fn round(connectivity: Connectivity, weights: &mut [f32]) {
    let units = f64::from(weight_exponent(connectivity, weights)).exp2();
    weights.iter_mut().for_each(|weight| *weight = on_grid(*weight, units) as f32);
}

/// The nearest integer of `value` with this exponent, saturated to i8.
pub(super) fn to_i8(value: f32, exponent: i32) -> i8 {
    nearest(value, f64::from(exponent).exp2())
}

/// The nearest integer of `value` with this exponent, saturated to i16.
pub(super) fn to_i16(value: f32, exponent: i32) -> i16 {
    (f64::from(value) * f64::from(exponent).exp2()).round() as i16
}

/// The integer nearest to `value` times `units`, the grid steps per one.
fn nearest(value: f32, units: f64) -> i8 {
    (f64::from(value) * units).round() as i8
}

/// The value nearest to `value` on a grid with `units` steps per one; exact, since `units` is a power of two.
fn on_grid(value: f32, units: f64) -> f64 {
    f64::from(nearest(value, units)) / units
}

/// The squared error of values as i8 with this exponent.
fn squared_error(values: &[f32], exponent: i32) -> f64 {
    let units = f64::from(exponent).exp2();
    values.iter().map(|value| (on_grid(*value, units) - f64::from(*value)).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use metaplastic_shared::network::Convolution;

    use super::*;

    const CONVOLUTION: Connectivity = Connectivity::Convolution(Convolution {
        height: 4,
        width: 4,
        channels: 1,
        kernel: 3,
        stride: 1,
        padding: 1,
    });

    /// Many weights below a half, and one of 1.02.
    fn weights() -> Vec<f32> {
        (0..200).map(|number| (number as f32 * 0.61).sin() * 0.49).chain([1.02]).collect()
    }

    #[test]
    fn the_exponent_is_the_finest_that_fits() {
        assert_eq!(exponent(1.0, i16::MAX, 0, 15), 14);
        assert_eq!(exponent(0.9999, i16::MAX, 0, 15), 15);
        assert_eq!(exponent(16.0, i8::MAX.into(), -8, 15), 2);
        assert_eq!(exponent(0.0, i16::MAX, 0, 15), 15);
    }

    #[test]
    fn integers_are_nearest_and_saturate() {
        assert_eq!([to_i8(1.0, 6), to_i8(-3.0, 6)], [64, -128]);
        assert_eq!([to_i16(0.3, 4), to_i16(-0.3, 4), to_i16(9.0, 14)], [5, -5, i16::MAX]);
    }

    #[test]
    fn what_is_lost_is_the_distance_to_the_nearest_integer_or_to_the_last() {
        assert_eq!(squared_error(&[0.5, 0.75, -1.0], 1), 0.0625);
        assert_eq!(squared_error(&[0.5, 0.75, -1.0], 7), 0.0);
        assert_eq!(squared_error(&[1.0], 7), (1.0_f64 / 128.0).powi(2));
    }

    #[test]
    fn an_outlier_of_a_convolution_saturates_where_that_brings_the_others_closer() {
        assert_eq!(weight_exponent(Connectivity::Dense, &weights()), 6);
        assert_eq!(weight_exponent(CONVOLUTION, &weights()), 7);
        assert_eq!(weight_exponent(CONVOLUTION, &[1.5, 0.3]), 6, "here it does not");
    }

    #[test]
    fn weights_on_their_grid_stay_there_and_are_what_a_chip_gets() {
        for connectivity in [Connectivity::Dense, CONVOLUTION] {
            let mut rounded = weights();
            rounded[3] = -1.7;
            round(connectivity, &mut rounded);
            let exponent = weight_exponent(connectivity, &rounded);
            assert_eq!(squared_error(&rounded, exponent), 0.0);
            let mut again = rounded.clone();
            round(connectivity, &mut again);
            assert_eq!(again, rounded);
        }
    }
}
