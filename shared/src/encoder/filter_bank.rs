//! A band of a filter bank: how strongly a value vibrates within a range of frequencies.
//!
//! ```text
//! b = fast(x) - slow(x)      two low-passes of one pole; the cutoffs are the edges of the band
//! y = envelope(|b|) 2^gain   a third
//! ```

use super::low_pass::LowPass;
use crate::arithmetic::saturate_i64;

/// One band and its state; values are 16 bits in a format of the caller's, the answer is in the same one, saturated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BandPass {
    fast: LowPass,
    slow: LowPass,
    envelope: LowPass,
    gain: u8,
}

/// The decays of a band's low-passes, Q0.16: for a cutoff of `f` cycles a value, `65536 exp(-2 pi f)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BandDecays {
    /// Of the upper edge.
    pub fast: u16,
    /// Of the lower edge.
    pub slow: u16,
    /// Of the envelope.
    pub envelope: u16,
}

impl BandPass {
    /// A band whose answer is multiplied by `2^gain`; `gain` is at most 15.
    ///
    /// ```
    /// use metaplastic_shared::encoder::{BandDecays, BandPass};
    /// let decays = BandDecays { fast: 0, slow: 60_000, envelope: 64_000 };
    /// let [mut still, mut vibrating] = [BandPass::new(decays, 0); 2];
    /// let last = |band: &mut BandPass, value: fn(i32) -> i16| (0..500).map(|at| band.encode(value(at))).last();
    /// assert_eq!(last(&mut still, |_| 4096), Some(0));
    /// assert!(last(&mut vibrating, |at| if at % 2 == 0 { 4096 } else { -4096 }) > Some(3500));
    /// ```
    #[must_use]
    pub fn new(decays: BandDecays, gain: u8) -> Self {
        let BandDecays { fast, slow, envelope } = decays;
        let [fast, slow, envelope] = [fast, slow, envelope].map(LowPass::new);
        Self { fast, slow, envelope, gain: gain.min(15) }
    }

    /// The strength behind the next value.
    pub fn encode(&mut self, value: i16) -> i16 {
        let band = i64::from(self.fast.filter(value)) - i64::from(self.slow.filter(value));
        let strength = self.envelope.filter(saturate_i64(band.abs()));
        saturate_i64(i64::from(strength) << self.gain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_overflows() {
        for gain in [0, 15, u8::MAX] {
            let mut band = BandPass::new(BandDecays { fast: 0, slow: u16::MAX, envelope: 0 }, gain);
            assert_eq!(band.encode(0), 0);
            let mut all = (0..2000).map(|at| band.encode(if at % 2 == 0 { i16::MIN } else { i16::MAX }));
            assert!(all.all(|strength| strength > 32_000), "{gain}");
        }
    }
}
