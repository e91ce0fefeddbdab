//! From a PNG to a drawing: any colour type, transparent pixels over white, ink darker or lighter than its sheet.
//!
//! What covers most of the sheet is the sheet. If that is dark, the picture is turned, so that ink is dark in every
//! drawing. It knows neither files nor alphabets.

use std::io::Cursor;

use png::{ColorType, Decoder, Limits, Transformations};

use super::drawing::{Drawing, SIDES};

/// Limit of the decoder's memory, bytes; the largest sheet needs 256 KiB.
const DECODER_BYTES: usize = 4 << 20;
/// The least difference between the darkest and the lightest pixel, and the darkness from which a sheet is too dark:
/// a quarter of black, at which pixels spike by default.
const VISIBLE: u8 = 64;

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
    /// All pixels have nearly the same brightness.
    #[error(
        "ink and sheet cannot be distinguished: the brightness of its pixels is {darkest} to {lightest} of 255, at least \
         {VISIBLE} apart are needed (transparent pixels are white)"
    )]
    Faint {
        /// Brightness of the darkest pixel.
        darkest: u8,
        /// Brightness of the lightest pixel.
        lightest: u8,
    },
    /// What covers most of the sheet is grey.
    #[error("most of its pixels are grey ({brightness} of 255); black ink on white, or white on black, is needed")]
    Grey {
        /// Brightness of most pixels.
        brightness: u8,
    },
    /// Light ink among drawings with dark ink, or the other way round.
    #[error("{this}, while most of the other drawings are {others}; make them alike, or take it out")]
    Odd {
        /// What it is.
        this: &'static str,
        /// What the others are.
        others: &'static str,
    },
}

/// A drawing as it was found.
#[derive(Debug)]
pub(super) struct Scan {
    /// Its ink is dark.
    pub(super) drawing: Drawing,
    /// Whether it was light ink on a dark sheet.
    pub(super) is_turned: bool,
}

impl Scan {
    /// Decodes a PNG.
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
        Self::new(width as usize, darkness(color, &pixels))
    }

    /// The drawing on a sheet of `side` times `side` pixels of this darkness, 255 for black.
    fn new(side: usize, mut darkness: Vec<u8>) -> Result<Self, DrawingError> {
        let mut sorted = darkness.clone();
        sorted.sort_unstable();
        let (least, middle, most) = (sorted[0], sorted[sorted.len() / 2], sorted[sorted.len() - 1]);
        if most - least < VISIBLE {
            return Err(DrawingError::Faint { darkest: 255 - most, lightest: 255 - least });
        }
        let is_turned = most - middle < middle - least;
        if (if is_turned { 255 - middle } else { middle }) >= VISIBLE {
            return Err(DrawingError::Grey { brightness: 255 - middle });
        }
        if is_turned {
            darkness.iter_mut().for_each(|pixel| *pixel = 255 - *pixel);
        }
        Ok(Self { drawing: Drawing::new(side, &darkness), is_turned })
    }
}

/// The darkness of each pixel over white paper: 255 less the mean of its colours, as far as it is opaque.
fn darkness(color: ColorType, pixels: &[u8]) -> Vec<u8> {
    let colors = if matches!(color, ColorType::Rgb | ColorType::Rgba) { 3 } else { 1 };
    let of_pixel = |pixel: &[u8]| {
        let (colors, alpha) = pixel.split_at(colors);
        let mean = colors.iter().map(|color| u32::from(*color)).sum::<u32>() / colors.len() as u32;
        let opacity = alpha.first().map_or(255, |alpha| u32::from(*alpha));
        ((255 - mean) * opacity / 255) as u8
    };
    pixels.chunks_exact(color.samples()).map(of_pixel).collect()
}

#[cfg(test)]
mod tests {
    use png::BitDepth;

    use super::super::drawing::{Ink, to_png};
    use super::*;

    fn encoded(color: ColorType, depth: BitDepth, data: &[u8], width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(color);
        encoder.set_depth(depth);
        encoder.write_header().unwrap().write_image_data(data).unwrap();
        bytes
    }

    /// A sheet of 16 x 16 pixels whose pixel (3, 9) is `ink` and all others `sheet`.
    fn dot<const N: usize>(color: ColorType, ink: [u8; N], sheet: [u8; N]) -> Result<Scan, DrawingError> {
        let pixels: Vec<_> = (0..256).flat_map(|at| if at == 3 * 16 + 9 { ink } else { sheet }).collect();
        Scan::from_png(&encoded(color, BitDepth::Eight, &pixels, 16, 16))
    }

    fn dot_of(darkness: u8) -> [Ink; 1] {
        [Ink { y: 3, x: 9, darkness }]
    }

    #[test]
    fn black_is_ink_whatever_the_colour_type() {
        let mut bits = [0xff; 32];
        bits[2 * 3 + 1] = 0b1011_1111;
        let scan = Scan::from_png(&encoded(ColorType::Grayscale, BitDepth::One, &bits, 16, 16)).unwrap();
        assert_eq!((scan.drawing.side(), scan.drawing.ink(), scan.is_turned), (16, &dot_of(255)[..], false));
        let scan = dot(ColorType::Rgb, [0, 30, 60], [255; 3]).unwrap();
        assert_eq!(scan.drawing.ink(), dot_of(225));
    }

    #[test]
    fn transparent_pixels_are_white_paper() {
        for (ink, sheet) in [([0, 255], [0, 0]), ([0, 255], [255, 0]), ([0, 255], [255, 255])] {
            assert_eq!(dot(ColorType::GrayscaleAlpha, ink, sheet).unwrap().drawing.ink(), dot_of(255));
        }
        let scan = dot(ColorType::Rgba, [0, 0, 0, 128], [0; 4]).unwrap();
        assert_eq!(scan.drawing.ink(), dot_of(128));
        // White ink on nothing is white on white.
        assert!(matches!(dot(ColorType::GrayscaleAlpha, [255, 255], [0, 0]), Err(DrawingError::Faint { .. })));
    }

    #[test]
    fn light_ink_on_a_dark_sheet_is_turned() {
        let scan = dot(ColorType::Grayscale, [255], [0]).unwrap();
        assert_eq!((scan.drawing.ink(), scan.is_turned), (&dot_of(255)[..], true));
    }

    #[test]
    fn a_sheet_without_visible_ink_is_refused() {
        let fault = |ink, sheet| dot(ColorType::Grayscale, [ink], [sheet]).unwrap_err().to_string();
        for (ink, sheet, range) in
            [(255, 255, "255 to 255"), (0, 0, "0 to 0"), (1, 0, "0 to 1"), (200, 255, "200 to 255")]
        {
            let message = fault(ink, sheet);
            assert!(message.contains(&format!("brightness of its pixels is {range} of 255")), "{message}");
        }
        assert!(fault(0, 150).starts_with("most of its pixels are grey (150 of 255)"));
        assert!(fault(255, 100).starts_with("most of its pixels are grey (100 of 255)"));
        assert!(dot(ColorType::Grayscale, [60], [220]).is_ok());
    }

    #[test]
    fn what_is_no_drawing_is_refused() {
        let fault = |bytes: &[u8]| Scan::from_png(bytes).unwrap_err().to_string();
        let wide = encoded(ColorType::Grayscale, BitDepth::Eight, &[255; 20 * 16], 20, 16);
        assert_eq!(fault(&wide), "20 x 16 pixels; a drawing is a square of 16 to 256 pixels a side");
        let large = encoded(ColorType::Grayscale, BitDepth::Eight, &vec![255; 300 * 300], 300, 300);
        assert!(fault(&large).starts_with("300 x 300 pixels"));
        let whole = to_png(16, |y, x| (7 * y + x) % 5 == 0);
        assert!(Scan::from_png(&whole).is_ok());
        for bytes in [&whole[..0], &whole[..40], &whole[..whole.len() - 16], b"GIF89a"] {
            assert!(fault(bytes).starts_with("not a whole PNG: "), "{}", fault(bytes));
        }
        let mut flipped = whole.clone();
        flipped[whole.len() - 20] ^= 1;
        assert!(fault(&flipped).starts_with("not a whole PNG: "));
    }
}
