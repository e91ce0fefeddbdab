//! The course of meta-training: loss, accuracy, learning rate and gradient norm over the meta-steps.
//!
//! A batch is small and its accuracy noisy: each point is drawn faintly, and over it the mean of the last few.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::{self, Area, Axes, Chart, DrawError, HEADING, REFERENCE, TIME_AXIS, VALUE_AXIS};
use super::data::{CurvePoint, ReportData};
use super::error::ReportError;
use super::section::{Key, PageSection};
use super::text::{count, number, percent};

const TITLE: &str = "Learning to learn: the course of meta-training";
const ROW: u32 = HEADING + 330 + TIME_AXIS;

/// One quantity over the meta-steps.
struct CurvePanel<'d> {
    heading: &'static str,
    unit: &'d str,
    value: fn(&CurvePoint) -> f64,
    /// The upper end of the vertical axis; if none, it follows from the largest value.
    high: Option<f64>,
    tick: fn(&f64) -> String,
    reference: Option<f64>,
    /// Whether it varies from batch to batch, so that its running mean is drawn over it.
    is_noisy: bool,
}

/// The figure, or why there is none.
pub(super) fn section(data: &ReportData) -> Result<PageSection, ReportError> {
    let points: Vec<_> = data.curve.iter().copied().filter(is_finite).collect();
    if points.is_empty() {
        let why = "No course of training was given: this page was made from a finished network alone.";
        return Ok(PageSection::left_out(TITLE, why));
    }
    let window = (points.len() / 20).clamp(1, 25);
    let svg = canvas::draw(TITLE, 2 * ROW, |root| {
        let areas = root.split_evenly((2, 2));
        areas.iter().zip(panels(data)).try_for_each(|(area, panel)| draw_panel(area, &panel, &points, window))
    })?;
    let legend = vec![
        Key::new(faint(), "each meta-step"),
        Key::new(canvas::SERIES[0], format!("mean of the last {}", count(window, "meta-step"))),
    ];
    let chance = Key::new(REFERENCE, format!("chance, {}", percent(data.chance)));
    let legend = legend.into_iter().chain(data.world.is_none().then_some(chance)).collect();
    Ok(PageSection::figure(TITLE, svg, caption(points.len(), data.curve.len())).with_legend(legend))
}

fn is_finite(point: &CurvePoint) -> bool {
    [point.loss, point.score, point.learning_rate, point.gradient_norm].into_iter().all(f64::is_finite)
}

fn panels(data: &ReportData) -> [CurvePanel<'_>; 4] {
    let panel = |heading, unit, value| {
        let tick: fn(&f64) -> String = |value| number(*value);
        CurvePanel { heading, unit, value, high: None, tick, reference: None, is_noisy: true }
    };
    let accuracy = panel("accuracy on the batch", "right answers (%)", |point: &CurvePoint| point.score);
    let (loss, score) = match &data.world {
        Some(world) => {
            ("mean of the batch", panel("what counts", &world.measure, |point: &CurvePoint| point.score))
        }
        None => {
            let tick = |fraction: &f64| number(100.0 * fraction);
            let reference = Some(data.chance);
            ("cross entropy (nats)", CurvePanel { high: Some(1.0), tick, reference, ..accuracy })
        }
    };
    [
        panel("loss", loss, |point| point.loss),
        score,
        CurvePanel {
            is_noisy: false,
            ..panel("learning rate", "rate of the optimiser", |point| point.learning_rate)
        },
        panel("gradient norm, before clipping", "Euclidean norm", |point| point.gradient_norm),
    ]
}

impl CurvePanel<'_> {
    /// The vertical axis, with zero on it.
    fn range(&self, points: &[CurvePoint]) -> (f64, f64) {
        let smallest = points.iter().map(self.value).fold(0.0, f64::min);
        let largest = points.iter().map(self.value).fold(0.0, f64::max);
        let high = if largest > 0.0 { 1.08 * largest } else { 0.0 };
        let low = 1.08 * smallest;
        (low, self.high.unwrap_or(if high > low { high } else { 1.0 }))
    }
}

fn draw_panel(
    area: &Area<'_>,
    panel: &CurvePanel<'_>,
    points: &[CurvePoint],
    window: usize,
) -> Result<(), DrawError> {
    canvas::heading(area, panel.heading, VALUE_AXIS)?;
    let (low, high) = panel.range(points);
    let (first, last) = (points[0].meta_step as f64, points[points.len() - 1].meta_step as f64);
    let mut chart = ChartBuilder::on(area)
        .margin_top(HEADING)
        .margin_right(40)
        .x_label_area_size(TIME_AXIS)
        .y_label_area_size(VALUE_AXIS)
        .build_cartesian_2d(first..last.max(first + 1.0), low..high)?;
    canvas::draw_axes(&mut chart, &Axes { x: "meta-step", y: panel.unit, tick: &panel.tick })?;
    draw_lines(&mut chart, panel, points, window)?;
    panel.reference.map_or(Ok(()), |chance| draw_chance(area, &mut chart, chance, (first, last.max(first + 1.0))))
}

fn draw_chance(area: &Area<'_>, chart: &mut Chart<'_, '_>, chance: f64, ends: (f64, f64)) -> Result<(), DrawError> {
    canvas::reference_line(chart, [(ends.0, chance), (ends.1, chance)])?;
    let (right, y) = chart.backend_coord(&(ends.1, chance));
    let (left, top) = area.get_base_pixel();
    area.draw_text("chance", &canvas::anchored(HPos::Right).color(&REFERENCE), (right - left - 8, y - top + 22))
}

fn draw_lines(
    chart: &mut Chart<'_, '_>,
    panel: &CurvePanel<'_>,
    points: &[CurvePoint],
    window: usize,
) -> Result<(), DrawError> {
    let raw = running_mean(points, panel.value, 1);
    if !panel.is_noisy {
        chart.draw_series(LineSeries::new(raw, canvas::SERIES[0].stroke_width(5)))?;
        return Ok(());
    }
    chart.draw_series(LineSeries::new(raw, faint().stroke_width(3)))?;
    chart.draw_series(LineSeries::new(
        running_mean(points, panel.value, window),
        canvas::SERIES[0].stroke_width(5),
    ))?;
    Ok(())
}

fn faint() -> RGBColor {
    RGBColor(0x9c, 0xc6, 0xe2)
}

/// The mean of each value and up to `window - 1` before it.
fn running_mean(points: &[CurvePoint], value: fn(&CurvePoint) -> f64, window: usize) -> Vec<(f64, f64)> {
    let mean = |last: usize| {
        let recent = &points[(last + 1).saturating_sub(window)..=last];
        recent.iter().map(value).sum::<f64>() / recent.len() as f64
    };
    points.iter().enumerate().map(|(index, point)| (point.meta_step as f64, mean(index))).collect()
}

fn caption(drawn: usize, given: usize) -> String {
    let mut caption = format!(
        "{drawn} meta-steps of gradient descent on how the network learns: every meta-step is a batch of fresh episodes, \
         and all that changes from one to the next are the meta-parameters."
    );
    if drawn < given {
        let left_out = count(given - drawn, "meta-step");
        caption.push_str(&format!(" Left out: {left_out} with a value that is not finite."));
    }
    caption
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_running_mean_takes_only_earlier_values() {
        let point = |meta_step: u64| CurvePoint { meta_step, loss: meta_step as f64, ..CurvePoint::default() };
        let points: Vec<_> = (0..4).map(point).collect();
        let means = running_mean(&points, |point| point.loss, 3);
        assert_eq!(means, [(0.0, 0.0), (1.0, 0.5), (2.0, 1.0), (3.0, 2.0)]);
    }
}
