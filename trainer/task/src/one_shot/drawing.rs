//! A drawing: the ink on a square sheet, from a scan or a synthetic pen. It knows neither alphabets nor networks.

use std::ops::RangeInclusive;

/// Permitted sides of a sheet, pixels.
pub(super) const SIDES: RangeInclusive<usize> = 16..=256;

/// A pixel that is not white.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ink {
    /// Row, from the top.
    pub(super) y: u8,
    /// Column, from the left.
    pub(super) x: u8,
    /// 1 for nearly white, 255 for black.
    pub(super) darkness: u8,
}

/// A square sheet and its ink; in a pen's drawing a few per cent of the pixels have any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Drawing {
    side: usize,
    ink: Vec<Ink>,
}

/// How two drawings are joined: each is cut through the middle of the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Halves {
    /// The left half of the first, the right half of the second.
    LeftAndRight,
    /// The upper half of the first, the lower half of the second.
    UpperAndLower,
}

impl Drawing {
    /// The drawing whose pixels, row by row from the top, have this darkness: 0 for white, 255 for black. `side` is
    /// 16 to 256, and there are `side` times `side` pixels.
    pub(super) fn new(side: usize, darkness: &[u8]) -> Self {
        debug_assert!(SIDES.contains(&side) && darkness.len() == side * side);
        let pixels = darkness.iter().enumerate().filter(|(_, darkness)| **darkness > 0);
        let ink =
            pixels.map(|(at, darkness)| Ink { y: (at / side) as u8, x: (at % side) as u8, darkness: *darkness });
        Self { side, ink: ink.collect() }
    }

    /// The bytes that tell it from other drawings.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let ink = self.ink.iter().flat_map(|ink| [ink.y, ink.x, ink.darkness]);
        self.side.to_le_bytes().into_iter().chain(self.ink.len().to_le_bytes()).chain(ink).collect()
    }

    /// The left or upper half of this drawing and the other half of a second one, of the same side.
    pub(super) fn joined(&self, second: &Self, halves: Halves) -> Self {
        debug_assert_eq!(self.side, second.side);
        let is_first = |ink: &&Ink| {
            let at = if halves == Halves::LeftAndRight { ink.x } else { ink.y };
            usize::from(at) < self.side / 2
        };
        let rest = second.ink.iter().filter(|ink| !is_first(ink));
        Self { side: self.side, ink: self.ink.iter().filter(is_first).chain(rest).copied().collect() }
    }

    /// Pixels a side.
    pub(super) fn side(&self) -> usize {
        self.side
    }

    /// Every pixel with ink, row by row from the top.
    pub(super) fn ink(&self) -> &[Ink] {
        &self.ink
    }
}

/// A drawing that is black where `is_black` says so, for tests.
#[cfg(test)]
pub(super) fn drawing(side: usize, is_black: impl Fn(usize, usize) -> bool) -> Drawing {
    let pixels: Vec<_> = (0..side * side).map(|at| 255 * u8::from(is_black(at / side, at % side))).collect();
    Drawing::new(side, &pixels)
}

/// A grayscale PNG that is black where `is_black` says so, for tests.
#[cfg(test)]
pub(super) fn to_png(side: usize, is_black: impl Fn(usize, usize) -> bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side as u32, side as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let pixels: Vec<u8> = (0..side * side).map(|at| if is_black(at / side, at % side) { 0 } else { 255 }).collect();
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_drawings_are_joined_along_the_middle() {
        let (bars, dots) = (|_, x: usize| x.is_multiple_of(4), |y: usize, x: usize| (y + x).is_multiple_of(3));
        let sorted = |drawing: &Drawing| {
            let mut ink = drawing.ink().to_vec();
            ink.sort_by_key(|ink| (ink.y, ink.x));
            ink
        };
        let (first, second) = (drawing(17, bars), drawing(17, dots));
        let beside = drawing(17, |y, x| if x < 8 { bars(y, x) } else { dots(y, x) });
        assert_eq!(sorted(&first.joined(&second, Halves::LeftAndRight)), beside.ink());
        let above = drawing(17, |y, x| if y < 8 { bars(y, x) } else { dots(y, x) });
        assert_eq!(first.joined(&second, Halves::UpperAndLower).ink(), above.ink());
    }
}
