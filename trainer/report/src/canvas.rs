//! The drawing surface of every figure: an `svg` element without outside references, its colours and its text.
//!
//! Lengths are half pixels on a surface 2000 wide, because the SVG backend rounds to whole units. Legends are not
//! part of a drawing: the page sets them as text, where they cannot be clipped.

use std::io;

use maud::{Markup, PreEscaped, html};
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::error::ReportError;
use super::text::number;

/// Width of every figure.
pub(super) const WIDTH: u32 = 2000;
/// Height of text.
pub(super) const LETTER: f64 = 25.0;
/// Room for a line of text above a chart.
pub(super) const HEADING: u32 = 60;
/// Room for tick labels and the name of the axis under a chart.
pub(super) const TIME_AXIS: u32 = 92;
/// Room for tick labels and the name of the axis left of a chart.
pub(super) const VALUE_AXIS: u32 = 150;

/// Text and axes.
pub(super) const INK: RGBColor = RGBColor(0x22, 0x2a, 0x33);
/// Grid lines and frames.
pub(super) const FAINT: RGBColor = RGBColor(0xd5, 0xda, 0xe0);
/// Reference lines, such as chance.
pub(super) const REFERENCE: RGBColor = RGBColor(0xb0, 0x1e, 0x2f);
/// Background of a right answer.
pub(super) const RIGHT: RGBColor = RGBColor(0x9f, 0xd9, 0xae);
/// Background of a wrong answer.
pub(super) const WRONG: RGBColor = RGBColor(0xf4, 0xa3, 0x9a);
/// Series, distinguishable also for readers with red-green colour blindness (Okabe & Ito 2008).
pub(super) const SERIES: [RGBColor; 6] = [
    RGBColor(0x00, 0x72, 0xb2),
    RGBColor(0xd5, 0x5e, 0x00),
    RGBColor(0x00, 0x8c, 0x68),
    RGBColor(0xb8, 0x5c, 0x90),
    RGBColor(0x8a, 0x6d, 0x00),
    RGBColor(0x3b, 0x9c, 0xd6),
];

/// A part of a figure.
pub(super) type Area<'s> = DrawingArea<SVGBackend<'s>, Shift>;
/// A chart with two linear axes.
pub(super) type Chart<'a, 's> = ChartContext<'a, SVGBackend<'s>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;
/// Why the library could not draw.
pub(super) type DrawError = DrawingAreaErrorKind<io::Error>;

/// A position on a figure, from its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Point {
    /// To the right.
    pub(super) x: i32,
    /// Down.
    pub(super) y: i32,
}

impl Point {
    /// The point that is further to the right and down.
    pub(super) fn moved(self, right: i32, down: i32) -> Self {
        Self { x: self.x + right, y: self.y + down }
    }

    /// As the plotting library takes it.
    pub(super) fn pair(self) -> (i32, i32) {
        (self.x, self.y)
    }
}

/// The colour of the `index`th series.
pub(super) fn series(index: usize) -> RGBColor {
    SERIES[index % SERIES.len()]
}

/// Draws a figure and returns it as an `svg` element for use inside HTML.
pub(super) fn draw(
    title: &str,
    height: u32,
    figure: impl FnOnce(&Area<'_>) -> Result<(), DrawError>,
) -> Result<Markup, ReportError> {
    Ok(inline(&document(title, height, figure)?, title, height))
}

/// Draws a figure and returns it as the text of an SVG file, on white.
pub(super) fn file(
    title: &str,
    height: u32,
    figure: impl FnOnce(&Area<'_>) -> Result<(), DrawError>,
) -> Result<String, ReportError> {
    document(title, height, |area| {
        area.fill(&WHITE)?;
        figure(area)
    })
}

fn document(
    title: &str,
    height: u32,
    figure: impl FnOnce(&Area<'_>) -> Result<(), DrawError>,
) -> Result<String, ReportError> {
    let mut document = String::new();
    let area = SVGBackend::with_string(&mut document, (WIDTH, height)).into_drawing_area();
    let drawn = figure(&area).and_then(|()| area.present());
    drop(area);
    drawn.map_err(|source| ReportError::Drawing { figure: title.to_owned(), source })?;
    Ok(document)
}

/// Replaces the backend's outermost tag: HTML needs no namespace, and the page decides the size. The backend has
/// escaped all text in it.
fn inline(document: &str, title: &str, height: u32) -> Markup {
    let content = document.split_once('>').map_or("", |(_, content)| content);
    let content = content.trim_end().trim_end_matches("</svg>");
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-label=(title) { (PreEscaped(content)) }
    }
}

/// The style of text that is `scale` times as high as other text.
pub(super) fn ink(scale: f64) -> TextStyle<'static> {
    // The backend writes a font 1.24 times smaller than requested.
    ("sans-serif", LETTER * scale * 1.24).into_font().color(&INK)
}

/// The style of text that is anchored at its left, middle or right, and at half its height.
pub(super) fn anchored(horizontal: HPos) -> TextStyle<'static> {
    ink(1.0).pos(Pos::new(horizontal, VPos::Center))
}

/// An upper estimate of the width of a text; the reader's font is unknown.
pub(super) fn width_of(text: &str) -> u32 {
    (text.chars().count() as f64 * LETTER * 0.56).ceil() as u32
}

/// The parts of a figure, from top to bottom, of the given heights.
pub(super) fn stack<'s>(area: &Area<'s>, heights: &[u32]) -> Vec<Area<'s>> {
    let above_last = &heights[..heights.len().saturating_sub(1)];
    let ends = above_last.iter().scan(0, |end, height| {
        *end += *height;
        Some(*end as i32)
    });
    let none: [i32; 0] = [];
    area.split_by_breakpoints(none, ends.collect::<Vec<_>>())
}

/// The texts of a chart's axes.
pub(super) struct Axes<'t> {
    /// The name of the horizontal axis, empty for none.
    pub(super) x: &'t str,
    /// The name of the vertical axis, empty for none.
    pub(super) y: &'t str,
    /// The text of a tick of the vertical axis.
    pub(super) tick: &'t dyn Fn(&f64) -> String,
}

/// Draws axes and horizontal grid lines.
pub(super) fn draw_axes(chart: &mut Chart<'_, '_>, axes: &Axes<'_>) -> Result<(), DrawError> {
    draw_axes_with(chart, axes, 10)
}

/// Draws axes and horizontal grid lines, with so many ticks of the horizontal axis, about.
pub(super) fn draw_axes_with(chart: &mut Chart<'_, '_>, axes: &Axes<'_>, ticks: usize) -> Result<(), DrawError> {
    let rows = chart.plotting_area().dim_in_pixel().1 / 50;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(FAINT.stroke_width(2))
        .axis_style(INK.stroke_width(2))
        .x_labels(ticks)
        .y_labels(rows.clamp(2, 6) as usize)
        .x_label_formatter(&|value| number(*value))
        .y_label_formatter(axes.tick)
        .label_style(ink(0.9))
        .axis_desc_style(ink(1.0))
        .x_desc(axes.x)
        .y_desc(axes.y)
        .draw()
}

/// Draws axes without ticks of the vertical one and without grid lines.
pub(super) fn draw_axes_without_grid(chart: &mut Chart<'_, '_>, axes: &Axes<'_>) -> Result<(), DrawError> {
    chart
        .configure_mesh()
        .disable_mesh()
        .axis_style(INK.stroke_width(2))
        .x_labels(10)
        .y_labels(0)
        .x_label_formatter(&|value| number(*value))
        .label_style(ink(0.9))
        .axis_desc_style(ink(1.0))
        .x_desc(axes.x)
        .y_desc(axes.y)
        .draw()
}

/// A dashed line of what curves are compared with, or of where something changes.
pub(super) fn reference_line(chart: &mut Chart<'_, '_>, ends: [(f64, f64); 2]) -> Result<(), DrawError> {
    chart.draw_series(DashedLineSeries::new(ends, 16, 12, REFERENCE.stroke_width(4)))?;
    Ok(())
}

/// The band between two curves of a series, each from left to right.
pub(super) fn band(
    chart: &mut Chart<'_, '_>,
    lows: impl Iterator<Item = (f64, f64)>,
    highs: impl DoubleEndedIterator<Item = (f64, f64)>,
    colour: RGBColor,
) -> Result<(), DrawError> {
    let outline: Vec<_> = lows.chain(highs.rev()).collect();
    chart.draw_series([Polygon::new(outline, colour.mix(0.2))])?;
    Ok(())
}

/// The ticks of a logarithmic axis: 1, 2 and 5 times some powers of ten.
pub(super) fn decade_ticks(powers: impl Iterator<Item = i32>) -> impl Iterator<Item = f64> {
    powers.flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10_f64.powi(power)))
}

/// A line of text above a chart.
pub(super) fn heading(area: &Area<'_>, text: &str, left: u32) -> Result<(), DrawError> {
    let style = ("sans-serif", LETTER * 1.24).into_font().style(FontStyle::Bold).color(&INK);
    area.draw_text(text, &style.pos(Pos::new(HPos::Left, VPos::Center)), (left as i32, HEADING as i32 - 22))
}

/// The range of values with a margin of a tenth on either side; never an empty range.
pub(super) fn padded_range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values.fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)));
    if low >= high {
        let middle = if low == high { low } else { 0.0 };
        return (middle - 1.0, middle + 1.0);
    }
    let room = 0.1 * (high - low);
    (low - room, high + room)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_never_empty() {
        assert_eq!(padded_range([].into_iter()), (-1.0, 1.0));
        assert_eq!(padded_range([3.0].into_iter()), (2.0, 4.0));
        assert_eq!(padded_range([0.0, 10.0].into_iter()), (-1.0, 11.0));
    }

    #[test]
    fn a_stack_has_as_many_parts_as_heights() {
        let mut parts = Vec::new();
        draw("a", 60, |area| {
            parts = stack(area, &[10, 20, 30]).iter().map(|part| part.dim_in_pixel().1).collect();
            Ok(())
        })
        .unwrap();
        assert_eq!(parts, [10, 20, 30]);
    }

    #[test]
    fn an_inline_figure_has_no_namespace_and_escapes_its_title() {
        let svg = draw("a < b", 100, |area| area.draw_text("c < d", &ink(1.0), (0, 0))).unwrap();
        let svg = svg.into_string();
        assert!(svg.starts_with(r#"<svg viewBox="0 0 2000 100" role="img" aria-label="a &lt; b">"#), "{svg}");
        assert!(svg.contains("c &lt; d") && svg.trim_end().ends_with("</svg>"), "{svg}");
    }
}
