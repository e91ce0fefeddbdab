//! The distribution of the plastic weights at the end of an episode: one histogram per projection, counts on a
//! logarithmic scale, because most synapses hardly change and the few that do are what was learned.

use plotters::prelude::*;

use super::canvas::{self, Area, DrawError, FAINT, HEADING, INK, TIME_AXIS, VALUE_AXIS};
use super::data::Histogram;
use super::error::ReportError;
use super::section::Section;
use super::text::number;

const TITLE: &str = "The plastic weights when the episode ends";
const HEIGHT: u32 = HEADING + 340 + TIME_AXIS;
/// The lower end of the bars: a bin with one synapse is visible.
const FOOT: f64 = 0.6;

/// The figure, or why there is none.
pub(super) fn section(histograms: &[Histogram]) -> Result<Section, ReportError> {
    if histograms.is_empty() {
        let why = "The plastic weights were not read back at the end of an episode.";
        return Ok(Section::left_out(TITLE, why));
    }
    let columns = histograms.len().min(2);
    let rows = histograms.len().div_ceil(columns);
    let svg = canvas::draw(TITLE, HEIGHT * rows as u32, |root| {
        let areas = root.split_evenly((rows, columns));
        let mut cells = areas.iter().zip(histograms).enumerate();
        cells.try_for_each(|(index, (area, histogram))| draw_histogram(area, histogram, canvas::series(index)))
    })?;
    let caption = "Number of synapses by the value of their plastic weight P, in units of the firing threshold; the \
                   scale is logarithmic, one grid line a factor of ten. The effect of synapses near zero is that of \
                   their innate weight alone.";
    Ok(Section::figure(TITLE, svg, caption.into()))
}

fn draw_histogram(area: &Area<'_>, histogram: &Histogram, colour: RGBColor) -> Result<(), DrawError> {
    let synapses: u64 = histogram.counts.iter().sum();
    let heading = format!("{}: {synapses} synapses", histogram.projection);
    canvas::heading(area, &heading, VALUE_AXIS)?;
    let (first, last) = (histogram.edges[0], histogram.edges[histogram.edges.len() - 1]);
    let highest = histogram.counts.iter().max().map_or(1, |count| *count).max(1) as f64;
    let mut chart = ChartBuilder::on(area)
        .margin_top(HEADING)
        .margin_right(40)
        .x_label_area_size(TIME_AXIS)
        .y_label_area_size(VALUE_AXIS)
        .build_cartesian_2d(f64::from(first)..f64::from(last), (FOOT..(2.0 * highest).max(10.0)).log_scale())?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(FAINT.stroke_width(2))
        .axis_style(INK.stroke_width(2))
        .x_labels(8)
        .y_labels(6)
        .x_label_formatter(&|value| number(*value))
        .y_label_formatter(&|value| number(*value))
        .label_style(canvas::ink(0.9))
        .axis_desc_style(canvas::ink(1.0))
        .x_desc("P (thresholds)")
        .y_desc("synapses")
        .draw()?;
    let bins = histogram.edges.windows(2).zip(&histogram.counts).filter(|(_, count)| **count > 0);
    chart.draw_series(bins.map(|(edges, count)| {
        let corners = [(f64::from(edges[0]), FOOT), (f64::from(edges[1]), *count as f64)];
        Rectangle::new(corners, colour.filled())
    }))?;
    Ok(())
}
