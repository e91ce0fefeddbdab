//! The chip's `tanh` over all its inputs, against the real one and its own symmetries, as
//! `metaplastic_runtime::kernel::tanh` states them.

use metaplastic_runtime::kernel::tanh::tanh;

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
