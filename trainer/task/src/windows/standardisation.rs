//! The constants that standardise a channel, in integers, so that a chip computes the same: a value becomes a reading, as a
//! converter gives it, and an analog encoder subtracts the mean and divides by the standard deviation.
//!
//! ```text
//! reading = value 2^exponent
//! standardised = factor (reading - offset) 2^-shift     Q3.12: from -8 to just below 8
//! ```

use metaplastic_files::limit::{OutOfRange, within};
use metaplastic_shared::encoder::AnalogEncoder;
use serde::{Deserialize, Serialize};

/// Fractional bits of standardised values; a population of `range = 8.0` takes them as they are.
pub(super) const FRACTION_BITS: u8 = 12;
/// Bits that the largest training value has as a reading: 2^11 times as much fits.
const READING_BITS: f64 = 20.0;
/// Bits of the factor.
const FACTOR_BITS: f64 = 14.0;
/// Limit of the magnitude of a reading's exponent; of values of single precision, none is larger.
const EXPONENT: f64 = 170.0;

/// Of one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChannelScale {
    /// A reading is a value times 2 to this power, rounded half up.
    pub(super) exponent: i16,
    /// The mean as a reading.
    pub(super) offset: i32,
    /// Zero of a channel that never changes.
    pub(super) factor: i32,
    /// 0 to 31.
    pub(super) shift: u8,
}

impl ChannelScale {
    /// Of the training values of a channel; zero of every value if they are all equal.
    pub(super) fn of(values: impl Iterator<Item = f32> + Clone) -> Self {
        let values = values.map(f64::from);
        let count = values.clone().count().max(1) as f64;
        let mean = values.clone().sum::<f64>() / count;
        let deviation = (values.clone().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
        let largest = values.map(f64::abs).fold(0.0, f64::max);
        let exponent = if largest > 0.0 { (READING_BITS - largest.log2()).floor() } else { 0.0 };
        let per_reading = exponent.exp2();
        let offset = (mean * per_reading + 0.5).floor() as i32;
        let ratio = f64::from(FRACTION_BITS).exp2() / (deviation * per_reading);
        let shift = (FACTOR_BITS - ratio.log2()).floor();
        if !(0.0..=31.0).contains(&shift) {
            return Self { exponent: exponent as i16, offset, factor: 0, shift: 0 };
        }
        Self {
            exponent: exponent as i16,
            offset,
            factor: (ratio * shift.exp2()).round() as i32,
            shift: shift as u8,
        }
    }

    /// Checks constants that a text has.
    ///
    /// # Errors
    /// The first that is out of its range.
    pub(super) fn check(&self) -> Result<(), OutOfRange> {
        within("task.standardisation.exponent", self.exponent, -EXPONENT..=EXPONENT)?;
        within("task.standardisation.shift", self.shift, 0.0..=31.0)
    }

    /// Whether every value becomes zero.
    pub(super) fn is_constant(&self) -> bool {
        self.factor == 0
    }

    /// A value as a converter would give it, saturated.
    pub(super) fn reading(&self, value: f32) -> i32 {
        (f64::from(value) * f64::from(self.exponent).exp2() + 0.5).floor() as i32
    }

    /// From readings to standardised values, as a chip has it.
    pub(super) fn encoder(&self) -> AnalogEncoder {
        AnalogEncoder::new(self.offset, self.factor, self.shift)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standardised(scale: ChannelScale, value: f32) -> f64 {
        let encoded = scale.encoder().encode(scale.reading(value));
        f64::from(encoded) / f64::from(FRACTION_BITS).exp2()
    }

    #[test]
    fn values_of_any_size_are_standardised() {
        for unit in [1e-30_f32, 1e-3, 1.0, 4096.0, 1e30] {
            for mean in [0.0, -3.0, 100.0] {
                let values = [-2.0, -1.0, 0.0, 1.0, 2.0_f32].map(|value| (value + mean) * unit);
                let scale = ChannelScale::of(values.into_iter());
                scale.check().unwrap();
                for (value, expected) in values.into_iter().zip([-2.0, -1.0, 0.0, 1.0, 2.0]) {
                    let expected = expected / 2.0_f64.sqrt();
                    assert!((standardised(scale, value) - expected).abs() < 2e-3, "{unit} {mean} {value}");
                }
            }
        }
    }

    #[test]
    fn a_channel_that_never_changes_is_zero() {
        for value in [0.0_f32, 5.0, -1e20] {
            let scale = ChannelScale::of([value; 9].into_iter());
            assert!(scale.is_constant());
            assert_eq!(standardised(scale, value + 1.0), 0.0);
        }
        assert!(ChannelScale::of(std::iter::empty()).is_constant());
    }
}
