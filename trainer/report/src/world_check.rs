//! The consistency of what a page shows of a world, as [`check`](super::check) checks the rest.

use super::error::ReportError;
use super::limits::{finite, index, length, within};
use super::world_data::{CourseCurve, LifeCourse, RecordedCoordinate, RecordedLife, WorldReport, WorldScore};

/// Checks what is measured in a world.
pub(super) fn world(world: &WorldReport) -> Result<(), ReportError> {
    world.scores.iter().try_for_each(score)?;
    world.courses.iter().try_for_each(course)
}

/// Checks a recorded life.
pub(super) fn life(life: &RecordedLife, steps: usize) -> Result<(), ReportError> {
    life.changes.iter().try_for_each(|change| index("the step of a change", *change, steps))?;
    let coordinate = |RecordedCoordinate { label, desired, actual }: &RecordedCoordinate| {
        let field = format!("desired values of {label}");
        length(&field, desired.len(), steps)?;
        finite(&field, &desired.iter().copied().flatten().collect::<Vec<_>>())?;
        actual.iter().try_for_each(|trace| series(&format!("{label} of {}", trace.label), &trace.values, steps))
    };
    life.coordinates.iter().try_for_each(coordinate)?;
    let mut traces = life.commands.iter().chain(&life.senses);
    traces.try_for_each(|trace| series(&trace.label, &trace.values, steps))
}

fn series(field: &str, values: &[f32], steps: usize) -> Result<(), ReportError> {
    length(field, values.len(), steps)?;
    finite(field, values)
}

fn score(score: &WorldScore) -> Result<(), ReportError> {
    let WorldScore { mean, low, high, .. } = *score;
    interval(&format!("\"{}\"", score.label), mean, (low, high))
}

fn course(course: &LifeCourse) -> Result<(), ReportError> {
    let field = format!("a change of \"{}\"", course.title);
    course.changes.iter().try_for_each(|at| within(&field, *at, f64::MIN, f64::MAX))?;
    course.curves.iter().try_for_each(|curve| ascending(curve, &course.title))
}

fn ascending(curve: &CourseCurve, title: &str) -> Result<(), ReportError> {
    let of = format!("\"{}\" in \"{title}\"", curve.label);
    let mut before = f64::MIN;
    curve.points.iter().try_for_each(|point| {
        within(&format!("the time of {of}"), point.at, before, f64::MAX)?;
        before = point.at;
        interval(&of, point.mean, (point.low, point.high))
    })
}

fn interval(of: &str, mean: f64, ends: (f64, f64)) -> Result<(), ReportError> {
    within(&format!("the mean of {of}"), mean, f64::MIN, f64::MAX)?;
    within(&format!("the lower end of {of}"), ends.0, f64::MIN, mean)?;
    within(&format!("the upper end of {of}"), ends.1, mean, f64::MAX)
}
