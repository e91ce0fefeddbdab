//! From the ink on a sheet to the picture a network sees: `size x size` intensities, each the part of its pixel that is
//! covered with ink.
//!
//! Every pixel of the sheet is moved by an affine map, keeps its area, and is shared among the pixels of the picture
//! that it then lies on: downsampling by the area average in the same pass. It knows nothing of spikes.

use super::drawing::Drawing;

/// A turned or mirrored picture, exactly: one of the eight symmetries of the square.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Symmetry(u8);

impl Symmetry {
    /// How many there are.
    pub const COUNT: u8 = 8;

    /// Number 0 to 7; 0 leaves a picture as it is.
    #[must_use]
    pub fn new(number: u8) -> Self {
        Self(number % Self::COUNT)
    }

    /// Where it takes the pixel `(y, x)` of a picture of `size` pixels a side.
    fn place(self, (y, x): (usize, usize), size: usize) -> (usize, usize) {
        let (y, x) = if self.0 & 4 == 0 { (y, x) } else { (x, y) };
        let mirror = |bit: u8, at: usize| if self.0 & bit == 0 { at } else { size - 1 - at };
        (mirror(1, y), mirror(2, x))
    }
}

/// An affine map about the middle of the sheet: shear along the rows, then scale, then rotation, then a shift.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Affine {
    /// Counter-clockwise as seen, radians.
    pub rotation: f64,
    /// Columns a row.
    pub shear: f64,
    /// Natural logarithm of the scale.
    pub log_scale: f64,
    /// Down and to the right, pixels of the picture.
    pub shift: [f64; 2],
}

/// Intensities of a square picture, row by row, 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    size: usize,
    intensities: Vec<f32>,
}

/// `position = offset + matrix . (y, x)` of the middle of a sheet's pixel, in pixels of the picture; such a pixel is
/// drawn as an upright square of half this width, which has the area that it is mapped to.
struct Map {
    matrix: [[f32; 2]; 2],
    offset: [f32; 2],
    half_width: f32,
}

impl Map {
    fn new(affine: Affine, side: usize, size: usize) -> Self {
        let (sin, cos) = affine.rotation.sin_cos();
        let scale = affine.log_scale.exp() * size as f64 / side as f64;
        // Shear keeps the area, so that the scale alone says how large a pixel becomes.
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

    /// From where to where a pixel of the sheet reaches along an axis.
    fn reach(&self, axis: usize, y: u8, x: u8) -> (f32, f32) {
        let [down, right] = self.matrix[axis];
        let middle = self.offset[axis] + down * f32::from(y) + right * f32::from(x);
        (middle - self.half_width, middle + self.half_width)
    }
}

/// The pixels of a picture that lie between `low` and `high`, and how much of each does.
fn covered((low, high): (f32, f32), size: usize) -> impl Iterator<Item = (usize, f32)> + Clone {
    let (low, high) = (low.max(0.0), high.min(size as f32));
    let pixels = if low < high { low as usize..(high.ceil() as usize).min(size) } else { 0..0 };
    pixels.map(move |pixel| (pixel, high.min(pixel as f32 + 1.0) - low.max(pixel as f32)))
}

impl Picture {
    /// The picture of `size` pixels a side of a drawing that is moved by `affine` and then turned.
    #[must_use]
    pub fn new(drawing: &Drawing, size: usize, affine: Affine, symmetry: Symmetry) -> Self {
        let map = Map::new(affine, drawing.side(), size);
        let mut intensities = vec![0.0_f32; size * size];
        for ink in drawing.ink() {
            let columns = covered(map.reach(1, ink.y, ink.x), size);
            let darkness = f32::from(ink.darkness) / 255.0;
            for (y, height) in covered(map.reach(0, ink.y, ink.x), size) {
                for (x, width) in columns.clone() {
                    let (y, x) = symmetry.place((y, x), size);
                    intensities[y * size + x] += darkness * height * width;
                }
            }
        }
        intensities.iter_mut().for_each(|intensity| *intensity = intensity.min(1.0));
        Self { size, intensities }
    }

    /// Intensities, row by row from the top.
    #[must_use]
    pub fn intensities(&self) -> &[f32] {
        &self.intensities
    }

    /// Pixels a side.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// Multiplies every intensity, at most to 1: below a threshold, strokes become thicker or thinner.
    pub fn scale(&mut self, factor: f32) {
        self.intensities.iter_mut().for_each(|intensity| *intensity = (factor * *intensity).min(1.0));
    }

    /// Wipes out the square of `width` pixels a side whose upper left corner is at `corner`, as far as it lies on the
    /// picture.
    pub fn erase(&mut self, corner: [usize; 2], width: usize) {
        for row in self.intensities.chunks_exact_mut(self.size).skip(corner[0]).take(width) {
            row.iter_mut().skip(corner[1]).take(width).for_each(|intensity| *intensity = 0.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STILL: Affine = Affine { rotation: 0.0, shear: 0.0, log_scale: 0.0, shift: [0.0; 2] };

    fn drawing(side: usize, is_black: impl Fn(usize, usize) -> bool) -> Drawing {
        let pixels: Vec<_> = (0..side * side).map(|at| 255 * u8::from(is_black(at / side, at % side))).collect();
        Drawing::new(side, &pixels)
    }

    /// An L with a dot: no symmetry of the square leaves it as it is.
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
        let size = picture.size();
        let moment = |axis: usize| {
            let weighted = picture.intensities().iter().enumerate().map(|(at, intensity)| {
                let place = if axis == 0 { at / size } else { at % size };
                intensity * (place as f32 + 0.5 - size as f32 / 2.0)
            });
            weighted.sum::<f32>() / mass(picture)
        };
        [moment(0), moment(1)]
    }

    #[test]
    fn a_pixel_is_as_dark_as_the_mean_of_what_lies_on_it() {
        let seen = drawing(16, |y, x| (y * 7 + x * 3) % 4 == 0);
        let picture = Picture::new(&seen, 8, STILL, Symmetry::default());
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
        let picture = Picture::new(&drawing(16, |y, x| (y, x) == (0, 1)), 10, STILL, Symmetry::default());
        let near = |at: usize, expected: f32| assert!((picture.intensities()[at] - expected).abs() < 1e-5);
        near(0, 0.625 * 0.375);
        near(1, 0.625 * 0.25);
        assert!((mass(&picture) - 0.625 * 0.625).abs() < 1e-5);
    }

    #[test]
    fn the_eight_symmetries_are_exact_and_all_different() {
        let plain = Picture::new(&hook(), 28, STILL, Symmetry::default());
        let turned: Vec<_> = (0..8).map(|number| Picture::new(&hook(), 28, STILL, Symmetry::new(number))).collect();
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
        let plain = Picture::new(&hook(), 64, STILL, Symmetry::default());
        let moved = |affine| Picture::new(&hook(), 64, affine, Symmetry::default());
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
    fn what_leaves_the_picture_is_gone_and_what_is_erased_too() {
        let gone = Picture::new(&hook(), 28, Affine { shift: [100.0, 0.0], ..STILL }, Symmetry::default());
        assert_eq!(mass(&gone), 0.0);
        let mut picture = Picture::new(&drawing(16, |_, _| true), 16, STILL, Symmetry::default());
        picture.erase([14, 3], 4);
        let white = picture.intensities().iter().enumerate().filter(|(_, intensity)| **intensity == 0.0);
        assert_eq!(
            white.map(|(at, _)| (at / 16, at % 16)).collect::<Vec<_>>(),
            [(14, 3), (14, 4), (14, 5), (14, 6), (15, 3), (15, 4), (15, 5), (15, 6)]
        );
    }
}
