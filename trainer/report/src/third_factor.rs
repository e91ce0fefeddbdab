//! The gate of plasticity in one episode: the modulator neurons, and the third factor that they make.
//!
//! `m_k = tanh(u_k)`, `M_j = sum_k G_kj m_k`; the axis is that of the raster.

use plotters::prelude::*;

use super::canvas::{self, Area, DrawError, HEADING, TIME_AXIS};
use super::data::{RecordedEpisode, RecordedPhaseKind, RecordedThirdFactor, RecordedTrace};
use super::error::ReportError;
use super::section::{Key, PageSection};
use super::shade::{SHADES, colour, shade};
use super::text::{index_below, number};
use super::timeline::{self, Panel, SideLabel, Timeline};

const TITLE: &str = "The same episode: modulators and third factor";
const PANEL: u32 = 230;

/// The figure, or why there is none.
pub(super) fn section(episode: Option<&RecordedEpisode>) -> Result<PageSection, ReportError> {
    let is_recorded =
        |episode: &&RecordedEpisode| !(episode.modulators.is_empty() && episode.third_factor.is_empty());
    let Some(episode) = episode.filter(is_recorded) else {
        let why = "No modulators were recorded: there was no episode, or the network has none.";
        return Ok(PageSection::left_out(TITLE, why));
    };
    let timeline = Timeline::new(episode);
    let phases = timeline.phases();
    let heights = heights(episode, timeline.strip_height(&phases));
    let svg =
        canvas::draw(TITLE, heights.iter().sum(), |root| {
            let areas = canvas::stack(root, &heights);
            timeline.strip(&areas[0], "phase", &phases)?;
            if !episode.modulators.is_empty() {
                draw_modulators(&areas[1], &timeline, episode)?;
            }
            let count = episode.third_factor.len();
            areas[areas.len() - count..].iter().zip(&episode.third_factor).enumerate().try_for_each(
                |(index, (area, factor))| draw_factor(area, &timeline, factor, index, index + 1 == count),
            )
        })?;
    Ok(PageSection::figure(TITLE, svg, caption(episode)).with_legend(legend(&timeline, episode)))
}

/// Heights of the strip, the modulators if there are any, and the projections; the last part has the time axis.
fn heights(episode: &RecordedEpisode, strip: u32) -> Vec<u32> {
    let mut heights = vec![strip];
    if !episode.modulators.is_empty() {
        heights.push(HEADING + rows_height(episode.modulators.len()) + 8);
    }
    heights.extend(episode.third_factor.iter().map(|_| HEADING + PANEL + 8));
    if let Some(last) = heights.last_mut() {
        *last += TIME_AXIS;
    }
    heights
}

fn rows_height(rows: usize) -> u32 {
    (rows as u32).saturating_mul(34).clamp(160, 560)
}

fn draw_modulators(area: &Area<'_>, timeline: &Timeline<'_>, episode: &RecordedEpisode) -> Result<(), DrawError> {
    let rows = episode.modulators.len();
    let heading = format!("output m of the modulator neurons ({rows}, one per row)");
    let is_last = episode.third_factor.is_empty();
    let range = (0.0, rows as f64);
    let panel =
        Panel { heading: &heading, unit: "modulator", range, tick: &|value| index_below(*value, rows), is_last };
    let mut chart = timeline.chart(area, &panel)?;
    for (row, trace) in episode.modulators.iter().enumerate() {
        chart.draw_series(runs(trace).map(|run| {
            let corners = [(run.start as f64, row as f64), (run.end as f64, row as f64 + 1.0)];
            Rectangle::new(corners, colour(run.shade).filled())
        }))?;
    }
    timeline::phase_lines(&mut chart, &episode.phases, rows as f64)?;
    draw_scale(area, &chart, timeline, rows as f64)
}

/// Neighbouring steps of one shade.
#[derive(Debug, PartialEq)]
struct ShadeRun {
    /// First step.
    start: usize,
    /// One past the last step.
    end: usize,
    shade: i32,
}

/// The runs of a trace.
fn runs(trace: &RecordedTrace) -> impl Iterator<Item = ShadeRun> {
    let shades: Vec<_> = trace.values.iter().map(|value| shade(*value)).collect();
    let lengths: Vec<_> = shades.chunk_by(PartialEq::eq).map(|run| (run.len(), run[0])).collect();
    lengths.into_iter().scan(0, |next, (length, shade)| {
        let start = *next;
        *next += length;
        Some(ShadeRun { start, end: *next, shade })
    })
}

/// The scale of shades, right of the chart.
fn draw_scale(
    area: &Area<'_>,
    chart: &canvas::Chart<'_, '_>,
    timeline: &Timeline<'_>,
    rows: f64,
) -> Result<(), DrawError> {
    let (left, top) = (chart.plotting_area().get_x_axis_pixel_range().end + 110, HEADING as i32);
    let height = chart.plotting_area().dim_in_pixel().1 as i32;
    let edge = |index: i32| top + height * index / (2 * SHADES + 1);
    for index in 0..=2 * SHADES {
        let corners = [(left, edge(index)), (left + 36, edge(index + 1))];
        area.draw(&Rectangle::new(corners, colour(SHADES - index).filled()))?;
    }
    let frame = canvas::FAINT.stroke_width(2);
    area.draw(&Rectangle::new([(left, edge(0)), (left + 36, edge(2 * SHADES + 1))], frame))?;
    let labels = [(0.94, "m = 1"), (0.5, "0"), (0.06, "-1")];
    labels.into_iter().try_for_each(|(at, text)| {
        timeline.beside(area, chart, &SideLabel { value: at * rows, text, colour: canvas::INK })
    })
}

fn draw_factor(
    area: &Area<'_>,
    timeline: &Timeline<'_>,
    factor: &RecordedThirdFactor,
    index: usize,
    is_last: bool,
) -> Result<(), DrawError> {
    let heading = format!("third factor M of {}", factor.projection);
    let values = factor.low.iter().chain(&factor.high).map(|value| f64::from(*value));
    let range = canvas::padded_range(values.chain([0.0]));
    let panel = Panel { heading: &heading, unit: "M", range, tick: &|value| number(*value), is_last };
    let mut chart = timeline.chart(area, &panel)?;
    let point = |(step, value): (usize, &f32)| (step as f64 + 0.5, f64::from(*value));
    let above = factor.high.iter().enumerate().map(point);
    let below = factor.low.iter().enumerate().map(point).rev();
    let band = canvas::series(index).mix(0.28);
    chart.draw_series([Polygon::new(above.chain(below).collect::<Vec<_>>(), band)])?;
    timeline.zero_line(&mut chart)?;
    let mean = factor.mean.iter().enumerate().map(point);
    chart.draw_series(LineSeries::new(mean, canvas::series(index).stroke_width(4)))?;
    Ok(())
}

fn legend(timeline: &Timeline<'_>, episode: &RecordedEpisode) -> Vec<Key> {
    let mut legend = timeline.legend();
    let key = |(index, factor): (usize, &RecordedThirdFactor)| {
        let meaning = format!("M of {}: mean over neurons (line), all neurons (band)", factor.projection);
        Key::new(canvas::series(index), meaning)
    };
    legend.extend(episode.third_factor.iter().enumerate().map(key));
    legend
}

fn caption(episode: &RecordedEpisode) -> String {
    let mut caption = String::from(
        "Modulator neurons receive spikes and signals and have a graded output m between -1 and 1; their weighted sum \
         is the third factor M of every receiving neuron.",
    );
    if !episode.third_factor.is_empty() {
        caption.push_str(
            " A synapse changes by M times its eligibility: where M is near zero nothing is learned, where it is \
             negative the change is reversed.",
        );
        caption.push_str(&modulated(episode));
    }
    caption
}

/// The numbers of steps in which plastic weights could change: with and without a label, if any is shown.
fn modulated(episode: &RecordedEpisode) -> String {
    let labels: Vec<_> = episode.phases.iter().filter(|phase| phase.kind == RecordedPhaseKind::Label).collect();
    let is_labelled = |step: &usize| labels.iter().any(|phase| (phase.start..phase.end).contains(step));
    let (labelled, others): (Vec<_>, Vec<_>) = (0..episode.steps).partition(is_labelled);
    let is_modulated = |step: &&usize| episode.third_factor.iter().any(|factor| is_nonzero(factor, **step));
    let skips = "a chip has nothing to learn and skips learning.";
    if labels.is_empty() {
        let modulated = others.iter().filter(is_modulated).count();
        return format!(
            " M is not zero everywhere in {modulated} of the {} steps; in others {skips}",
            episode.steps
        );
    }
    format!(
        " M is not zero everywhere in {} of the {} steps with a label and in {} of the {} others; in the other steps \
         {skips}",
        labelled.iter().filter(is_modulated).count(),
        labelled.len(),
        others.iter().filter(is_modulated).count(),
        others.len(),
    )
}

/// Whether M of any neuron is not zero in a step.
fn is_nonzero(factor: &RecordedThirdFactor, step: usize) -> bool {
    [&factor.low, &factor.high].iter().any(|ends| ends.get(step) != Some(&0.0))
}

#[cfg(test)]
mod tests {
    use super::super::data::RecordedPhase;
    use super::*;

    #[test]
    fn neighbours_of_one_shade_are_drawn_as_one() {
        let trace = RecordedTrace { label: String::new(), values: vec![0.0, 0.01, 1.0, 1.0, -2.0] };
        let found: Vec<_> = runs(&trace).collect();
        let run = |start, end, shade| ShadeRun { start, end, shade };
        assert_eq!(found, [run(0, 2, 0), run(2, 4, SHADES), run(4, 5, -SHADES)]);
    }

    #[test]
    fn modulated_steps_are_counted_with_and_without_a_label() {
        let third_factor = RecordedThirdFactor {
            low: vec![0.0, 0.0, -0.1, 0.0, 0.0],
            high: vec![0.0, 0.2, 0.0, 0.0, 0.1],
            ..RecordedThirdFactor::default()
        };
        let label = RecordedPhase { start: 1, end: 3, kind: RecordedPhaseKind::Label, ..RecordedPhase::default() };
        let episode = RecordedEpisode {
            steps: 5,
            phases: vec![label],
            third_factor: vec![third_factor],
            ..RecordedEpisode::default()
        };
        assert!(modulated(&episode).contains("in 2 of the 2 steps with a label and in 1 of the 3 others"));
        let unlabelled = RecordedEpisode { phases: Vec::new(), ..episode };
        assert!(modulated(&unlabelled).contains("M is not zero everywhere in 3 of the 5 steps;"));
    }
}
