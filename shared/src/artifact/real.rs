//! A real number as the bits of an IEEE 754 binary32. A chip stores and checks it without a float instruction.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A number as the bits of an f32; in a decoded artifact it is finite, and an accuracy in 0..=1. Written and read as an
/// f32.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Real(u32);

impl Real {
    /// Whether the number is finite.
    pub(super) fn is_finite(self) -> bool {
        (self.0 >> 23) & 0xff != 0xff
    }

    /// Whether the number is in 0..=1.
    pub(super) fn is_fraction(self) -> bool {
        self.0 <= 1_f32.to_bits() || self.0 == (-0_f32).to_bits()
    }

    /// The number times 1000, rounded toward zero; the largest i32 where it is not a number or too large.
    pub(super) fn thousandths(self) -> i32 {
        let (exponent, significand) = ((self.0 >> 23) & 0xff, (self.0 & 0x7f_ffff) | 0x80_0000);
        let magnitude = match 150_u32.checked_sub(exponent) {
            Some(shift) => (1000 * u64::from(significand)).checked_shr(shift).unwrap_or(0),
            None => u64::MAX,
        };
        let magnitude = i32::try_from(magnitude).unwrap_or(i32::MAX);
        if self.0 >> 31 == 0 || magnitude == i32::MAX { magnitude } else { -magnitude }
    }
}

impl From<f32> for Real {
    fn from(number: f32) -> Self {
        Self(number.to_bits())
    }
}

impl From<Real> for f64 {
    fn from(real: Real) -> Self {
        f32::from_bits(real.0).into()
    }
}

impl core::fmt::Debug for Real {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f32::from_bits(self.0).fmt(f)
    }
}

impl Serialize for Real {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f32(f32::from_bits(self.0))
    }
}

impl<'de> Deserialize<'de> for Real {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f32::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_of_the_bits_agree_with_checks_of_the_number() {
        let numbers =
            [0.0, -0.0, f32::MIN_POSITIVE, 0.5, 0.9999, 1.0, 1.0001, -0.3, 2.0, 1e30, -7.25, f32::INFINITY];
        for number in numbers {
            let real = Real::from(number);
            assert_eq!(real.is_fraction(), (0.0..=1.0).contains(&number), "{number}");
            assert_eq!(real.is_finite(), number.is_finite(), "{number}");
            let expected = if number.is_finite() { (1000.0 * f64::from(number)) as i32 } else { i32::MAX };
            assert_eq!(real.thousandths(), expected, "{number}");
        }
        assert!(!Real::from(f32::NAN).is_fraction() && !Real::from(f32::NAN).is_finite());
        assert_eq!(Real::from(f32::NAN).thousandths(), i32::MAX);
    }
}
