//! The figure of a life as a file of its own: the accuracy over many episodes, or in a world the first course of a life.
//! This file may not know how either is drawn.

use super::check::check;
use super::data::ReportData;
use super::error::ReportError;
use super::{life, world_course};

/// The figure of the life as an SVG file, with its legend.
///
/// # Errors
/// As [`render`](crate::render).
pub fn life_figure(data: &ReportData) -> Result<String, ReportError> {
    check(data)?;
    let course = data.world.as_ref().and_then(|world| world.courses.first());
    course.map_or_else(|| life::figure(data), world_course::figure).svg()
}
