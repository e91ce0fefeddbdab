//! Bars side by side, each with its interval and its value as text. This file may not know what is measured.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::{self, Area, Chart, DrawError, FAINT, HEADING, INK, REFERENCE, TIME_AXIS, WIDTH};
use super::text::number;

const ROW: u32 = 62;
/// Room for the values right of the bars.
const VALUES: u32 = 420;
const BAR: RGBColor = RGBColor(0x6c, 0xb4, 0xe0);
/// Room for the labels, at most; the reader's font may need all of it.
const WIDEST_LABEL: u32 = 760;

/// Bars over one axis.
pub(super) struct BarChart<'t> {
    /// From top to bottom.
    pub(super) bars: Vec<Bar<'t>>,
    /// The ends of the axis; bars begin at zero, and a longer one is cut.
    pub(super) range: (f64, f64),
    /// The name of the axis with its unit.
    pub(super) axis: &'t str,
    /// A dashed line.
    pub(super) reference: Option<ReferenceValue>,
}

/// One bar.
pub(super) struct Bar<'t> {
    pub(super) label: &'t str,
    pub(super) value: f64,
    /// Ends of its interval.
    pub(super) low: f64,
    pub(super) high: f64,
    /// Its value, as it is written right of it.
    pub(super) text: String,
}

/// A value that bars are compared with.
pub(super) struct ReferenceValue {
    pub(super) value: f64,
    pub(super) text: String,
}

impl BarChart<'_> {
    /// The height that it needs.
    pub(super) fn height(&self) -> u32 {
        HEADING + ROW * self.bars.len() as u32 + TIME_AXIS
    }

    /// Draws it.
    pub(super) fn draw(&self, area: &Area<'_>) -> Result<(), DrawError> {
        let widest = self.bars.iter().map(|bar| canvas::width_of(bar.label)).max().unwrap_or(0);
        let mut chart = ChartBuilder::on(area)
            .margin_top(HEADING)
            .margin_left((widest + 30).min(WIDEST_LABEL))
            .margin_right(VALUES)
            .x_label_area_size(TIME_AXIS)
            .build_cartesian_2d(self.range.0..self.range.1, 0.0..self.bars.len() as f64)?;
        self.draw_scale(&mut chart)?;
        let (left, _) = chart.backend_coord(&(self.range.0, 0.0));
        for (index, bar) in self.bars.iter().enumerate() {
            let middle = (self.bars.len() - index) as f64 - 0.5;
            self.draw_bar(&mut chart, bar, middle)?;
            let (_, y) = chart.backend_coord(&(0.0, middle));
            area.draw_text(bar.label, &canvas::anchored(HPos::Right), (left - 16, y))?;
            let right = (WIDTH - VALUES) as i32 + 16;
            area.draw_text(&bar.text, &canvas::anchored(HPos::Left), (right, y))?;
        }
        self.reference.as_ref().map_or(Ok(()), |reference| self.draw_reference(area, &mut chart, reference))
    }

    fn draw_bar(&self, chart: &mut Chart<'_, '_>, bar: &Bar<'_>, middle: f64) -> Result<(), DrawError> {
        let [value, low, high] = [bar.value, bar.low, bar.high].map(|end| end.clamp(self.range.0, self.range.1));
        chart.draw_series([Rectangle::new([(0.0, middle - 0.32), (value, middle + 0.32)], BAR.filled())])?;
        if bar.high > self.range.1 {
            return Ok(());
        }
        let whisker = [[(low, middle), (high, middle)], cap(low, middle), cap(high, middle)];
        chart.draw_series(whisker.map(|line| PathElement::new(line.to_vec(), INK.stroke_width(4))))?;
        Ok(())
    }

    /// The axis, with a grid line at each tick.
    fn draw_scale(&self, chart: &mut Chart<'_, '_>) -> Result<(), DrawError> {
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
            .x_desc(self.axis)
            .draw()
    }

    fn draw_reference(
        &self,
        area: &Area<'_>,
        chart: &mut Chart<'_, '_>,
        reference: &ReferenceValue,
    ) -> Result<(), DrawError> {
        let rows = self.bars.len() as f64;
        canvas::reference_line(chart, [(reference.value, 0.0), (reference.value, rows)])?;
        let (x, _) = chart.backend_coord(&(reference.value, rows));
        let style = canvas::anchored(HPos::Center).color(&REFERENCE);
        area.draw_text(&reference.text, &style, (x, HEADING as i32 / 2))
    }
}

fn cap(at: f64, middle: f64) -> [(f64, f64); 2] {
    [(at, middle - 0.16), (at, middle + 0.16)]
}
