//! One life in a world over time: where something has to be and is, the error, the commands, and what is sensed.

use plotters::prelude::*;

use super::canvas::{self, Area, Chart, DrawError, HEADING, TIME_AXIS};
use super::data::{RecordedEpisode, RecordedTrace};
use super::error::ReportError;
use super::section::PageSection;
use super::text::{count, number};
use super::timeline::{Panel, SideLabel, Timeline};
use super::world_data::{RecordedCoordinate, RecordedLife};

const TITLE: &str = "One life in the world";
const PANEL: u32 = 330;
const GAP: u32 = 8;
/// How far a path is drawn beyond the desired one and that with the network, in their range: another may escape.
const BEYOND: f64 = 0.5;
/// Of the desired path, which is wide enough to be seen under another.
const DESIRED: RGBColor = RGBColor(0x8a, 0x93, 0x9c);
const WIDE: u32 = 9;
const THIN: u32 = 3;

/// The figure, or why there is none; nothing of a world without paths, commands and analog values.
pub(super) fn section(episode: Option<&RecordedEpisode>) -> Result<Option<PageSection>, ReportError> {
    let Some((episode, life)) = episode.and_then(|episode| Some((episode, episode.life.as_ref()?))) else {
        return Ok(Some(PageSection::left_out(TITLE, "No life was recorded.")));
    };
    let panels = panels(life);
    if panels.is_empty() {
        return Ok(None);
    }
    draw(episode, life, &panels).map(Some)
}

fn draw(episode: &RecordedEpisode, life: &RecordedLife, panels: &[LinePanel]) -> Result<PageSection, ReportError> {
    let timeline = Timeline::new(episode);
    let phases = timeline.phases();
    let mut heights = vec![timeline.strip_height(&phases)];
    heights.extend(panels.iter().map(|_| HEADING + PANEL + GAP));
    if let Some(last) = heights.last_mut() {
        *last += TIME_AXIS;
    }
    let svg = canvas::draw(TITLE, heights.iter().sum(), |root| {
        let areas = canvas::stack(root, &heights);
        timeline.strip(&areas[0], "phase", &phases)?;
        let mut drawn = areas[1..].iter().zip(panels).enumerate();
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
    /// One for each step; none leaves a gap.
    values: Vec<Option<f64>>,
    colour: RGBColor,
    width: u32,
}

impl LinePanel {
    /// Of traces, in the colours of the series.
    fn of_traces(heading: &str, unit: &'static str, traces: &[RecordedTrace]) -> Option<Self> {
        let mut lines: Vec<_> = traces.iter().enumerate().map(|(index, trace)| line(trace, index)).collect();
        lines.reverse();
        let range = canvas::padded_range(lines.iter().flat_map(|line| line.values.iter().copied().flatten()));
        (!lines.is_empty()).then(|| Self { heading: heading.to_owned(), unit, range, lines })
    }

    /// Desired and actual values of a coordinate.
    fn of_path(coordinate: &RecordedCoordinate) -> Self {
        let values: Vec<_> = coordinate.desired.iter().map(|value| value.map(f64::from)).collect();
        let own = coordinate.actual.first().map_or(&[][..], |own| &own.values);
        let range = beyond(values.iter().copied().flatten().chain(own.iter().copied().map(f64::from)));
        let desired = PanelLine { label: "desired".into(), values, colour: DESIRED, width: WIDE };
        let actual = coordinate.actual.iter().enumerate().rev().map(|(index, trace)| line(trace, index));
        let lines = std::iter::once(desired).chain(actual).collect();
        Self { heading: heading(coordinate, "desired and actual value"), unit: "value", range, lines }
    }

    /// The errors of a coordinate.
    fn of_errors(coordinate: &RecordedCoordinate) -> Self {
        let error = |(index, trace): (usize, &RecordedTrace)| {
            let pairs = coordinate.desired.iter().zip(&trace.values);
            let values =
                pairs.map(|(desired, actual)| desired.map(|desired| f64::from(desired - actual))).collect();
            PanelLine { values, ..line(trace, index) }
        };
        let mut lines: Vec<_> = coordinate.actual.iter().enumerate().map(error).collect();
        let range = beyond(usual(lines.first().map_or(&[][..], |own| &own.values)).into_iter());
        lines.reverse();
        Self { heading: heading(coordinate, "error, desired minus actual"), unit: "error", range, lines }
    }

    fn draw(&self, area: &Area<'_>, timeline: &Timeline<'_>, is_last: bool) -> Result<(), DrawError> {
        let (low, high) = self.range;
        let tick = |value: &f64| number(*value);
        let panel = Panel { heading: &self.heading, unit: self.unit, range: self.range, tick: &tick, is_last };
        let mut chart = timeline.chart(area, &panel)?;
        if low < 0.0 && high > 0.0 {
            timeline.zero_line(&mut chart)?;
        }
        for PanelLine { values, colour, width, .. } in &self.lines {
            let points = values.iter().enumerate();
            let points = points.map(|(step, value)| Some((step as f64 + 0.5, (*value)?.clamp(low, high))));
            let points: Vec<_> = points.collect();
            for unbroken in points.split(Option::is_none) {
                let line = unbroken.iter().copied().flatten();
                chart.draw_series(LineSeries::new(line, colour.stroke_width(*width)))?;
            }
        }
        self.draw_labels(area, &chart, timeline)
    }

    /// The names of the lines, the uppermost line's first.
    fn draw_labels(
        &self,
        area: &Area<'_>,
        chart: &Chart<'_, '_>,
        timeline: &Timeline<'_>,
    ) -> Result<(), DrawError> {
        let (low, high) = self.range;
        let each = (high - low) / self.lines.len().max(8) as f64;
        self.lines.iter().rev().enumerate().try_for_each(|(row, line)| {
            let value = high - (row as f64 + 0.5) * each;
            timeline.beside(area, chart, &SideLabel { value, text: &line.label, colour: line.colour })
        })
    }
}

/// Values without the lowest and the highest two of a hundred: what is large at the start alone would hide all others.
fn usual(values: &[Option<f64>]) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().flatten().collect();
    sorted.sort_by(f64::total_cmp);
    let cut = sorted.len() / 50;
    sorted[cut..sorted.len() - cut].to_vec()
}

/// A range and half of it on either side.
fn beyond(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = canvas::padded_range(values);
    let room = BEYOND * (high - low);
    (low - room, high + room)
}

fn line(trace: &RecordedTrace, index: usize) -> PanelLine {
    let values = trace.values.iter().map(|value| Some(f64::from(*value))).collect();
    PanelLine { label: trace.label.clone(), values, colour: canvas::series(index), width: THIN }
}

fn heading(coordinate: &RecordedCoordinate, what: &str) -> String {
    if coordinate.label.is_empty() { what.to_owned() } else { format!("{}: {what}", coordinate.label) }
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
            " Others act in the network's place in the same life. What is beyond an axis is drawn at its end.",
        );
    }
    caption
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_of_errors_leaves_out_the_largest() {
        let errors: Vec<Option<f64>> = (0..100).map(|step| Some(if step < 2 { 50.0 } else { 1.0 })).collect();
        assert_eq!(usual(&errors), vec![1.0; 96]);
        assert_eq!((usual(&[None, Some(3.0)]), usual(&[])), (vec![3.0], Vec::new()));
    }
}
