//! `tanh` for modulator neurons: a table with linear interpolation.
//!
//! The table holds `tanh(k / 16)` in Q15 for `k` from 0 to 128; between its entries the value is interpolated.
//! The result is within 13 steps of Q15 (0.0004) of the real one; for potentials finer than Q12, which are
//! rounded to Q12 first, within 16. `tests/` sweeps over all inputs.
//!
//! ```
//! use metaplastic_runtime::kernel::tanh::tanh;
//!
//! let exact = |potential: f64| (32768.0 * potential.tanh()).min(32767.0) as i16;
//! // Potentials of 0.5, 1 and -3, Q12.
//! for potential in [2048, 4096, -12288_i16] {
//!     assert!((tanh(potential, 12) - exact(f64::from(potential) / 4096.0)).abs() <= 13);
//! }
//! ```

use metaplastic_shared::arithmetic::{rescale, round_shift};

/// `round(32768 tanh(k / 16))`, at most 32767.
#[rustfmt::skip]
const TABLE: [i16; 129] = [
    0, 2045, 4075, 6073, 8025, 9919, 11743, 13486, 15143, 16706, 18173, 19542,
    20813, 21986, 23066, 24054, 24956, 25776, 26519, 27191, 27797, 28341, 28830, 29268,
    29660, 30010, 30322, 30600, 30847, 31067, 31262, 31435, 31589, 31726, 31846, 31953,
    32048, 32132, 32206, 32271, 32329, 32381, 32426, 32466, 32501, 32532, 32560, 32584,
    32606, 32625, 32642, 32657, 32670, 32681, 32691, 32700, 32708, 32715, 32721, 32727,
    32732, 32736, 32740, 32743, 32746, 32749, 32751, 32753, 32755, 32756, 32758, 32759,
    32760, 32761, 32762, 32762, 32763, 32764, 32764, 32765, 32765, 32765, 32766, 32766,
    32766, 32766, 32767, 32767, 32767, 32767, 32767, 32767, 32767, 32767, 32767, 32767,
    32767, 32767, 32767, 32767, 32767, 32767, 32767, 32767, 32767, 32767, 32767, 32767,
    32767, 32767, 32767, 32767, 32767, 32767, 32767, 32767, 32767, 32767, 32767, 32767,
    32767, 32767, 32767, 32767, 32767, 32767, 32767, 32767, 32767,
];

/// `tanh(potential * 2^-exponent)` in Q15; monotone, and odd for exponents up to 12.
///
/// Finer potentials are rounded half up to Q12, so that `tanh(-u)` and `-tanh(u)` may be 8 steps apart.
#[must_use]
pub fn tanh(potential: i16, exponent: u8) -> i16 {
    let q12 = rescale(i32::from(potential), i32::from(exponent) - 12);
    let magnitude = q12.unsigned_abs().min(0x7fff) as usize;
    let entry = |index: usize| TABLE.get(index).map_or(i32::from(i16::MAX), |value| i32::from(*value));
    let (low, high) = (entry(magnitude >> 8), entry((magnitude >> 8) + 1));
    let value = low + round_shift((high - low) * (magnitude & 0xff) as i32, 8);
    if q12 < 0 { -value as i16 } else { value as i16 }
}

#[cfg(test)]
mod tests {
    use super::tanh;

    #[test]
    fn known_values() {
        assert_eq!([tanh(0, 12), tanh(4096, 12), tanh(-4096, 12)], [0, 24956, -24956]);
        assert_eq!([tanh(i16::MAX, 4), tanh(i16::MIN, 4)], [i16::MAX, -i16::MAX]);
        assert_eq!(tanh(128, 8), tanh(2048, 12));
    }
}
