//! A figure as an SVG file, its legend above it. This file may not know what is drawn, or from what.

use super::canvas::{self, Area, DrawError, VALUE_AXIS};
use super::error::ReportError;
use super::section::Key;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

/// Height of a line of the legend.
const LINE: u32 = 46;
/// Margin around the figure.
const MARGIN: u32 = 24;

/// Draws a figure into an area.
type FigureDrawing<'a> = Box<dyn Fn(&Area<'_>) -> Result<(), DrawError> + 'a>;

/// A figure and its legend.
pub(super) struct FileFigure<'a> {
    /// What the file shows.
    pub(super) title: &'a str,
    /// The meaning of its colours.
    pub(super) legend: Vec<Key>,
    /// The height without the legend.
    pub(super) height: u32,
    /// Draws it.
    pub(super) draw: FigureDrawing<'a>,
}

impl FileFigure<'_> {
    /// The text of the SVG file.
    pub(super) fn svg(&self) -> Result<String, ReportError> {
        let above = 2 * MARGIN + LINE * self.legend.len() as u32;
        canvas::file(self.title, above + self.height, |area| {
            let (top, below) = area.split_vertically(above);
            for (key, row) in self.legend.iter().zip(0..) {
                draw_key(&top, key, (MARGIN + row * LINE) as i32)?;
            }
            (self.draw)(&below)
        })
    }
}

fn draw_key(area: &Area<'_>, key: &Key, y: i32) -> Result<(), DrawError> {
    let (left, side) = (VALUE_AXIS as i32, LINE as i32 / 2);
    area.draw(&Rectangle::new([(left, y), (left + side, y + side)], key.colour.filled()))?;
    area.draw_text(&key.meaning, &canvas::anchored(HPos::Left), (left + side + 16, y + side / 2))
}
