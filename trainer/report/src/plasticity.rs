//! The change of the plastic weights in one episode: the root mean square of `P` and some single weights over time, on
//! the axis of the raster.

use plotters::prelude::*;

use super::canvas::{self, Area, DrawError, HEADING, TIME_AXIS};
use super::data::{RecordedEpisode, RecordedTrace, RecordedWeights};
use super::error::ReportError;
use super::section::{Key, PageSection};
use super::text::number;
use super::timeline::{Panel, Timeline};

const TITLE: &str = "The same episode: how far the synapses move";
const PANEL: u32 = 360;

/// The figure, or why there is none.
pub(super) fn section(episode: Option<&RecordedEpisode>) -> Result<PageSection, ReportError> {
    let Some(episode) = episode.filter(|episode| !episode.plastic_rms.is_empty()) else {
        let why = "No plastic weights were recorded: there was no episode, or no projection is plastic.";
        return Ok(PageSection::left_out(TITLE, why));
    };
    let timeline = Timeline::new(episode);
    let phases = timeline.phases();
    let mut heights = vec![timeline.strip_height(&phases)];
    heights.extend(episode.plastic_weights.iter().map(|_| HEADING + PANEL + 8));
    heights.push(HEADING + PANEL + TIME_AXIS);
    let svg = canvas::draw(TITLE, heights.iter().sum(), |root| {
        let areas = canvas::stack(root, &heights);
        timeline.strip(&areas[0], "phase", &phases)?;
        for (area, weights) in areas[1..].iter().zip(&episode.plastic_weights) {
            draw_weights(area, &timeline, weights)?;
        }
        draw_lines(&areas[areas.len() - 1], &timeline, &episode.plastic_rms)
    })?;
    let mut legend = timeline.legend();
    let key = |(index, trace): (usize, &RecordedTrace)| Key::new(canvas::series(index), trace.label.as_str());
    legend.extend(episode.plastic_rms.iter().enumerate().map(key));
    Ok(PageSection::figure(TITLE, svg, caption(episode)).with_legend(legend))
}

fn caption(episode: &RecordedEpisode) -> String {
    let single = episode.plastic_weights.iter().map(|projection| projection.weights.len()).max().unwrap_or(0);
    let mut caption = String::from(
        "Root mean square of the plastic weights P over all synapses of a projection. P is zero in the initial state, and \
         only the rule and the third factor change it, so a rise is learning under way.",
    );
    if single > 0 {
        caption.push_str(&format!(" Above it the {single} weights of a projection that are largest in the end."));
    }
    caption
}

/// Single weights, each in a colour of its own.
fn draw_weights(area: &Area<'_>, timeline: &Timeline<'_>, weights: &RecordedWeights) -> Result<(), DrawError> {
    let values = weights.weights.iter().flat_map(|trace| &trace.values).map(|value| f64::from(*value));
    let range = canvas::padded_range(values.chain([0.0]));
    let heading = format!("single weights of {}", weights.projection);
    let panel =
        Panel { heading: &heading, unit: "P (thresholds)", range, tick: &|value| number(*value), is_last: false };
    let mut chart = timeline.chart(area, &panel)?;
    timeline.zero_line(&mut chart)?;
    for (index, trace) in weights.weights.iter().enumerate() {
        let points = trace.values.iter().enumerate().map(|(step, value)| (step as f64 + 0.5, f64::from(*value)));
        chart.draw_series(LineSeries::new(points, canvas::series(index).stroke_width(3)))?;
    }
    Ok(())
}

fn draw_lines(area: &Area<'_>, timeline: &Timeline<'_>, traces: &[RecordedTrace]) -> Result<(), DrawError> {
    let largest = traces.iter().flat_map(|trace| &trace.values).fold(0.0f32, |largest, value| largest.max(*value));
    let high = if largest > 0.0 { 1.1 * f64::from(largest) } else { 1.0 };
    let heading = "root mean square of P, by projection";
    let unit = "P (thresholds)";
    let panel = Panel { heading, unit, range: (0.0, high), tick: &|value| number(*value), is_last: true };
    let mut chart = timeline.chart(area, &panel)?;
    for (index, trace) in traces.iter().enumerate() {
        let points = trace.values.iter().enumerate().map(|(step, value)| (step as f64 + 0.5, f64::from(*value)));
        chart.draw_series(LineSeries::new(points, canvas::series(index).stroke_width(5)))?;
    }
    Ok(())
}
