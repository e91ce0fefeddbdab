//! From the ink on a sheet to the picture that is a network's input: `size x size` intensities, each the fraction
//! of its pixel that ink covers.
//!
//! Every pixel of the sheet is moved by an affine map and a warp, gets the area that the affine map gives it, and
//! is distributed over the pixels of the picture that it overlaps: downsampling by the area average in the same
//! pass. This file knows nothing of spikes.

use super::drawing::{Drawing, Ink};
use super::warp::Warp;

/// A pixel of a picture, or a corner of some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pixel {
    /// Row, from the top.
    pub(super) y: usize,
    /// Column, from the left.
    pub(super) x: usize,
}

/// One of the eight symmetries of the square: an exact rotation, a reflection, or both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Symmetry(u8);

impl Symmetry {
    /// The number of symmetries.
    pub(super) const COUNT: u8 = 8;

    /// Symmetry `number`, 0 to 7; 0 is the identity.
    pub(super) fn new(number: u8) -> Self {
        Self(number % Self::COUNT)
    }

    /// The pixels of a picture of `size` pixels a side under this symmetry.
    fn turned(self, pixels: Vec<f32>, size: usize) -> Vec<f32> {
        if self == Self::default() {
            return pixels;
        }
        let mut turned = vec![0.0; pixels.len()];
        for (at, pixel) in pixels.into_iter().enumerate() {
            let to = self.map(Pixel { y: at / size, x: at % size }, size);
            turned[to.y * size + to.x] = pixel;
        }
        turned
    }

    /// The position to which it moves a pixel of a picture of `size` pixels a side.
    fn map(self, pixel: Pixel, size: usize) -> Pixel {
        let Pixel { y, x } = if self.0 & 4 == 0 { pixel } else { Pixel { y: pixel.x, x: pixel.y } };
        let mirror = |bit: u8, at: usize| if self.0 & bit == 0 { at } else { size - 1 - at };
        Pixel { y: mirror(1, y), x: mirror(2, x) }
    }
}

/// An affine map about the middle of the sheet: shear along the rows, then scale, then rotation, then a shift.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Affine {
    /// Counter-clockwise as seen, radians.
    pub(super) rotation: f64,
    /// Columns a row.
    pub(super) shear: f64,
    /// Natural logarithm of the scale.
    pub(super) log_scale: f64,
    /// Down and to the right, pixels of the picture.
    pub(super) shift: [f64; 2],
}

/// Intensities of a square picture, row by row, 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Picture {
    size: usize,
    intensities: Vec<f32>,
}

/// `position = offset + matrix . (y, x)` of the middle of a sheet's pixel, in pixels of the picture. Such a pixel
/// is drawn as an upright square of twice `half_width` a side, which has the area of the mapped pixel.
struct Map {
    matrix: [[f32; 2]; 2],
    offset: [f32; 2],
    half_width: f32,
}

impl Map {
    fn new(affine: Affine, side: usize, size: usize) -> Self {
        let (sin, cos) = affine.rotation.sin_cos();
        let scale = affine.log_scale.exp() * size as f64 / side as f64;
        // Shear preserves area, so that the scale alone determines the area of a pixel.
        let matrix =
            [[scale * (cos - sin * affine.shear), scale * -sin], [scale * (sin + cos * affine.shear), scale * cos]];
        let middle = (side as f64 - 1.0) / 2.0;
        let offset = [0, 1]
            .map(|axis| size as f64 / 2.0 + affine.shift[axis] - middle * (matrix[axis][0] + matrix[axis][1]));
        Self {
            matrix: matrix.map(|row| row.map(|entry| entry as f32)),
            offset: offset.map(|entry| entry as f32),
            half_width: (scale / 2.0) as f32,
        }
    }

    /// The position of a pixel of the sheet on the picture.
    fn position(&self, ink: &Ink) -> [f32; 2] {
        [0, 1].map(|axis| {
            let [down, right] = self.matrix[axis];
            self.offset[axis] + down * f32::from(ink.y) + right * f32::from(ink.x)
        })
    }
}

/// The ink of a drawing, laid out on a picture.
pub(super) struct Layout {
    size: usize,
    half_width: f32,
    spots: Vec<Spot>,
}

/// A pixel of the sheet: the position of its middle on the picture, and its darkness, 0 to 1.
struct Spot {
    position: [f32; 2],
    darkness: f32,
}

impl Layout {
    /// Lays a drawing out on a picture of `size` pixels a side, moved by `affine` and then by `warp`.
    pub(super) fn new(drawing: &Drawing, size: usize, affine: Affine, warp: &Warp) -> Self {
        let map = Map::new(affine, drawing.side(), size);
        let is_flat = *warp == Warp::default();
        let spot = |ink: &Ink| {
            let position = map.position(ink);
            let by = if is_flat { [0.0; 2] } else { warp.at(ink.y, ink.x, drawing.side()) };
            Spot { position: [position[0] + by[0], position[1] + by[1]], darkness: f32::from(ink.darkness) / 255.0 }
        };
        Self { size, half_width: map.half_width, spots: drawing.ink().iter().map(spot).collect() }
    }

    /// The picture, shifted by `shift` pixels down and to the right, then under a symmetry.
    pub(super) fn picture(&self, shift: [f64; 2], symmetry: Symmetry) -> Picture {
        let size = self.size;
        let mut intensities = vec![0.0_f32; size * size];
        for spot in &self.spots {
            let reach = |axis: usize| {
                let middle = spot.position[axis] + shift[axis] as f32;
                covered(middle - self.half_width, middle + self.half_width, size)
            };
            let columns = reach(1);
            for (y, height) in reach(0) {
                for (x, width) in columns.clone() {
                    intensities[y * size + x] += spot.darkness * height * width;
                }
            }
        }
        intensities.iter_mut().for_each(|intensity| *intensity = intensity.min(1.0));
        Picture { size, intensities: symmetry.turned(intensities, size) }
    }
}

/// The pixels of a picture between `low` and `high` along one axis, and the fraction of each that lies between
/// them.
fn covered(low: f32, high: f32, size: usize) -> impl Iterator<Item = (usize, f32)> + Clone {
    let (low, high) = (low.max(0.0), high.min(size as f32));
    // One past the last pixel that is touched. Not `ceil`, which is a function call on a generic x86-64.
    let end = high as usize + usize::from((high as usize as f32) < high);
    let pixels = if low < high { low as usize..end } else { 0..0 };
    pixels.map(move |pixel| (pixel, high.min(pixel as f32 + 1.0) - low.max(pixel as f32)))
}

impl Picture {
    /// Intensities, row by row from the top.
    pub(super) fn intensities(&self) -> &[f32] {
        &self.intensities
    }

    /// Multiplies every intensity, limited to 1: under a threshold, strokes become thicker or thinner.
    pub(super) fn scale(&mut self, factor: f32) {
        self.intensities.iter_mut().for_each(|intensity| *intensity = (factor * *intensity).min(1.0));
    }

    /// Erases the square of `width` pixels a side whose upper left corner is at `corner`, as far as it lies on the
    /// picture.
    pub(super) fn erase(&mut self, corner: Pixel, width: usize) {
        for row in self.intensities.chunks_exact_mut(self.size).skip(corner.y).take(width) {
            row.iter_mut().skip(corner.x).take(width).for_each(|intensity| *intensity = 0.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::drawing::drawing;
    use super::*;

    const STILL: Affine = Affine { rotation: 0.0, shear: 0.0, log_scale: 0.0, shift: [0.0; 2] };

    fn drawn(drawing: &Drawing, size: usize, affine: Affine, symmetry: Symmetry) -> Picture {
        Layout::new(drawing, size, affine, &Warp::default()).picture([0.0; 2], symmetry)
    }

    /// An L, which no symmetry of the square leaves unchanged.
    fn hook() -> Drawing {
        drawing(105, |y, x| {
            (20..80).contains(&y) && (30..35).contains(&x) || (75..80).contains(&y) && (30..60).contains(&x)
        })
    }

    fn mass(picture: &Picture) -> f32 {
        picture.intensities().iter().sum()
    }

    /// Mean row and column of the ink, from the middle of the picture.
    fn centre(picture: &Picture) -> [f32; 2] {
        let size = picture.size;
        let moment = |axis: usize| {
            let weighted = picture.intensities().iter().enumerate().map(|(at, intensity)| {
                let position = if axis == 0 { at / size } else { at % size };
                intensity * (position as f32 + 0.5 - size as f32 / 2.0)
            });
            weighted.sum::<f32>() / mass(picture)
        };
        [moment(0), moment(1)]
    }

    #[test]
    fn an_intensity_is_the_mean_darkness_over_the_pixel() {
        let seen = drawing(16, |y, x| (y * 7 + x * 3) % 4 == 0);
        let picture = drawn(&seen, 8, STILL, Symmetry::default());
        for (at, intensity) in picture.intensities().iter().enumerate() {
            let (y, x) = (2 * (at / 8), 2 * (at % 8));
            let black = seen
                .ink()
                .iter()
                .filter(|ink| (y..y + 2).contains(&usize::from(ink.y)) && (x..x + 2).contains(&usize::from(ink.x)));
            assert!((intensity - black.count() as f32 / 4.0).abs() < 1e-5);
        }
    }

    #[test]
    fn a_pixel_between_two_is_shared_by_area() {
        // 16 pixels onto 10: pixel (0, 1) of the sheet is 0.625 wide and reaches from 0.625 to 1.25.
        let picture = drawn(&drawing(16, |y, x| (y, x) == (0, 1)), 10, STILL, Symmetry::default());
        let near = |at: usize, expected: f32| assert!((picture.intensities()[at] - expected).abs() < 1e-5);
        near(0, 0.625 * 0.375);
        near(1, 0.625 * 0.25);
        assert!((mass(&picture) - 0.625 * 0.625).abs() < 1e-5);
    }

    #[test]
    fn the_eight_symmetries_are_exact_and_all_different() {
        let plain = drawn(&hook(), 28, STILL, Symmetry::default());
        let turned: Vec<_> = (0..8).map(|number| drawn(&hook(), 28, STILL, Symmetry::new(number))).collect();
        let sorted = |picture: &Picture| {
            let mut intensities = picture.intensities().to_vec();
            intensities.sort_by(f32::total_cmp);
            intensities
        };
        for (number, picture) in turned.iter().enumerate() {
            assert_eq!(sorted(picture), sorted(&plain));
            assert!(turned[..number].iter().all(|other| other != picture));
        }
        let at = |picture: &Picture, y: usize, x: usize| picture.intensities()[28 * y + x];
        assert!((0..28).all(|y| (0..28).all(|x| at(&turned[2], y, 27 - x) == at(&plain, y, x))));
        assert!((0..28).all(|y| (0..28).all(|x| at(&turned[4], x, y) == at(&plain, y, x))));
    }

    #[test]
    fn each_part_of_the_map_does_what_its_name_says() {
        let plain = drawn(&hook(), 64, STILL, Symmetry::default());
        let moved = |affine| drawn(&hook(), 64, affine, Symmetry::default());
        let near = |found: [f32; 2], expected: [f32; 2]| {
            let close = found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 0.05);
            assert!(close, "{found:?} {expected:?}");
        };
        let [y, x] = centre(&plain);
        near(centre(&moved(Affine { shift: [3.0, -2.5], ..STILL })), [y + 3.0, x - 2.5]);
        near(
            centre(&moved(Affine { rotation: 0.3, ..STILL })),
            [y * 0.3_f32.cos() - x * 0.3_f32.sin(), y * 0.3_f32.sin() + x * 0.3_f32.cos()],
        );
        near(centre(&moved(Affine { shear: 0.5, ..STILL })), [y, x + 0.5 * y]);
        let larger = moved(Affine { log_scale: 0.2, ..STILL });
        near(centre(&larger), [y * 0.2_f32.exp(), x * 0.2_f32.exp()]);
        assert!((mass(&larger) / mass(&plain) - 0.4_f32.exp()).abs() < 0.01);
        assert!((mass(&moved(Affine { rotation: 0.7, shear: 0.3, ..STILL })) / mass(&plain) - 1.0).abs() < 0.03);
    }

    #[test]
    fn a_warp_of_equal_moves_is_a_shift() {
        let shifted = Warp { moves: [[[2.0, -3.0]; 5]; 5] };
        let warped = Layout::new(&hook(), 64, STILL, &shifted).picture([0.0; 2], Symmetry::default());
        let moved = Layout::new(&hook(), 64, STILL, &Warp::default()).picture([2.0, -3.0], Symmetry::default());
        assert_eq!(warped, moved);
    }

    #[test]
    fn what_leaves_the_picture_is_gone_and_what_is_erased_too() {
        let gone = drawn(&hook(), 28, Affine { shift: [100.0, 0.0], ..STILL }, Symmetry::default());
        assert_eq!(mass(&gone), 0.0);
        let mut picture = drawn(&drawing(16, |_, _| true), 16, STILL, Symmetry::default());
        picture.erase(Pixel { y: 14, x: 3 }, 4);
        let white = picture.intensities().iter().enumerate().filter(|(_, intensity)| **intensity == 0.0);
        assert_eq!(
            white.map(|(at, _)| (at / 16, at % 16)).collect::<Vec<_>>(),
            [(14, 3), (14, 4), (14, 5), (14, 6), (15, 3), (15, 4), (15, 5), (15, 6)]
        );
    }
}
