//! Accuracies side by side, each with its 95 % interval, against chance: what remains without a part of the
//! network.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::{self, Area, Chart, DrawError, FAINT, HEADING, INK, REFERENCE, TIME_AXIS, WIDTH};
use super::data::Accuracy;
use super::error::ReportError;
use super::section::PageSection;
use super::text::{number, percent};

const ROW: u32 = 62;
/// Room for the values right of the bars.
const VALUES: u32 = 420;
const BAR: RGBColor = RGBColor(0x6c, 0xb4, 0xe0);
/// Room for the labels, at most; the reader's font may need all of it.
const WIDEST_LABEL: u32 = 760;

/// The texts of a figure of bars.
pub(super) struct Bars<'t> {
    /// The heading.
    pub(super) title: &'t str,
    /// What it shows, without the counts of decisions.
    pub(super) caption: &'t str,
    /// The reason for leaving it out without data.
    pub(super) why_empty: &'t str,
}

/// The figure, or why there is none.
pub(super) fn section(bars: &Bars<'_>, accuracies: &[Accuracy], chance: f64) -> Result<PageSection, ReportError> {
    if accuracies.is_empty() {
        return Ok(PageSection::left_out(bars.title, bars.why_empty));
    }
    let height = HEADING + ROW * accuracies.len() as u32 + TIME_AXIS;
    let svg = canvas::draw(bars.title, height, |area| draw(area, accuracies, chance))?;
    let caption = format!(
        "{} Each bar is the fraction of right answers with its 95 % interval; the dashed line is chance, {}. {}",
        bars.caption,
        percent(chance),
        counts(accuracies),
    );
    Ok(PageSection::figure(bars.title, svg, caption))
}

fn draw(area: &Area<'_>, accuracies: &[Accuracy], chance: f64) -> Result<(), DrawError> {
    let widest = accuracies.iter().map(|one| canvas::width_of(&one.label)).max().unwrap_or(0);
    let labels = (widest + 30).min(WIDEST_LABEL);
    let mut chart = ChartBuilder::on(area)
        .margin_top(HEADING)
        .margin_left(labels)
        .margin_right(VALUES)
        .x_label_area_size(TIME_AXIS)
        .build_cartesian_2d(0.0..100.0, 0.0..accuracies.len() as f64)?;
    draw_scale(&mut chart)?;
    for (index, one) in accuracies.iter().enumerate() {
        let middle = (accuracies.len() - index) as f64 - 0.5;
        draw_bar(&mut chart, one, middle)?;
        let (zero, y) = chart.backend_coord(&(0.0, middle));
        area.draw_text(&one.label, &canvas::anchored(HPos::Right), (zero - 16, y))?;
        let right = (WIDTH - VALUES) as i32 + 16;
        area.draw_text(&value(one), &canvas::anchored(HPos::Left), (right, y))?;
    }
    draw_chance(area, &mut chart, chance, accuracies.len() as f64)
}

/// The axis of percentages, with a grid line at each tick.
fn draw_scale(chart: &mut Chart<'_, '_>) -> Result<(), DrawError> {
    chart
        .configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .light_line_style(TRANSPARENT)
        .bold_line_style(FAINT.stroke_width(2))
        .axis_style(INK.stroke_width(2))
        .x_labels(10)
        .x_label_formatter(&|value| number(*value))
        .label_style(canvas::ink(0.9))
        .axis_desc_style(canvas::ink(1.0))
        .x_desc("right answers (%)")
        .draw()
}

fn draw_bar(chart: &mut Chart<'_, '_>, one: &Accuracy, middle: f64) -> Result<(), DrawError> {
    let bar = [(0.0, middle - 0.32), (100.0 * one.accuracy, middle + 0.32)];
    chart.draw_series([Rectangle::new(bar, BAR.filled())])?;
    let (low, high) = (100.0 * one.low, 100.0 * one.high);
    let whisker = [[(low, middle), (high, middle)], cap(low, middle), cap(high, middle)];
    chart.draw_series(whisker.map(|line| PathElement::new(line.to_vec(), INK.stroke_width(4))))?;
    Ok(())
}

fn cap(at: f64, middle: f64) -> [(f64, f64); 2] {
    [(at, middle - 0.16), (at, middle + 0.16)]
}

fn draw_chance(area: &Area<'_>, chart: &mut Chart<'_, '_>, chance: f64, rows: f64) -> Result<(), DrawError> {
    let line = [(100.0 * chance, 0.0), (100.0 * chance, rows)].into_iter();
    chart.draw_series(DashedLineSeries::new(line, 16, 12, REFERENCE.stroke_width(4)))?;
    let (x, _) = chart.backend_coord(&(100.0 * chance, rows));
    let text = format!("chance {}", percent(chance));
    area.draw_text(&text, &canvas::anchored(HPos::Center).color(&REFERENCE), (x, HEADING as i32 / 2))
}

fn value(one: &Accuracy) -> String {
    format!("{}  ({:.1} to {:.1})", percent(one.accuracy), 100.0 * one.low, 100.0 * one.high)
}

/// The decisions and episodes of each bar, once if they are the same for all.
fn counts(accuracies: &[Accuracy]) -> String {
    let count = |one: &Accuracy| format!("{} decisions in {} unseen episodes", one.decisions, one.episodes);
    let first = count(&accuracies[0]);
    if accuracies.iter().all(|one| count(one) == first) {
        return format!("Every bar: {first}.");
    }
    let each: Vec<_> = accuracies.iter().map(|one| format!("{}: {}", one.label, count(one))).collect();
    format!("Measured on: {}.", each.join("; "))
}
