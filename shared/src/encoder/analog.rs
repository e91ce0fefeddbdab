//! Analog encoders: a reading of a converter or a count of an encoder wheel becomes an analog value of a network. The
//! same code runs on a host computer, where a world's readings are encoded as the board encodes them.
//!
//! ```text
//! r = reading - offset, or the difference of two readings, if it is asked for
//! x = factor r 2^-shift
//! y = a y + (1 - a) x       if it is asked for; else y = x
//! ```

use super::low_pass::LowPass;
use crate::arithmetic::saturate_i64;

/// From readings to the values of one neuron of an analog population.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnalogEncoder {
    factor: i32,
    shift: u8,
    reference: ReadingReference,
    low_pass: Option<LowPass>,
}

/// What is subtracted from a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ReadingReference {
    Offset(i32),
    /// The reading before, and how many bits a reading has before it wraps.
    Before(Option<i32>, u8),
}

impl AnalogEncoder {
    /// The value of a reading is `factor (reading - offset) 2^-shift`, rounded half up, saturated. `shift` is at most 31.
    ///
    /// A converter of 12 bits over 3.3 V, of which 1.65 V is zero, onto values of exponent 12 in volt:
    /// `factor 2^-shift = 3.3 / 4096 * 2^12`.
    ///
    /// ```
    /// use metaplastic_shared::encoder::AnalogEncoder;
    /// let mut encoder = AnalogEncoder::new(2048, 27_034, 13);
    /// assert_eq!([2048, 4095, 0].map(|reading| encoder.encode(reading)), [0, 6755, -6758]);
    /// ```
    #[must_use]
    pub fn new(offset: i32, factor: i32, shift: u8) -> Self {
        Self { factor, shift: shift.min(31), reference: ReadingReference::Offset(offset), low_pass: None }
    }

    /// The value of a reading is `factor (reading - last reading) 2^-shift`; zero of the first one. The reading is a counter
    /// of `bits` bits, 2 to 32, which wraps.
    ///
    /// ```
    /// use metaplastic_shared::encoder::AnalogEncoder;
    /// let mut speed = AnalogEncoder::difference(16, 64, 0);
    /// assert_eq!([65_530, 65_535, 3, 3].map(|count| speed.encode(count)), [0, 320, 256, 0]);
    /// ```
    #[must_use]
    pub fn difference(bits: u8, factor: i32, shift: u8) -> Self {
        let reference = ReadingReference::Before(None, bits.clamp(2, 32));
        Self { reference, ..Self::new(0, factor, shift) }
    }

    /// The same behind a low-pass, which begins at the first value: `y = a y + (1 - a) x`. `decay` is a, Q0.16; for a time
    /// constant of `tau` steps it is `65536 exp(-1 / tau)`.
    #[must_use]
    pub fn with_low_pass(self, decay: u16) -> Self {
        Self { low_pass: Some(LowPass::new(decay)), ..self }
    }

    /// The value of the next reading.
    pub fn encode(&mut self, reading: i32) -> i16 {
        let product = self.relative(reading) * i64::from(self.factor);
        let value = saturate_i64((product + ((1 << self.shift) >> 1)) >> self.shift);
        self.low_pass.as_mut().map_or(value, |filter| filter.filter(value))
    }

    fn relative(&mut self, reading: i32) -> i64 {
        match &mut self.reference {
            ReadingReference::Offset(offset) => i64::from(reading) - i64::from(*offset),
            ReadingReference::Before(before, bits) => {
                let difference = reading.wrapping_sub(before.replace(reading).unwrap_or(reading));
                let unused = 32 - u32::from(*bits);
                (difference << unused >> unused).into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_saturate_and_are_rounded_half_up() {
        let mut encoder = AnalogEncoder::new(-3, 3, 1);
        assert_eq!([0, -4, i32::MAX, i32::MIN].map(|reading| encoder.encode(reading)), [5, -1, i16::MAX, i16::MIN]);
    }

    #[test]
    fn a_counter_wraps_in_both_directions_at_its_width() {
        let mut narrow = AnalogEncoder::difference(8, 1, 0);
        assert_eq!([250, 4, 250].map(|count| narrow.encode(count)), [0, 10, -10]);
        let mut wide = AnalogEncoder::difference(32, 1, 0);
        assert_eq!([i32::MAX, i32::MIN, i32::MAX].map(|count| wide.encode(count)), [0, 1, -1]);
    }

    #[test]
    fn a_low_pass_begins_at_the_first_value_and_reaches_a_constant_one() {
        let decay = 65_000; // tau of 122 steps
        let mut encoder = AnalogEncoder::new(0, 1, 0).with_low_pass(decay);
        assert_eq!(encoder.encode(-700), -700);
        let exact = |steps: i32| 1000.0 - 1700.0 * (f64::from(decay) / 65_536.0).powi(steps);
        for step in 1..2000 {
            let value = encoder.encode(1000);
            assert!((f64::from(value) - exact(step)).abs() < 0.7, "step {step}: {value}");
        }
        assert_eq!(encoder.encode(1000), 1000);
    }
}
