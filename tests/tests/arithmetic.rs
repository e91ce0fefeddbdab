//! The chip's `tanh` over all its inputs, against the real one and its own symmetries, as
//! `metaplastic_runtime::kernel::tanh` states them.

use metaplastic_runtime::kernel::tanh::tanh;
use metaplastic_shared::network::Modulator;

/// Exponent of the table's argument; finer potentials are rounded to it first.
const TABLE_EXPONENT: u8 = 12;

#[test]
fn tanh_is_as_near_to_the_real_one_as_it_says() {
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

/// The dead zone shortens, so that it keeps the bound of `tanh`; inside it the chip's value is zero, not small.
#[test]
fn a_value_behind_its_dead_zone_is_as_near_and_zero_where_it_should_be() {
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
fn tanh_is_odd_but_for_the_rounding_of_fine_potentials() {
    for exponent in 0..=15 {
        let stated = if exponent <= TABLE_EXPONENT { 0 } else { 8 };
        for potential in -i16::MAX..=i16::MAX {
            let sum = tanh(-potential, exponent) + tanh(potential, exponent);
            assert!(sum.abs() <= stated, "{potential}, exponent {exponent}: {sum} steps of Q15");
        }
    }
}
