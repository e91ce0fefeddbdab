//! The scale of lazily decaying eligibility: how it grows, and which rows are halved when.
//!
//! ```text
//! r = r / a_E        in each step, Q31; r / 2 where that reaches 2
//! ```
//!
//! Halving all rows at once would be the longest part of the longest step. It is spread over the last [`SLICES`]
//! steps before `r` reaches 2: each halves a slice of the rows. These rows have the scale `r / 2`, and twice the
//! factor of change, until the others follow. What multiplies eligibility is r in Q15, rounded down. It knows rows by
//! their numbers, and no eligibility.

use core::ops::Range;

use metaplastic_shared::arithmetic::round_shift;

use crate::hash::Hash;

/// One in Q15.
const ONE: u32 = 1 << 15;
/// One in Q31.
const LONG_ONE: u32 = 1 << 31;
/// Steps that share the halving of all rows, where the decay is slow enough.
const SLICES: usize = 4;
/// Rows of a slice are a multiple of what a kernel handles at once.
const BLOCK: usize = 8;

/// A scale of stored eligibility, Q15, from one half to below two.
#[derive(Clone, Copy, Debug)]
pub(super) struct EligibilityScale(u32);

impl EligibilityScale {
    /// The scale as it is stored, Q15.
    pub(super) fn bits(self) -> u32 {
        self.0
    }

    /// `value r`, with `shift - 15` further fractional bits taken off.
    pub(super) fn multiply(self, value: i16, shift: u32) -> i32 {
        round_shift(i32::from(value) * self.0 as i32, shift)
    }

    /// `1 / r`, Q15, one at 32768.
    fn reciprocal(self) -> i32 {
        ((ONE * ONE + self.0 / 2) / self.0.max(1)) as i32
    }
}

/// Rows that have the same scale.
pub(super) type Part = (Range<usize>, EligibilityScale);

/// The scale `r` of a projection, its growth per step, and the rows that are halved ahead.
#[derive(Clone, Copy, Debug)]
pub(super) struct LazyScale {
    /// From 1 to below 2, Q31.
    scale: u32,
    /// `1 / a_E - 1`, Q32.
    growth: u32,
    /// The scale from which on rows are halved ahead, Q31.
    start: u32,
    rows: usize,
    /// The number of the first rows that are halved already.
    ahead: usize,
}

impl LazyScale {
    /// For a decay of at least one half, Q0.16.
    pub(super) fn new(decay: u16, rows: usize) -> Self {
        let decay = decay.max(0x8000);
        // 2 a_E^3, to the sixteenth bit.
        let start = (1..SLICES).fold(u32::MAX, |scale, _| (scale >> 16) * u32::from(decay));
        Self { scale: LONG_ONE, growth: growth(decay), start: start.max(LONG_ONE), rows, ahead: 0 }
    }

    /// Sets the scale to its initial state, one.
    pub(super) fn reset(&mut self) {
        (self.scale, self.ahead) = (LONG_ONE, 0);
    }

    /// Grows by one step. Returns the rows whose stored values must be halved now.
    #[must_use]
    pub(super) fn grow(&mut self) -> Range<usize> {
        let increase = ((u64::from(self.scale) * u64::from(self.growth)) >> 32) as u32;
        let (scale, reaches_two) = self.scale.overflowing_add(increase);
        let first = self.ahead;
        if reaches_two {
            (self.scale, self.ahead) = (LONG_ONE | scale >> 1, 0);
            return first..self.rows;
        }
        self.scale = scale;
        if self.scale >= self.start {
            let slice = self.rows.div_ceil(SLICES).next_multiple_of(BLOCK);
            self.ahead = (first + slice).min(self.rows);
        }
        first..self.ahead
    }

    /// The rows that are halved ahead, and the others, each with its scale.
    pub(super) fn parts(self) -> [Part; 2] {
        let scale = self.scale >> 16;
        [(0..self.ahead, EligibilityScale(scale / 2)), (self.ahead..self.rows, EligibilityScale(scale))]
    }

    /// The scale of a row, Q15.
    pub(super) fn of_row(self, row: usize) -> u16 {
        let scale = self.scale >> 16;
        (if row < self.ahead { scale / 2 } else { scale }) as u16
    }

    /// The rows that are halved ahead; the other rows with `1 / r`, Q15, the factor from their stored values to E.
    pub(super) fn rows(self) -> (Range<usize>, (Range<usize>, i32)) {
        (0..self.ahead, (self.ahead..self.rows, EligibilityScale(self.scale >> 16).reciprocal()))
    }

    pub(super) fn hash(self, hash: &mut Hash) {
        hash.u32(self.scale);
        hash.u16(&[self.ahead as u16]);
    }
}

/// `1 / a_E - 1` in Q32, rounded down, of a decay of at least one half. Two divisions of 32 bits: one of 64 would be
/// the largest function of a small chip.
fn growth(decay: u16) -> u32 {
    let decay = u32::from(decay);
    let leak = (0x1_0000 - decay) << 16;
    let (upper, rest) = (leak / decay, leak % decay);
    let lower = (rest << 16) / decay;
    if upper > 0xffff { u32::MAX } else { upper << 16 | lower }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DECAYS: [u16; 7] = [0x8000, 0x8001, 52429, 58_000, 60948, 65470, u16::MAX];

    #[test]
    fn growth_is_the_exact_quotient() {
        for by in 0x8000..=u16::MAX {
            let exact = ((0x1_0000 - u64::from(by)) << 32) / u64::from(by);
            assert_eq!(u64::from(growth(by)), exact.min(u32::MAX.into()), "{by}");
        }
    }

    #[test]
    fn the_scale_stays_within_its_range_and_follows_the_decay() {
        for by in DECAYS {
            let mut scale = LazyScale::new(by, 1);
            let mut halvings = 0;
            for _ in 0..1000 {
                halvings += u32::from(scale.grow() == (0..1));
                assert!(scale.scale >= LONG_ONE, "{by}: {}", scale.scale);
            }
            halvings -= scale.ahead as u32;
            let exact = 1000.0 * -(f64::from(by) / 65536.0).log2();
            let reached = f64::from(halvings) + (f64::from(scale.scale) / f64::from(LONG_ONE)).log2();
            assert!((reached - exact).abs() <= 1e-6 * exact + 1e-6, "{by}: {reached} for {exact}");
        }
    }

    #[test]
    fn every_row_is_halved_as_often_as_its_scale() {
        for by in DECAYS {
            let mut scale = LazyScale::new(by, 72);
            let (mut halvings, mut wraps) = ([0_u32; 72], 0);
            for _ in 0..1000 {
                let before = scale.scale;
                let halved = scale.grow();
                wraps += u32::from(scale.scale <= before);
                halvings.get_mut(halved).unwrap().iter_mut().for_each(|count| *count += 1);
                let [(ahead, half), (rest, whole)] = scale.parts();
                assert_eq!((half.0, ahead.end), (whole.0 / 2, rest.start), "{by}");
                for (row, count) in halvings.iter().enumerate() {
                    assert_eq!(*count, wraps + u32::from(ahead.contains(&row)), "{by}, row {row}");
                }
            }
        }
    }

    #[test]
    fn a_slow_decay_halves_a_slice_in_a_step() {
        let mut scale = LazyScale::new(60948, 72);
        let halved: [usize; 100] = core::array::from_fn(|_| scale.grow().len());
        assert!(halved.iter().all(|rows| *rows <= 24) && halved.contains(&24), "{halved:?}");
    }

    #[test]
    fn the_reciprocal_undoes_the_scale() {
        let scale = EligibilityScale(3 << 14);
        assert_eq!(scale.reciprocal(), 21845);
        assert_eq!(scale.multiply(1000, 15), 1500);
    }
}
