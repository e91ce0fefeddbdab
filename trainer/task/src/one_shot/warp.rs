//! Elastic warps of a sheet: its points are moved by the bilinear interpolation of the moves of a coarse grid.

/// The moves of the four corners of a sheet, row by row: pixels of the picture down and to the right.
pub(super) type Corners = [[[f32; 2]; 2]; 2];

/// The moves of [`Warp::POINTS`] x [`Warp::POINTS`] points, evenly spread from corner to corner; other points move by the
/// bilinear interpolation of these.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Warp {
    /// The move of each of the points, row by row: pixels of the picture down and to the right.
    pub(super) moves: [[[f32; 2]; Self::POINTS]; Self::POINTS],
}

impl Warp {
    /// Points a side.
    pub(super) const POINTS: usize = 5;

    /// The warp that interpolates the moves of the corners, less their mean.
    pub(super) fn of_corners(corners: Corners) -> Self {
        let mean = [0, 1].map(|axis| corners.as_flattened().iter().map(|corner| corner[axis]).sum::<f32>() / 4.0);
        let mut warp = Self::default();
        for (y, row) in warp.moves.iter_mut().enumerate() {
            for (x, moved) in row.iter_mut().enumerate() {
                let [down, right] = [y, x].map(|at| at as f32 / (Self::POINTS - 1) as f32);
                *moved = [0, 1].map(|axis| {
                    let [upper, lower] = corners.map(|ends| between(ends.map(|end| end[axis]), right));
                    between([upper, lower], down) - mean[axis]
                });
            }
        }
        warp
    }

    /// The sum of both warps.
    pub(super) fn plus(&self, other: &Self) -> Self {
        let mut sum = *self;
        let moves = sum.moves.as_flattened_mut().as_flattened_mut().iter_mut();
        moves.zip(other.moves.as_flattened().as_flattened()).for_each(|(sum, other)| *sum += other);
        sum
    }

    /// The move of the ink at row `y` and column `x` of a sheet of `side` pixels a side.
    pub(super) fn at(&self, y: u8, x: u8, side: usize) -> [f32; 2] {
        let cell = |at: u8| {
            let at = f32::from(at) * (Self::POINTS - 1) as f32 / (side - 1) as f32;
            let first = (at as usize).min(Self::POINTS - 2);
            (first, at - first as f32)
        };
        let ((row, down), (column, right)) = (cell(y), cell(x));
        [0, 1].map(|axis| {
            let ends = [row, row + 1]
                .map(|row| between([self.moves[row][column][axis], self.moves[row][column + 1][axis]], right));
            between(ends, down)
        })
    }
}

/// Linear interpolation between two ends.
fn between(ends: [f32; 2], fraction: f32) -> f32 {
    ends[0] + fraction * (ends[1] - ends[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warp_interpolates_between_its_points() {
        let mut warp = Warp::default();
        warp.moves[1][1] = [2.0, -3.0];
        // Of 105 pixels the points are 0, 26, 52, 78 and 104.
        assert_eq!(warp.at(26, 26, 105), [2.0, -3.0]);
        assert_eq!(warp.at(13, 39, 105), [0.5, -0.75]);
        assert_eq!((warp.at(104, 104, 105), warp.at(0, 26, 105)), ([0.0; 2], [0.0; 2]));
        warp.moves[4][4] = [1.0, 1.0];
        assert_eq!(warp.at(104, 104, 105), [1.0, 1.0]);
    }

    #[test]
    fn moved_corners_move_the_points_between_them_but_not_the_sheet_as_a_whole() {
        // The right side moves down by 4 pixels, of which the mean is half.
        let sheared = Warp::of_corners([[[0.0, 0.0], [4.0, 0.0]], [[0.0, 0.0], [4.0, 0.0]]]);
        assert_eq!(sheared.at(0, 0, 105), [-2.0, 0.0]);
        assert_eq!(sheared.at(104, 104, 105), [2.0, 0.0]);
        assert_eq!(sheared.at(30, 52, 105), [0.0, 0.0]);
        assert_eq!(sheared.at(30, 78, 105), [1.0, 0.0]);
        let tapered = Warp::of_corners([[[0.0, 8.0], [0.0, -8.0]], [[0.0; 2]; 2]]);
        assert_eq!((tapered.at(0, 0, 105), tapered.at(52, 0, 105)), ([0.0, 8.0], [0.0, 4.0]));
        assert_eq!(Warp::of_corners([[[3.0, -1.0]; 2]; 2]), Warp::default());
        assert_eq!(tapered.plus(&sheared).at(0, 0, 105), [-2.0, 8.0]);
    }
}
