//! A drawing: the ink on a square sheet, from a PNG or a synthetic pen. It knows neither alphabets nor networks.

use std::io::Cursor;
use std::ops::RangeInclusive;

use png::{ColorType, Decoder, Limits, Transformations};

/// Permitted sides of a sheet, pixels.
pub(super) const SIDES: RangeInclusive<usize> = 16..=256;
/// Limit of the decoder's memory, bytes; the largest sheet needs 256 KiB.
const DECODER_BYTES: usize = 4 << 20;

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

/// Why a picture cannot be used as a drawing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DrawingError {
    /// Not a PNG, or damaged.
    #[error("not a whole PNG: {0}")]
    Png(#[from] png::DecodingError),
    /// Not square, too small or too large.
    #[error(
        "{width} x {height} pixels; a drawing is a square of {low} to {high} pixels a side",
        low = SIDES.start(),
        high = SIDES.end()
    )]
    Size {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
    },
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

    /// Decodes a PNG of any colour type, dark ink on a light sheet; transparency is ignored.
    ///
    /// # Errors
    /// [`DrawingError`].
    pub(super) fn from_png(bytes: &[u8]) -> Result<Self, DrawingError> {
        let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: DECODER_BYTES });
        decoder.set_transformations(Transformations::normalize_to_color8());
        let mut reader = decoder.read_info()?;
        let (width, height) = (reader.info().width, reader.info().height);
        let size_fault = DrawingError::Size { width, height };
        if width != height || !SIDES.contains(&(width as usize)) {
            return Err(size_fault);
        }
        let mut pixels = vec![0; reader.output_buffer_size().ok_or(size_fault)?];
        let color = reader.next_frame(&mut pixels)?.color_type;
        reader.finish()?;
        Ok(Self::new(width as usize, &darkness(color, &pixels)))
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

/// The darkness of each pixel: 255 less the mean of its colours.
fn darkness(color: ColorType, pixels: &[u8]) -> Vec<u8> {
    let samples = color.samples();
    let colors = if matches!(color, ColorType::Rgb | ColorType::Rgba) { 3 } else { 1 };
    let mean = |pixel: &[u8]| pixel[..colors].iter().map(|color| u32::from(*color)).sum::<u32>() / colors as u32;
    pixels.chunks_exact(samples).map(|pixel| 255 - mean(pixel) as u8).collect()
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
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let pixels: Vec<u8> = (0..side * side).map(|at| if is_black(at / side, at % side) { 0 } else { 255 }).collect();
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(color: ColorType, depth: png::BitDepth, data: &[u8], width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(color);
        encoder.set_depth(depth);
        encoder.write_header().unwrap().write_image_data(data).unwrap();
        bytes
    }

    #[test]
    fn black_is_ink_whatever_the_colour_type() {
        let mut bits = [0xff; 32];
        bits[2 * 3 + 1] = 0b1011_1111;
        let drawing = Drawing::from_png(&encoded(ColorType::Grayscale, png::BitDepth::One, &bits, 16, 16)).unwrap();
        assert_eq!((drawing.side(), drawing.ink()), (16, &[Ink { y: 3, x: 9, darkness: 255 }][..]));
        let mut colors = [255; 16 * 16 * 3];
        colors[3 * (3 * 16 + 9)..][..3].copy_from_slice(&[0, 30, 60]);
        let drawing = Drawing::from_png(&encoded(ColorType::Rgb, png::BitDepth::Eight, &colors, 16, 16)).unwrap();
        assert_eq!(drawing.ink(), [Ink { y: 3, x: 9, darkness: 225 }]);
    }

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

    #[test]
    fn what_is_no_drawing_is_refused() {
        let fault = |bytes: &[u8]| Drawing::from_png(bytes).unwrap_err().to_string();
        let wide = encoded(ColorType::Grayscale, png::BitDepth::Eight, &[255; 20 * 16], 20, 16);
        assert_eq!(fault(&wide), "20 x 16 pixels; a drawing is a square of 16 to 256 pixels a side");
        let large = encoded(ColorType::Grayscale, png::BitDepth::Eight, &vec![255; 300 * 300], 300, 300);
        assert!(fault(&large).starts_with("300 x 300 pixels"));
        let whole = to_png(16, |y, x| (7 * y + x) % 5 == 0);
        assert!(Drawing::from_png(&whole).is_ok());
        for bytes in [&whole[..0], &whole[..40], &whole[..whole.len() - 16], b"GIF89a"] {
            assert!(fault(bytes).starts_with("not a whole PNG: "), "{}", fault(bytes));
        }
        let mut flipped = whole.clone();
        flipped[whole.len() - 20] ^= 1;
        assert!(fault(&flipped).starts_with("not a whole PNG: "));
    }
}
