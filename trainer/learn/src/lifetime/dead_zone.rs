//! The dead zone of a modulator's value in floating point: `m = shrink(t, d) = t - clamp(t, -d, d)` of `t =
//! tanh(u)`.
//!
//! `d` is the network description's integer over 2^15, exactly, so that float and chip cut at the same value.

use metaplastic_shared::network::Modulator;

/// One in Q15.
const ONE: f64 = 32_768.0;

/// `d`, 0 to 1 exclusive.
pub(crate) fn dead_zone(modulator: Modulator) -> f32 {
    (f64::from(modulator.dead_zone) / ONE) as f32
}

/// The modulator whose dead zone is nearest to `d`, saturated to 0..=32767 / 32768.
pub(crate) fn modulator(d: f64) -> Modulator {
    Modulator { dead_zone: (d * ONE).round().clamp(0.0, f64::from(i16::MAX)) as i16 }
}

/// `shrink(t, d)`; without a dead zone `t` itself, to the bit.
pub(crate) fn shrink(value: f32, zone: f32) -> f32 {
    value - value.clamp(-zone, zone)
}

/// `dm/du` from `m`: `1 - tanh(u)^2` outside the zone, zero inside.
pub(crate) fn slope(shrunk: f32, zone: f32) -> f32 {
    if shrunk == 0.0 && zone > 0.0 {
        return 0.0;
    }
    let value = shrunk.abs() + zone;
    1.0 - value * value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zone_is_exactly_the_integer_that_the_chip_has() {
        assert_eq!(modulator(0.1), Modulator { dead_zone: 3277 });
        for dead_zone in [0, 1, 3277, i16::MAX] {
            assert_eq!(modulator(f64::from(dead_zone_of(dead_zone))), Modulator { dead_zone });
        }
        assert_eq!((modulator(-1.0).dead_zone, modulator(2.0).dead_zone), (0, i16::MAX));
    }

    fn dead_zone_of(dead_zone: i16) -> f32 {
        super::dead_zone(Modulator { dead_zone })
    }

    #[test]
    fn inside_the_zone_value_and_slope_are_zero_and_outside_both_are_those_of_tanh() {
        for (u, m, dm) in
            [(0.05_f32, 0.0, 0.0), (-0.05, 0.0, 0.0), (0.5, 0.362_117, 0.786_448), (-0.5, -0.362_117, 0.786_448)]
        {
            let shrunk = shrink(u.tanh(), 0.1);
            assert!((shrunk - m).abs() < 1e-6 && (slope(shrunk, 0.1) - dm).abs() < 1e-6, "{u}: {shrunk}");
        }
    }

    #[test]
    fn without_a_zone_nothing_changes_to_the_bit() {
        for value in [0.3_f32, -0.7, 1.0, 0.0] {
            assert_eq!((shrink(value, 0.0), slope(value, 0.0)), (value, 1.0 - value * value));
        }
    }
}
