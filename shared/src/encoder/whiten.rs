//! Linear combinations of the channels of a frame, in integers: the directions in which windows of one class differ from each
//! other are made small, so that others, in which classes differ, count more.

/// Fractional bits of a coefficient: from -8 to just below 8.
pub const COEFFICIENT_BITS: u8 = 12;

/// A combination of standardised values: the sum of the values times their coefficients, rounded half up and saturated. It has
/// the format of the values. Coefficients that are missing at the end are zero.
///
/// ```
/// use metaplastic_shared::encoder::combined;
/// assert_eq!(combined(&[300, 100], &[4096, -8192]), 100);
/// assert_eq!(combined(&[i16::MAX, i16::MAX], &[8192, 8192]), i16::MAX);
/// ```
#[must_use]
pub fn combined(values: &[i16], coefficients: &[i16]) -> i16 {
    let products = values.iter().zip(coefficients);
    let sum: i64 =
        products.map(|(value, coefficient)| i64::from(i32::from(*value) * i32::from(*coefficient))).sum();
    let rounded = (sum + (1 << (COEFFICIENT_BITS - 1))) >> COEFFICIENT_BITS;
    rounded.clamp(i64::from(i16::MIN), i64::from(i16::MAX)) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_is_rounded_up_and_the_largest_saturate() {
        assert_eq!([1, -1, 3].map(|value| combined(&[value], &[2048])), [1, 0, 2]);
        assert_eq!(combined(&[i16::MIN; 64], &[i16::MIN; 64]), i16::MAX);
        assert_eq!(combined(&[i16::MIN; 64], &[i16::MAX; 64]), i16::MIN);
        assert_eq!(combined(&[5, 7], &[4096]), 5);
    }
}
