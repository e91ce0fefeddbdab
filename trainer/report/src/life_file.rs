//! The figure of a life as an SVG file, with its legend: the accuracy over many episodes, or in a world the first course of
//! a life. This file may not know how either is drawn.

use super::canvas::{self, Area, DrawError, VALUE_AXIS};
use super::check::check;
use super::data::ReportData;
use super::error::ReportError;
use super::section::Key;
use super::{life, world_course};
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

/// Height of a line of the legend.
const LINE: u32 = 46;
/// Margin around the figure.
const MARGIN: u32 = 24;

/// Draws a figure into an area.
type Drawing<'a> = Box<dyn Fn(&Area<'_>) -> Result<(), DrawError> + 'a>;

/// What is drawn under a legend.
pub(super) struct LifeFigure<'a> {
    /// What the file shows.
    pub(super) title: &'a str,
    /// The meaning of its colours.
    pub(super) legend: Vec<Key>,
    /// The height without the legend.
    pub(super) height: u32,
    /// Draws it.
    pub(super) draw: Drawing<'a>,
}

/// The figure of the life as an SVG file, with its legend.
///
/// # Errors
/// As [`render`](crate::render).
pub fn life_figure(data: &ReportData) -> Result<String, ReportError> {
    check(data)?;
    let course = data.world.as_ref().and_then(|world| world.courses.first());
    let figure = course.map_or_else(|| life::figure(data), world_course::figure);
    let above = 2 * MARGIN + LINE * figure.legend.len() as u32;
    canvas::file(figure.title, above + figure.height, |area| {
        let (top, below) = area.split_vertically(above);
        for (key, row) in figure.legend.iter().zip(0..) {
            draw_key(&top, key, (MARGIN + row * LINE) as i32)?;
        }
        (figure.draw)(&below)
    })
}

fn draw_key(area: &Area<'_>, key: &Key, y: i32) -> Result<(), DrawError> {
    let (left, side) = (VALUE_AXIS as i32, LINE as i32 / 2);
    area.draw(&Rectangle::new([(left, y), (left + side, y + side)], key.colour.filled()))?;
    area.draw_text(&key.meaning, &canvas::anchored(HPos::Left), (left + side + 16, y + side / 2))
}
