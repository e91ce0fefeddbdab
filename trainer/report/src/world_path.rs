//! One life in a world over time: where something has to be and is, the error, the commands, and what is sensed.

use plotters::prelude::*;

use super::canvas::{self, Area, Chart, DrawError, HEADING, INK, TIME_AXIS};
use super::data::{RecordedEpisode, RecordedTrace};
use super::error::ReportError;
use super::section::PageSection;
use super::text::{count, number};
use super::timeline::{self, Panel, SideLabel, Timeline};
use super::world_data::{RecordedCoordinate, RecordedLife};

const TITLE: &str = "One life in the world";
const PANEL: u32 = 330;
const GAP: u32 = 8;
/// How far a path is drawn beyond the desired one and that with the network, in their range: another may escape.
const BEYOND: f64 = 0.5;

/// The figure, or why there is none.
pub(super) fn section(episode: Option<&RecordedEpisode>) -> Result<PageSection, ReportError> {
    let found = episode.and_then(|episode| Some((episode, episode.life.as_ref()?)));
    let Some((episode, life)) = found.filter(|(_, life)| !panels(life).is_empty()) else {
        return Ok(PageSection::left_out(TITLE, "No life with paths, commands or analog values was recorded."));
    };
    let (timeline, panels) = (Timeline::new(episode), panels(life));
    let phases = timeline.phases();
    let mut heights = vec![timeline.strip_height(&phases)];
    heights.extend(panels.iter().map(|_| HEADING + PANEL + GAP));
    if let Some(last) = heights.last_mut() {
        *last += TIME_AXIS;
    }
    let svg = canvas::draw(TITLE, heights.iter().sum(), |root| {
        let areas = canvas::stack(root, &heights);
        timeline.strip(&areas[0], "phase", &phases)?;
        let mut drawn = areas[1..].iter().zip(&panels).enumerate();
        drawn.try_for_each(|(index, (area, panel))| panel.draw(area, &timeline, index + 1 == panels.len()))
    })?;
    Ok(PageSection::figure(TITLE, svg, caption(episode, life)).with_legend(timeline.legend()))
}

/// Lines over the time axis.
struct LinePanel {
    heading: String,
    unit: &'static str,
    range: (f64, f64),
    lines: Vec<PanelLine>,
}

/// One line, with its name right of the panel.
struct PanelLine {
    label: String,
    values: Vec<f64>,
    colour: RGBColor,
}

impl LinePanel {
    /// Of traces, in the colours of the series.
    fn of_traces(heading: &str, unit: &'static str, traces: &[RecordedTrace]) -> Option<Self> {
        let mut lines: Vec<_> = traces.iter().enumerate().map(|(index, trace)| line(trace, index)).collect();
        lines.reverse();
        let range = canvas::padded_range(lines.iter().flat_map(|line| line.values.iter().copied()));
        (!lines.is_empty()).then(|| Self { heading: heading.to_owned(), unit, range, lines })
    }

    /// Desired and actual values of a coordinate.
    fn of_path(coordinate: &RecordedCoordinate) -> Self {
        let others = coordinate.actual.iter().enumerate().rev();
        let mut lines: Vec<_> = others.map(|(index, trace)| line(trace, index)).collect();
        lines.push(PanelLine { label: "desired".into(), values: wide(&coordinate.desired), colour: INK });
        let shown = coordinate.desired.iter().chain(coordinate.actual.first().map_or(&[][..], |own| &own.values));
        let heading = format!("{}: desired and actual", coordinate.label);
        Self { heading, unit: "value", range: beyond(shown.copied().map(f64::from)), lines }
    }

    /// The errors of a coordinate.
    fn of_errors(coordinate: &RecordedCoordinate) -> Self {
        let error = |(index, trace): (usize, &RecordedTrace)| {
            let pairs = coordinate.desired.iter().zip(&trace.values);
            let values = pairs.map(|(desired, actual)| f64::from(desired - actual)).collect();
            PanelLine { values, ..line(trace, index) }
        };
        let mut lines: Vec<_> = coordinate.actual.iter().enumerate().map(error).collect();
        let range = beyond(lines.first().map_or(&[][..], |own| &own.values).iter().copied());
        lines.reverse();
        let heading = format!("{}: error, desired minus actual", coordinate.label);
        Self { heading, unit: "error", range, lines }
    }

    fn draw(&self, area: &Area<'_>, timeline: &Timeline<'_>, is_last: bool) -> Result<(), DrawError> {
        let (low, high) = self.range;
        let tick = |value: &f64| number(*value);
        let panel = Panel { heading: &self.heading, unit: self.unit, range: self.range, tick: &tick, is_last };
        let mut chart = timeline.chart(area, &panel)?;
        if low < 0.0 && high > 0.0 {
            timeline::zero_line(&mut chart, self.lines.first().map_or(0, |line| line.values.len()))?;
        }
        for PanelLine { values, colour, .. } in &self.lines {
            let points = values.iter().enumerate().map(|(step, value)| (step as f64 + 0.5, value.clamp(low, high)));
            chart.draw_series(LineSeries::new(points, colour.stroke_width(3)))?;
        }
        self.draw_labels(area, &chart, timeline)
    }

    /// The names of the lines, the uppermost line's first.
    fn draw_labels(&self, area: &Area<'_>, chart: &Chart<'_, '_>, timeline: &Timeline<'_>) -> Result<(), DrawError> {
        let (low, high) = self.range;
        let each = (high - low) / self.lines.len().max(8) as f64;
        self.lines.iter().rev().enumerate().try_for_each(|(row, line)| {
            let value = high - (row as f64 + 0.5) * each;
            timeline.beside(area, chart, &SideLabel { value, text: &line.label, colour: line.colour })
        })
    }
}

/// A range and half of it on either side.
fn beyond(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = canvas::padded_range(values);
    let room = BEYOND * (high - low);
    (low - room, high + room)
}

fn line(trace: &RecordedTrace, index: usize) -> PanelLine {
    PanelLine { label: trace.label.clone(), values: wide(&trace.values), colour: canvas::series(index) }
}

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().copied().map(f64::from).collect()
}

/// All panels, from top to bottom.
fn panels(life: &RecordedLife) -> Vec<LinePanel> {
    let coordinates = life.coordinates.iter().flat_map(|it| [LinePanel::of_path(it), LinePanel::of_errors(it)]);
    let commands = LinePanel::of_traces("commands of the network", "command", &life.commands);
    let senses = LinePanel::of_traces("analog values that are sensed", "value", &life.senses);
    coordinates.chain(commands).chain(senses).collect()
}

fn caption(episode: &RecordedEpisode, life: &RecordedLife) -> String {
    let mut caption = format!(
        "One life of {} that training never saw, in the chip's integer arithmetic.",
        count(episode.steps, "step"),
    );
    if !life.coordinates.is_empty() {
        caption.push_str(
            " Others act in the network's place in the same life; where their path is beyond the axis, it is drawn at \
             its end.",
        );
    }
    caption
}
