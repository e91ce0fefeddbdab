//! Small pictures inside a figure: cells row by row, neighbours of one colour drawn as one rectangle.

use plotters::prelude::*;

use super::canvas::{Area, DrawError, INK, Point};

/// Cells of some width and height, and their colours.
pub(super) struct Cells<'v> {
    /// Row by row from the top; the last row may be shorter.
    pub(super) values: &'v [f32],
    /// Cells a row.
    pub(super) width: usize,
    /// Side of a cell.
    pub(super) side: u32,
    /// The colour of a value; white cells are not drawn.
    pub(super) colour: &'v dyn Fn(f32) -> RGBColor,
}

/// Neighbouring cells of a row that have one colour.
#[derive(Debug, PartialEq)]
struct Run {
    /// First cell.
    start: usize,
    /// One past the last cell.
    end: usize,
    colour: RGBColor,
}

impl Cells<'_> {
    /// Draws them with their upper left corner at `corner`.
    pub(super) fn draw(&self, area: &Area<'_>, corner: Point) -> Result<(), DrawError> {
        let at = |cells: usize| cells as i32 * self.side as i32;
        for (row, values) in self.values.chunks(self.width).enumerate() {
            for Run { start, end, colour } in self.runs(values) {
                let corners = [corner.moved(at(start), at(row)), corner.moved(at(end), at(row + 1))];
                area.draw(&Rectangle::new(corners.map(Point::pair), colour.filled()))?;
            }
        }
        Ok(())
    }

    /// The runs of a row that are not white.
    fn runs(&self, row: &[f32]) -> Vec<Run> {
        let colours: Vec<_> = row.iter().map(|value| (self.colour)(*value)).collect();
        let runs = colours.chunk_by(PartialEq::eq).scan(0, |next, run| {
            let start = *next;
            *next += run.len();
            Some(Run { start, end: *next, colour: run[0] })
        });
        runs.filter(|run| run.colour != WHITE).collect()
    }
}

/// A frame around a picture.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    pub(super) colour: RGBColor,
    pub(super) width: i32,
}

/// A square picture of ink.
pub(super) struct Ink<'p> {
    /// Row by row from the top, 0 for white to 1 for black.
    pub(super) pixels: &'p [f32],
    /// Its side, at most, unless its cells would be too small to be drawn.
    pub(super) size: u32,
    /// What surrounds it.
    pub(super) frame: Frame,
}

impl Ink<'_> {
    /// Draws it with the middle of its top edge at `top`.
    pub(super) fn draw(&self, area: &Area<'_>, top: Point) -> Result<(), DrawError> {
        let width = self.pixels.len().isqrt();
        let cells = Cells { values: self.pixels, width, side: cell(self.size, width), colour: &darkness };
        let drawn = (cells.side as usize * width) as i32;
        let (corner, frame) = (top.moved(-drawn / 2, 0), self.frame.width);
        // The backend ignores the width of a rectangle's edge.
        let outer = [corner.moved(-frame, -frame), corner.moved(drawn + frame, drawn + frame)];
        area.draw(&Rectangle::new(outer.map(Point::pair), self.frame.colour.filled()))?;
        area.draw(&Rectangle::new([corner, corner.moved(drawn, drawn)].map(Point::pair), WHITE.filled()))?;
        cells.draw(area, corner)
    }
}

/// The side of the cells of a square picture that is at most `size` wide.
fn cell(size: u32, side: usize) -> u32 {
    (size / side.max(1) as u32).max(1)
}

fn darkness(ink: f32) -> RGBColor {
    let mix = |end: u8| (255.0 + f64::from(ink.clamp(0.0, 1.0)) * (f64::from(end) - 255.0)).round() as u8;
    RGBColor(mix(INK.0), mix(INK.1), mix(INK.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_one_colour_are_one_and_white_is_none() {
        let cells = Cells { values: &[], width: 6, side: 1, colour: &darkness };
        let run = |start, end, colour| Run { start, end, colour };
        let runs = cells.runs(&[0.0, 1.0, 1.0, 0.5, 0.0, 1.0]);
        assert_eq!(runs, [run(1, 3, INK), run(3, 4, darkness(0.5)), run(5, 6, INK)]);
    }
}
