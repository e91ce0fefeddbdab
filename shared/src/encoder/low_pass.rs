//! A low-pass of one pole over 16-bit values.
//!
//! ```text
//! y = a y + (1 - a) x
//! ```

use crate::arithmetic::saturate_i64;

/// Fractional bits of the state beyond those of the value.
const FILTER_BITS: u32 = 16;

/// The filter and its state. The decay `a` is Q0.16; `y` has 16 more fractional bits than the values, and is rounded half
/// up. It cannot overflow: `y` stays between the least and the greatest value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LowPass {
    /// 1 - a, Q0.16, 1 to 65536.
    gain: u32,
    /// y with [`FILTER_BITS`] more fractional bits; the least integer before the first value.
    filtered: i64,
}

impl LowPass {
    /// It begins at the first value. For a time constant of `tau` values the decay is `65536 exp(-1 / tau)`, for a cutoff of
    /// `f` cycles a value `65536 exp(-2 pi f)`.
    #[must_use]
    pub fn new(decay: u16) -> Self {
        Self { gain: (1 << FILTER_BITS) - u32::from(decay), filtered: i64::MIN }
    }

    /// The filtered value behind the next one.
    pub fn filter(&mut self, value: i16) -> i16 {
        let wide = i64::from(value) << FILTER_BITS;
        if self.filtered == i64::MIN {
            self.filtered = wide;
        }
        let rounded = |value: i64, bits: u32| (value + (1 << bits >> 1)) >> bits;
        self.filtered += rounded((wide - self.filtered) * i64::from(self.gain), FILTER_BITS);
        saturate_i64(rounded(self.filtered, FILTER_BITS))
    }
}
