//! Small pictures inside a figure: cells row by row, neighbours of one colour drawn as one rectangle.

use plotters::prelude::*;

use super::canvas::{Area, DrawError, INK};

/// Cells of some width and height, seen in colours.
pub(super) struct Cells<'v> {
    /// Row by row from the top; the last row may be shorter.
    pub(super) values: &'v [f32],
    /// Cells a row.
    pub(super) width: usize,
    /// Side of a cell.
    pub(super) side: u32,
    /// The colour of a value; white is left to the paper.
    pub(super) colour: &'v dyn Fn(f32) -> RGBColor,
}

impl Cells<'_> {
    /// Draws them with their upper left corner at `(x, y)`.
    pub(super) fn draw(&self, area: &Area<'_>, (x, y): (i32, i32)) -> Result<(), DrawError> {
        let at = |cells: usize| cells as i32 * self.side as i32;
        for (row, values) in self.values.chunks(self.width).enumerate() {
            for (start, end, colour) in self.runs(values) {
                let corners = [(x + at(start), y + at(row)), (x + at(end), y + at(row + 1))];
                area.draw(&Rectangle::new(corners, colour.filled()))?;
            }
        }
        Ok(())
    }

    /// Neighbouring cells of a row that have one colour and are not white: the first, one behind the last, the colour.
    fn runs(&self, row: &[f32]) -> Vec<(usize, usize, RGBColor)> {
        let colours: Vec<_> = row.iter().map(|value| (self.colour)(*value)).collect();
        let runs = colours.chunk_by(PartialEq::eq).scan(0, |start, run| {
            let first = *start;
            *start += run.len();
            Some((first, *start, run[0]))
        });
        runs.filter(|(.., colour)| *colour != WHITE).collect()
    }
}

/// How large the cells of a square picture are that is not to be wider than `size`.
fn cell(size: u32, side: usize) -> u32 {
    (size / side.max(1) as u32).max(1)
}

/// Draws a square picture of ink, 0 to 1, about the middle of the top edge `(x, y)`, in a frame of some colour and width.
pub(super) fn ink(
    area: &Area<'_>,
    (x, y): (i32, i32),
    (pixels, size): (&[f32], u32),
    (colour, frame): (RGBColor, i32),
) -> Result<(), DrawError> {
    let width = pixels.len().isqrt();
    let cells = Cells { values: pixels, width, side: cell(size, width), colour: &darkness };
    let drawn = (cells.side as usize * width) as i32;
    let left = x - drawn / 2;
    // The backend knows no width of a rectangle's edge.
    let outer = [(left - frame, y - frame), (left + drawn + frame, y + drawn + frame)];
    area.draw(&Rectangle::new(outer, colour.filled()))?;
    area.draw(&Rectangle::new([(left, y), (left + drawn, y + drawn)], WHITE.filled()))?;
    cells.draw(area, (left, y))
}

fn darkness(share: f32) -> RGBColor {
    let mix = |end: u8| (255.0 + f64::from(share.clamp(0.0, 1.0)) * (f64::from(end) - 255.0)).round() as u8;
    RGBColor(mix(INK.0), mix(INK.1), mix(INK.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_one_colour_are_one_and_white_is_none() {
        let cells = Cells { values: &[], width: 6, side: 1, colour: &darkness };
        let runs = cells.runs(&[0.0, 1.0, 1.0, 0.5, 0.0, 1.0]);
        assert_eq!(runs, [(1, 3, INK), (3, 4, darkness(0.5)), (5, 6, INK)]);
    }
}
