//! Accuracy over a life, many episodes without a reset, on a logarithmic axis: each curve with its 95 % interval, against
//! chance. The figure is a section of the page and a file of its own.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::{self, Area, Chart, DrawError, REFERENCE, TIME_AXIS, VALUE_AXIS};
use super::data::{LifeCurve, LifePoint, ReportData};
use super::error::ReportError;
use super::figure_file::FileFigure;
use super::section::{Key, PageSection};
use super::text::{number, percent};

const TITLE: &str = "A life: does it go on learning?";
const HEIGHT: u32 = 720;
/// Margin around the figure.
const MARGIN: u32 = 24;

/// The figure, or why there is none.
pub(super) fn section(data: &ReportData) -> Result<PageSection, ReportError> {
    if episodes(&data.lives) == 0 {
        return Ok(PageSection::left_out(TITLE, "The network was not run in many episodes without a reset."));
    }
    let svg = canvas::draw(TITLE, HEIGHT, |area| draw(area, data))?;
    Ok(PageSection::figure(TITLE, svg, caption(&data.lives)).with_legend(legend(data)))
}

/// The same for a file of its own.
pub(super) fn figure(data: &ReportData) -> FileFigure<'_> {
    FileFigure { title: TITLE, legend: legend(data), height: HEIGHT, draw: Box::new(|area| draw(area, data)) }
}

/// The number of the last episode of the longest life.
fn episodes(lives: &[LifeCurve]) -> u64 {
    lives.iter().filter_map(|life| life.points.last()).map(|point| point.last).max().unwrap_or(0)
}

fn draw(area: &Area<'_>, data: &ReportData) -> Result<(), DrawError> {
    let end = logarithm(episodes(&data.lives).max(2) as f64);
    let mut chart = ChartBuilder::on(area)
        .margin_top(MARGIN)
        .margin_right(2 * MARGIN)
        .x_label_area_size(TIME_AXIS)
        .y_label_area_size(VALUE_AXIS)
        .build_cartesian_2d(0.0..end, 0.0..1.0)?;
    draw_axes(area, &mut chart, end)?;
    // No band hides a line, and no line that of this network.
    for (index, life) in data.lives.iter().enumerate() {
        draw_band(&mut chart, &life.points, canvas::series(index))?;
    }
    for (index, life) in data.lives.iter().enumerate().rev() {
        draw_line(&mut chart, &life.points, canvas::series(index))?;
    }
    canvas::reference_line(&mut chart, [(0.0, data.chance), (end, data.chance)])
}

/// The vertical axis, and ticks of the horizontal one at 1, 2, 5, 10 and so on.
fn draw_axes(area: &Area<'_>, chart: &mut Chart<'_, '_>, end: f64) -> Result<(), DrawError> {
    let tick = |fraction: &f64| number(100.0 * fraction);
    let x = "number of the episode in the life";
    canvas::draw_axes_with(chart, &canvas::Axes { x, y: "right answers (%)", tick: &tick }, 0)?;
    let (left, top) = area.get_base_pixel();
    for value in canvas::decade_ticks(0..).take_while(|value| logarithm(*value) <= end) {
        let (x, y) = chart.backend_coord(&(logarithm(value), 0.0));
        area.draw_text(&number(value), &canvas::anchored(HPos::Center), (x - left, y - top + 24))?;
    }
    Ok(())
}

fn draw_band(chart: &mut Chart<'_, '_>, points: &[LifePoint], colour: RGBColor) -> Result<(), DrawError> {
    let lows = points.iter().map(|point| (middle(point), point.low));
    let highs = points.iter().map(|point| (middle(point), point.high));
    canvas::band(chart, lows, highs, colour)
}

fn draw_line(chart: &mut Chart<'_, '_>, points: &[LifePoint], colour: RGBColor) -> Result<(), DrawError> {
    let line: Vec<_> = points.iter().map(|point| (middle(point), point.accuracy)).collect();
    chart.draw_series(line.iter().map(|at| Circle::new(*at, 7, colour.filled())))?;
    chart.draw_series(LineSeries::new(line, colour.stroke_width(5)))?;
    Ok(())
}

/// Where a point stands on the horizontal axis.
fn middle(point: &LifePoint) -> f64 {
    0.5 * (logarithm(point.first as f64) + logarithm(point.last as f64))
}

/// To base 10: the horizontal axis is linear in it.
fn logarithm(episode: f64) -> f64 {
    episode.log10()
}

fn legend(data: &ReportData) -> Vec<Key> {
    let key = |(index, life): (usize, &LifeCurve)| Key::new(canvas::series(index), meaning(life));
    let mut keys: Vec<_> = data.lives.iter().enumerate().map(key).collect();
    keys.push(Key::new(REFERENCE, format!("chance, {}", percent(data.chance))));
    keys
}

fn meaning(life: &LifeCurve) -> String {
    let accuracy = |point: &LifePoint| format!("{} in {}", percent(point.accuracy), numbers(point));
    match &life.points[..] {
        [] => life.label.clone(),
        [only] => format!("{}: {}", life.label, accuracy(only)),
        [first, .., last] => format!("{}: {}, {}", life.label, accuracy(first), accuracy(last)),
    }
}

fn numbers(point: &LifePoint) -> String {
    if point.first == point.last {
        return format!("episode {}", point.first);
    }
    format!("episodes {} to {}", point.first, point.last)
}

fn caption(lives: &[LifeCurve]) -> String {
    let counts: Vec<_> = lives.iter().map(|life| life.lives).collect();
    let of = match &counts[..] {
        [first, others @ ..] if others.iter().all(|other| other == first) => format!("{first} lives"),
        _ => counts.iter().map(u64::to_string).collect::<Vec<_>>().join(" and ") + " lives",
    };
    format!(
        "Accuracy by the number of the episode in a life, in the chip's integer arithmetic: {} unseen episodes follow one \
         another without a reset, each with something new to learn. Points are means over {of}, to the right also over \
         several episodes, and bands their 95 % intervals.",
        episodes(lives),
    )
}
