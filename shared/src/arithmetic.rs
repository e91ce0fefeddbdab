//! The integer arithmetic of the chip: rounding, saturation, decay.
//!
//! Every rounding in the project is `add half, then arithmetic shift right` (half rounds towards plus infinity).
//! The only exception is the decay of traces, which rounds [towards zero](decay_towards_zero). Every narrowing to
//! `i16` saturates. Debug and release builds compute the same. The trainer rounds with these functions too, so that
//! host computer and chip agree.

use fixed::types::{I1F15, I4F12, U0F16};

/// A decay per step, Q0.16 unsigned, range 0 to 65535/65536.
pub type Decay = U0F16;

/// The value of a modulator neuron, Q1.15, range -1 to 1 - 2^-15.
pub type Modulation = I1F15;

/// An external signal into a modulator neuron, Q4.12, range -8 to 8 - 2^-12.
pub type Signal = I4F12;

/// One, as a Q15 trace or spike: `i16::MAX`, 2^-15 below the real one.
pub const ONE_Q15: i16 = i16::MAX;

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

/// `round((decay * value + addend) * 2^-16)`, saturated to `i16`, with `decay` a Q0.16 multiplier.
///
/// The rounding is that of the exact sum: for a decay above one half the sum is taken as
/// `value + (addend - (1 - decay) * value) * 2^-16`, the same integer, so that nothing exceeds 32 bits as long
/// as `|addend| <= 32767^2`. A value decays until `(1 - decay) * value` is under half a step.
///
/// ```
/// use metaplastic_shared::arithmetic::decay_and_add;
/// let ninety_percent = 58982;
/// assert_eq!(decay_and_add(1000, ninety_percent, 0), 900);
/// assert_eq!(decay_and_add(4, ninety_percent, 0), 4); // 3.6 rounds to 4: small values stay
/// ```
#[inline(always)]
#[must_use]
pub const fn decay_and_add(value: i16, decay: u16, addend: i32) -> i16 {
    let value = value as i32;
    if decay >= 0x8000 {
        let leak = complement(decay) as i32;
        saturate(value + ((addend - leak * value + 0x8000) >> 16))
    } else {
        saturate((addend + decay as i32 * value + 0x8000) >> 16)
    }
}

/// `decay * value` of a Q0.16 multiplier, rounded.
#[inline(always)]
#[must_use]
pub const fn decay(value: i16, decay: u16) -> i16 {
    decay_and_add(value, decay, 0)
}

/// `decay * value` of a Q0.16 multiplier and a value that is not negative, rounded down: the decay of traces.
///
/// A trace without spikes therefore reaches zero, and the work on it can be skipped. Rounded to nearest, it would
/// stop at `0.5 / (1 - decay)`. The result is in `0 ..= value`; a negative value rounds away from zero.
///
/// ```
/// use metaplastic_shared::arithmetic::decay_towards_zero;
/// let ninety_percent = 58982;
/// assert_eq!([1000, 4, 1, 0].map(|value| decay_towards_zero(value, ninety_percent)), [899, 3, 0, 0]);
/// ```
#[inline(always)]
#[must_use]
pub const fn decay_towards_zero(value: i16, decay: u16) -> i16 {
    ((value as i32 * decay as i32) >> 16) as i16
}

/// The gain `1 - decay` of a trace with this decay, Q15, range 0 to `i16::MAX`.
#[inline(always)]
#[must_use]
pub const fn trace_gain(decay: u16) -> i16 {
    saturate(complement(decay) as i32 >> 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decay_is_the_exact_rounded_product_for_every_value() {
        for multiplier in [0_u16, 1, 0x7fff, 0x8000, 0x8001, 58982, u16::MAX] {
            for value in i16::MIN..=i16::MAX {
                let exact = (i64::from(value) * i64::from(multiplier) + 0x8000) >> 16;
                assert_eq!(i64::from(decay(value, multiplier)), exact, "{value} x {multiplier}");
            }
        }
    }

    #[test]
    fn a_trace_decays_below_every_value_down_to_zero() {
        for multiplier in [0_u16, 1, 0x7fff, 0x8000, 58982, u16::MAX] {
            for value in 0..=i16::MAX {
                let exact = (i64::from(value) * i64::from(multiplier)) / 65536;
                assert_eq!(i64::from(decay_towards_zero(value, multiplier)), exact, "{value} x {multiplier}");
                assert!(value == 0 || decay_towards_zero(value, multiplier) < value, "{value} x {multiplier}");
            }
        }
    }

    #[test]
    fn addends_up_to_the_largest_product_do_not_wrap() {
        for multiplier in [0_u16, 0x7fff, 0x8000, u16::MAX] {
            for value in [i16::MIN, -1, 0, 1, i16::MAX] {
                for addend in [-32767 * 32767, -1, 0, 1, 32767 * 32767] {
                    let sum = i64::from(value) * i64::from(multiplier) + i64::from(addend);
                    let exact = ((sum + 0x8000) >> 16).clamp(-32768, 32767);
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
