//! Shades of signed values: white at zero, blue below, red above.

use plotters::style::RGBColor;

/// Shades on either side of zero.
pub(super) const SHADES: i32 = 12;
/// The colour of minus one.
pub(super) const NEGATIVE: RGBColor = RGBColor(0x21, 0x66, 0xac);
/// The colour of one.
pub(super) const POSITIVE: RGBColor = RGBColor(0xb2, 0x18, 0x2b);

/// The shade of a value, limited to -1 to 1.
pub(super) fn shade(value: f32) -> i32 {
    (value.clamp(-1.0, 1.0) * SHADES as f32).round() as i32
}

/// The colour of a shade.
pub(super) fn colour(shade: i32) -> RGBColor {
    let towards = if shade < 0 { NEGATIVE } else { POSITIVE };
    let fraction = f64::from(shade.abs()) / f64::from(SHADES);
    let mix = |end: u8| (255.0 + fraction * (f64::from(end) - 255.0)).round() as u8;
    RGBColor(mix(towards.0), mix(towards.1), mix(towards.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_white_and_the_ends_are_full_colours() {
        assert_eq!([colour(0), colour(SHADES), colour(-SHADES)], [RGBColor(255, 255, 255), POSITIVE, NEGATIVE]);
        assert_eq!([shade(-3.0), shade(0.01), shade(1.0)], [-SHADES, 0, SHADES]);
    }
}
