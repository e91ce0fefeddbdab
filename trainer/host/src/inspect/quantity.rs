//! Raw integers of an artifact as the quantities that they stand for.

/// A Q0.16 decay as a fraction.
pub(super) fn fraction(decay: u16) -> f64 {
    f64::from(decay) / 65536.0
}

/// A value with an exponent: `value * 2^-exponent`.
pub(super) fn scaled(value: i16, exponent: i32) -> f64 {
    f64::from(value) * f64::from(-exponent).exp2()
}

/// The number of decimals that shows two significant figures, or `at_least`.
pub(super) fn decimals(value: f64, at_least: usize) -> usize {
    at_least.max((1.0 - value.log10().floor()).clamp(0.0, 12.0) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_values_are_shown_with_two_significant_figures() {
        let shown = |value: f64| format!("{value:.0$}", decimals(value, 2));
        assert_eq!([2.0, 0.5, 0.042, 0.000_31].map(shown), ["2.00", "0.50", "0.042", "0.00031"]);
        assert_eq!(decimals(0.0, 4), 12);
    }
}
