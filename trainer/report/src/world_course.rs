//! What happens over a life in a world, in the mean of many: a curve with its 95 % interval for each that acted, and where
//! that changes which the world hides.
//!
//! Errors of different size share a logarithmic axis; a quantity that is zero, almost zero or negative somewhere has a
//! linear one.

use std::ops::Range;

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::{self, Area, Chart, DrawError, FAINT, REFERENCE, TIME_AXIS, VALUE_AXIS};
use super::error::ReportError;
use super::figure_file::FileFigure;
use super::section::{Key, PageSection};
use super::text::number;
use super::timeline::HIDDEN_CHANGES;
use super::world_data::{CourseCurve, CoursePoint, LifeCourse};

const HEIGHT: u32 = 720;
const MARGIN: u32 = 24;
/// The largest mean by the smallest one, where the axis is logarithmic.
const RATIOS: Range<f64> = 5.0..1000.0;

/// The figure of a course.
pub(super) fn section(course: &LifeCourse) -> Result<PageSection, ReportError> {
    let scale = ValueScale::of(course);
    let svg = canvas::draw(&course.title, HEIGHT, |area| draw(area, course, &scale))?;
    Ok(PageSection::figure(&course.title, svg, caption(course, &scale)).with_legend(legend(course)))
}

/// The same for a file of its own.
pub(super) fn figure(course: &LifeCourse) -> FileFigure<'_> {
    let scale = ValueScale::of(course);
    let draw = Box::new(move |area: &Area<'_>| draw(area, course, &scale));
    FileFigure { title: &course.title, legend: legend(course), height: HEIGHT, draw }
}

/// The vertical axis.
struct ValueScale {
    low: f64,
    high: f64,
    is_logarithmic: bool,
}

impl ValueScale {
    fn of(course: &LifeCourse) -> Self {
        let points = || course.curves.iter().flat_map(|curve| &curve.points);
        let (smallest, largest) =
            points().fold((f64::MAX, 0.0), |(low, high), point| (point.mean.min(low), point.mean.max(high)));
        if smallest > 0.0 && RATIOS.contains(&(largest / smallest)) {
            return Self { low: (0.7 * smallest).log10(), high: (1.4 * largest).log10(), is_logarithmic: true };
        }
        let low = points().map(|point| point.low).fold(0.0, f64::min);
        let high = points().map(|point| point.high).fold(0.0, f64::max);
        Self { low: 1.05 * low, high: if high > low { 1.05 * high } else { 1.0 }, is_logarithmic: false }
    }

    /// Where a value stands; beyond the ends, at the end.
    fn at(&self, value: f64) -> f64 {
        let at = if self.is_logarithmic { value.max(f64::MIN_POSITIVE).log10() } else { value };
        at.clamp(self.low, self.high)
    }

    /// 1, 2, 5, 10 and so on, within the ends of a logarithmic axis.
    fn ticks(&self) -> Vec<f64> {
        let powers = self.low.floor() as i32..=self.high.ceil() as i32;
        canvas::decade_ticks(powers).filter(|value| (self.low..=self.high).contains(&value.log10())).collect()
    }
}

fn draw(area: &Area<'_>, course: &LifeCourse, scale: &ValueScale) -> Result<(), DrawError> {
    let (first, last) = ends(course);
    let mut chart = ChartBuilder::on(area)
        .margin_top(MARGIN)
        .margin_right(2 * MARGIN)
        .x_label_area_size(TIME_AXIS)
        .y_label_area_size(VALUE_AXIS)
        .build_cartesian_2d(first..last, scale.low..scale.high)?;
    draw_axes(area, &mut chart, course, scale)?;
    draw_changes(&mut chart, course, scale)?;
    // No band hides a line, and no line that of this network.
    for (index, curve) in course.curves.iter().enumerate() {
        draw_band(&mut chart, &curve.points, scale, canvas::series(index))?;
    }
    for (index, curve) in course.curves.iter().enumerate().rev() {
        let points = curve.points.iter().map(|point| (point.at, scale.at(point.mean)));
        chart.draw_series(LineSeries::new(points, canvas::series(index).stroke_width(5)))?;
    }
    Ok(())
}

/// The times of the first and the last point; never an empty range.
fn ends(course: &LifeCourse) -> (f64, f64) {
    let times = course.curves.iter().flat_map(|curve| curve.points.iter().map(|point| point.at));
    let times = times.chain(course.changes.iter().copied());
    let (low, high) = times.fold((f64::MAX, f64::MIN), |(low, high), at| (low.min(at), high.max(at)));
    if low < high { (low, high) } else { canvas::padded_range(course.changes.iter().copied()) }
}

fn draw_axes(
    area: &Area<'_>,
    chart: &mut Chart<'_, '_>,
    course: &LifeCourse,
    scale: &ValueScale,
) -> Result<(), DrawError> {
    let axes = canvas::Axes { x: &course.axis, y: &course.quantity, tick: &|value| number(*value) };
    if !scale.is_logarithmic {
        return canvas::draw_axes(chart, &axes);
    }
    canvas::draw_axes_without_grid(chart, &axes)?;
    let (first, last) = ends(course);
    let (left, top) = area.get_base_pixel();
    for value in scale.ticks() {
        let line = vec![(first, value.log10()), (last, value.log10())];
        chart.draw_series([PathElement::new(line, FAINT.stroke_width(2))])?;
        let (x, y) = chart.backend_coord(&(first, value.log10()));
        area.draw_text(&number(value), &canvas::anchored(HPos::Right), (x - left - 14, y - top))?;
    }
    Ok(())
}

fn draw_changes(chart: &mut Chart<'_, '_>, course: &LifeCourse, scale: &ValueScale) -> Result<(), DrawError> {
    let mut lines = course.changes.iter().map(|at| [(*at, scale.low), (*at, scale.high)]);
    lines.try_for_each(|line| canvas::reference_line(chart, line))
}

fn draw_band(
    chart: &mut Chart<'_, '_>,
    points: &[CoursePoint],
    scale: &ValueScale,
    colour: RGBColor,
) -> Result<(), DrawError> {
    let lows = points.iter().map(|point| (point.at, scale.at(point.low)));
    let highs = points.iter().map(|point| (point.at, scale.at(point.high)));
    canvas::band(chart, lows, highs, colour)
}

fn legend(course: &LifeCourse) -> Vec<Key> {
    let key = |(index, curve): (usize, &CourseCurve)| Key::new(canvas::series(index), curve.label.as_str());
    let curves = course.curves.iter().enumerate().map(key);
    let changes = (!course.changes.is_empty()).then(|| Key::new(REFERENCE, HIDDEN_CHANGES));
    curves.chain(changes).collect()
}

fn caption(course: &LifeCourse, scale: &ValueScale) -> String {
    let lives = course.curves.iter().map(|curve| curve.lives).max().unwrap_or(0);
    let axis = if scale.is_logarithmic { "; the vertical axis is logarithmic" } else { "" };
    format!(
        "The {} in the mean of {lives} lives that training never saw, the same for every curve, each with its 95 % \
         interval (band). The network runs in the chip's integer arithmetic{axis}.",
        course.quantity,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(means: &[f64]) -> LifeCourse {
        let point = |mean: &f64| CoursePoint { at: *mean, mean: *mean, low: 0.9 * mean, high: 1.1 * mean };
        let curve = CourseCurve { points: means.iter().map(point).collect(), ..CourseCurve::default() };
        LifeCourse { curves: vec![curve], ..LifeCourse::default() }
    }

    #[test]
    fn only_positive_values_of_different_size_have_a_logarithmic_axis() {
        let is_logarithmic = |means: &[f64]| ValueScale::of(&course(means)).is_logarithmic;
        assert!(is_logarithmic(&[0.05, 0.8]));
        assert!(!is_logarithmic(&[1e-8, 0.8]) && !is_logarithmic(&[0.4, 0.8]));
        assert!(!is_logarithmic(&[0.0, 0.8]) && !is_logarithmic(&[-0.1, 0.8]));
    }

    #[test]
    fn ticks_are_within_the_ends() {
        assert_eq!(ValueScale::of(&course(&[0.05, 0.8])).ticks(), [0.05, 0.1, 0.2, 0.5, 1.0]);
    }

    #[test]
    fn a_scale_is_never_empty() {
        for means in [&[][..], &[0.0], &[-1.0], &[3.0]] {
            let scale = ValueScale::of(&course(means));
            assert!(scale.low < scale.high, "{means:?}");
        }
        assert!([&[][..], &[3.0]].into_iter().map(|means| ends(&course(means))).all(|(first, last)| first < last));
    }
}
