//! The chip's `tanh` for all its inputs, against the exact function and its symmetries, with the errors that
//! `metaplastic_runtime::kernel::tanh` states.

mod page;
mod twin;

use metaplastic_runtime::kernel::tanh::tanh;
use metaplastic_shared::network::Modulator;

/// Exponent of the table's argument; finer potentials are rounded to it first.
const TABLE_EXPONENT: u8 = 12;

#[test]
fn tanh_is_within_its_stated_error() {
    for exponent in 0..=15_u8 {
        let stated = if exponent <= TABLE_EXPONENT { 13.0 } else { 16.0 };
        let error = |potential: i16| {
            let real = (f64::from(potential) * (-f64::from(exponent)).exp2()).tanh() * 32768.0;
            (f64::from(tanh(potential, exponent)) - real).abs()
        };
        let largest = (i16::MIN..=i16::MAX).map(error).fold(0.0, f64::max);
        assert!(largest <= stated, "exponent {exponent}: {largest} steps of Q15, {stated} are stated");
    }
}

/// The dead zone makes values smaller, and therefore keeps the error bound of `tanh`. Within it, the chip's value
/// is exactly zero.
#[test]
fn a_value_with_a_dead_zone_is_within_the_stated_error_and_zero_inside() {
    for (exponent, dead_zone) in [(8, 1), (11, 3277), (12, 6554), (12, 32_440), (15, 20_000), (12, 0)] {
        let stated = if exponent <= TABLE_EXPONENT { 13.0 } else { 16.0 };
        let modulator = Modulator { dead_zone };
        for potential in i16::MIN..=i16::MAX {
            let value = tanh(potential, exponent);
            let shrunk = modulator.shrink(value);
            let real = (f64::from(potential) * (-f64::from(exponent)).exp2()).tanh() * 32768.0;
            let expected = real.signum() * (real.abs() - f64::from(dead_zone)).max(0.0);
            let error = (f64::from(shrunk) - expected).abs();
            assert!(
                error <= stated,
                "{potential}, exponent {exponent}, dead zone {dead_zone}: {error} steps of Q15"
            );
            assert_eq!(shrunk == 0, value.abs() <= dead_zone, "{potential}, exponent {exponent}");
        }
    }
}

#[test]
fn tanh_is_monotone() {
    for exponent in 0..=15 {
        let values: Vec<_> = (i16::MIN..=i16::MAX).map(|potential| tanh(potential, exponent)).collect();
        assert!(values.is_sorted(), "exponent {exponent}");
    }
}

#[test]
fn tanh_is_odd_up_to_the_rounding_of_fine_potentials() {
    for exponent in 0..=15 {
        let stated = if exponent <= TABLE_EXPONENT { 0 } else { 8 };
        for potential in -i16::MAX..=i16::MAX {
            let sum = tanh(-potential, exponent) + tanh(potential, exponent);
            assert!(sum.abs() <= stated, "{potential}, exponent {exponent}: {sum} steps of Q15");
        }
    }
}
