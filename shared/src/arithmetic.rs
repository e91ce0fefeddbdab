//! The integer arithmetic of the chip: rounding, saturation, decay.
//!
//! Every rounding is `add an offset, then arithmetic shift right`. Where a rounded number is read once, the offset is
//! half a step ([`round_shift`]; half rounds towards plus infinity). Where it is carried from step to step, half a
//! step would be lost or gained in every one of them: there the offset is a random number that the caller draws
//! ([`round_randomly`], [`decay_and_add`]), so that the result is right in the mean at every size; or the number has
//! 31 fractional bits ([`multiply_q31`]). Every narrowing to `i16` saturates. Debug and release builds compute the
//! same. The trainer rounds with these functions too, so that host computer and chip agree.
//!
//! ```
//! use metaplastic_shared::arithmetic::{decay_and_add, rescale, round_shift, saturate};
//!
//! // Half up, in both directions.
//! assert_eq!([5, -5].map(|value| round_shift(value, 1)), [3, -2]);
//! assert_eq!([rescale(5, 1), rescale(5, -2)], [3, 20]);
//! assert_eq!([40_000, -40_000].map(saturate), [32_767, -32_768]);
//! // A potential of 1000 decays by one half and is given 7; an offset of half a step rounds to the nearest.
//! assert_eq!(decay_and_add(1000, 0x8000, (7 << 16) + 0x8000), 507);
//! ```

use fixed::types::{I1F15, U0F16};

/// A decay per step, Q0.16 unsigned, range 0 to 65535/65536.
pub type Decay = U0F16;

/// The value of a modulator neuron, Q1.15, range -1 to 1 - 2^-15.
pub type Modulation = I1F15;

/// One, as a Q15 trace or spike: `i16::MAX`, 2^-15 below the real one.
pub const ONE_Q15: i16 = i16::MAX;

/// One, as a Q31 trace: the largest number that [`split_q31`] rounds to [`ONE_Q15`].
pub const ONE_Q31: u32 = 0x7fff_7fff;

/// `value * 2^-shift`, rounded half up. Needs `shift <= 30`; `value` within ±(2^31 - 2^30) never wraps.
///
/// ```
/// use metaplastic_shared::arithmetic::round_shift;
/// assert_eq!((round_shift(5, 1), round_shift(-5, 1), round_shift(7, 0)), (3, -2, 7));
/// ```
#[inline(always)]
#[must_use]
pub const fn round_shift(value: i32, shift: u32) -> i32 {
    (value + ((1 << shift) >> 1)) >> shift
}

/// `value * 2^-shift`: rounded half up for positive shifts, exact for negative ones.
///
/// Needs `-15 <= shift <= 30`; the artifact's decoder proves that a left shift cannot wrap.
#[inline(always)]
#[must_use]
pub const fn rescale(value: i32, shift: i32) -> i32 {
    if shift >= 0 { round_shift(value, shift as u32) } else { value * (1 << shift.unsigned_abs()) }
}

/// Narrows to `i16`, saturating.
#[inline(always)]
#[must_use]
pub const fn saturate(value: i32) -> i16 {
    clamp(value, i16::MIN as i32, i16::MAX as i32) as i16
}

/// Narrows 64 bits to `i16`, saturating.
#[inline(always)]
#[must_use]
pub const fn saturate_i64(value: i64) -> i16 {
    if value > i16::MAX as i64 {
        i16::MAX
    } else if value < i16::MIN as i64 {
        i16::MIN
    } else {
        value as i16
    }
}

/// Clamps `value` to `-limit ..= limit` and narrows to `i16`; `limit` is an `i16`, not negative.
#[inline(always)]
#[must_use]
pub const fn clamp_symmetric(value: i32, limit: i16) -> i16 {
    clamp(value, -(limit as i32), limit as i32) as i16
}

#[inline(always)]
const fn clamp(value: i32, low: i32, high: i32) -> i32 {
    if value < low {
        low
    } else if value > high {
        high
    } else {
        value
    }
}

/// Product of two fixed-point numbers, one of them Q15: `a * b * 2^-15`, rounded, saturated.
#[inline(always)]
#[must_use]
pub const fn multiply_q15(a: i16, b: i16) -> i16 {
    saturate(round_shift(a as i32 * b as i32, 15))
}

/// `1 - decay` of a Q0.16 multiplier: Q16, 1 to 65536.
#[inline(always)]
#[must_use]
pub const fn complement(decay: u16) -> u32 {
    0x1_0000 - decay as u32
}

/// `value * 2^-shift`, rounded up where its fraction and `offset * 2^-16` add up to one or more. With an offset that
/// is uniform in 0 to 65535, the mean of the result is `value * 2^-shift` to within 2^-16; zero stays zero.
///
/// Needs `shift <= 30`; `value` within ±(2^31 - 2^30) never wraps.
///
/// ```
/// use metaplastic_shared::arithmetic::round_randomly;
/// assert_eq!([0, 0xbfff, 0xc000, 0xffff].map(|offset| round_randomly(5, 2, offset)), [1, 1, 2, 2]);
/// assert_eq!([0, 0x3fff, 0x4000, 0xffff].map(|offset| round_randomly(-5, 2, offset)), [-2, -2, -1, -1]);
/// ```
#[inline(always)]
#[must_use]
pub const fn round_randomly(value: i32, shift: u32, offset: u16) -> i32 {
    let offset = offset as i32;
    let addend = if shift >= 16 { offset << (shift - 16) } else { offset >> (16 - shift) };
    value.wrapping_add(addend) >> shift
}

/// `(decay * value + addend) * 2^-16`, rounded down, saturated to `i16`, with `decay` a Q0.16 multiplier. The addend
/// contains the rounding's offset, 0 to 65534: with a random one the mean is that of the exact sum, and zero is
/// reached and stays.
///
/// The rounding is that of the exact sum: for a decay above one half the sum is taken as
/// `value + (addend - (1 - decay) * value) * 2^-16`, the same integer, so that nothing exceeds 32 bits as long
/// as `-32767^2 <= addend <= 32767^2 + 65534`.
///
/// ```
/// use metaplastic_shared::arithmetic::decay_and_add;
/// let ninety_percent = 58982;
/// assert_eq!(decay_and_add(1000, ninety_percent, 0x8000), 900);
/// // 3.6 becomes 4 for six in ten offsets.
/// assert_eq!([0, 26_000, 27_000, 65_534].map(|offset| decay_and_add(4, ninety_percent, offset)), [3, 3, 4, 4]);
/// ```
#[inline(always)]
#[must_use]
pub const fn decay_and_add(value: i16, decay: u16, addend: i32) -> i16 {
    let value = value as i32;
    if decay >= 0x8000 {
        let leak = complement(decay) as i32;
        saturate(value + ((addend - leak * value) >> 16))
    } else {
        saturate((addend + decay as i32 * value) >> 16)
    }
}

/// `factor * value`, rounded down: a Q0.16 factor, 0 to 65536, of a Q31 value from 0 to below one.
///
/// With a factor below one the result is below every value but zero, so that a trace without spikes reaches zero; what
/// is lost in a step is below 2^-31.
///
/// ```
/// use metaplastic_shared::arithmetic::multiply_q31;
/// let ninety_percent = 58982;
/// assert_eq!([1 << 30, 4, 1, 0].map(|value| multiply_q31(value, ninety_percent)), [966_361_088, 3, 0, 0]);
/// ```
#[inline(always)]
#[must_use]
pub const fn multiply_q31(value: u32, factor: u32) -> u32 {
    (value >> 16) * factor + (((value & 0xffff) * factor) >> 16)
}

/// The lower half of a trace that is zero, see [`split_q31`].
pub const ZERO_FRACTION: u16 = 0x8000;

/// A Q31 trace as it is stored: the upper and lower half of the trace plus half a step of Q15. The upper half is the
/// trace rounded to Q15; zero is stored as 0 and [`ZERO_FRACTION`].
///
/// ```
/// use metaplastic_shared::arithmetic::{ZERO_FRACTION, join_q31, split_q31};
/// assert_eq!([0, 0x7fff, 0x8000, 0x1_0001].map(split_q31), [(0, ZERO_FRACTION), (0, 0xffff), (1, 0), (1, 0x8001)]);
/// assert_eq!(join_q31(1, 0), 0x8000);
/// ```
#[inline(always)]
#[must_use]
pub const fn split_q31(value: u32) -> (i16, u16) {
    let stored = value.wrapping_add(0x8000);
    ((stored >> 16) as i16, stored as u16)
}

/// The inverse of [`split_q31`].
#[inline(always)]
#[must_use]
pub const fn join_q31(rounded: i16, fraction: u16) -> u32 {
    ((rounded as u32) << 16 | fraction as u32).wrapping_sub(0x8000)
}

/// The gain `1 - decay` of a trace with this decay, Q31, to below one.
#[inline(always)]
#[must_use]
pub const fn trace_gain(decay: u16) -> u32 {
    let gain = complement(decay) << 15;
    if gain > ONE_Q31 { ONE_Q31 } else { gain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decay_is_the_exact_product_rounded_by_the_offset() {
        for multiplier in [0_u16, 1, 0x7fff, 0x8000, 0x8001, 58982, u16::MAX] {
            for value in i16::MIN..=i16::MAX {
                for offset in [0, 0x8000, 65_534] {
                    let exact = (i64::from(value) * i64::from(multiplier) + i64::from(offset)) >> 16;
                    let decayed = decay_and_add(value, multiplier, offset);
                    assert_eq!(i64::from(decayed), exact, "{value} x {multiplier} + {offset}");
                }
            }
        }
    }

    #[test]
    fn the_mean_over_all_offsets_is_exact() {
        for shift in [0, 1, 7, 15] {
            for value in [-70_001, -65_536, -3, -1, 0, 1, 2, 5, 32_767, 65_535, 1 << 29] {
                let sum: i64 = (0..=u16::MAX).map(|it| i64::from(round_randomly(value, shift, it))).sum();
                assert_eq!(sum, i64::from(value) << (16 - shift), "{value} >> {shift}");
            }
        }
        let sum: i64 = (0..=u16::MAX).map(|it| i64::from(round_randomly(-12_345_678, 20, it))).sum();
        assert!((sum - (-12_345_678 >> 4)).abs() <= 1, "{sum}");
        assert_eq!([0, u16::MAX].map(|offset| round_randomly(0, 30, offset)), [0, 0]);
    }

    #[test]
    fn a_q31_product_is_exact_and_decays_below_every_value() {
        for factor in [0_u32, 1, 0x7fff, 0x8000, 58982, 65_535, 65_536] {
            for value in [0, 1, 2, 0xffff, 0x1_0000, 123_456_789, ONE_Q31] {
                let exact = (u64::from(value) * u64::from(factor)) >> 16;
                assert_eq!(u64::from(multiply_q31(value, factor)), exact, "{value} x {factor}");
                assert!(value == 0 || factor == 65_536 || exact < u64::from(value), "{value} x {factor}");
            }
        }
    }

    #[test]
    fn addends_up_to_the_largest_product_do_not_wrap() {
        for multiplier in [0, 0x7fff, 0x8000, u16::MAX] {
            for value in [i16::MIN, -1, 0, 1, i16::MAX] {
                for addend in [-32767 * 32767, -1, 0, 1, 32767 * 32767 + 65_534] {
                    let sum = i64::from(value) * i64::from(multiplier) + i64::from(addend);
                    let exact = (sum >> 16).clamp(-32768, 32767);
                    assert_eq!(i64::from(decay_and_add(value, multiplier, addend)), exact);
                }
            }
        }
    }

    #[test]
    fn narrowing_saturates() {
        assert_eq!((saturate(40_000), saturate(-40_000)), (i16::MAX, i16::MIN));
        assert_eq!((clamp_symmetric(9, 5), clamp_symmetric(-9, 5)), (5, -5));
        assert_eq!((rescale(-3, 1), rescale(-3, -2)), (-1, -12));
    }
}
