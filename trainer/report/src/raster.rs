//! The spikes of one episode: every population over one time axis, with the phases and the answers above.

use plotters::prelude::*;

use super::canvas::{self, Area, DrawError, HEADING, INK, RIGHT, TIME_AXIS, WRONG};
use super::data::{Band, Raster, RecordedDecision, RecordedEpisode};
use super::error::ReportError;
use super::section::{Key, PageSection};
use super::text::{count, index_below, number};
use super::timeline::{Panel, SideLabel, StripSegment, Timeline};

const TITLE: &str = "One episode: every spike";
/// Class scores of more classes than this are not written out.
const MAX_CLASS_SCORES: usize = 4;

/// The figure, or why there is none.
pub(super) fn section(episode: Option<&RecordedEpisode>) -> Result<PageSection, ReportError> {
    let Some(episode) = episode.filter(|episode| !episode.rasters.is_empty()) else {
        return Ok(PageSection::left_out(TITLE, "No episode was recorded, so there are no spikes to show."));
    };
    let timeline = Timeline::new(episode);
    let (phases, answers) = (timeline.phases(), answers(episode));
    let mut heights = vec![timeline.strip_height(&phases), timeline.strip_height(&answers)];
    heights.extend(episode.rasters.iter().map(|raster| HEADING + rows_height(raster.neurons) + 8));
    if let Some(last) = heights.last_mut() {
        *last += TIME_AXIS;
    }
    let svg = canvas::draw(TITLE, heights.iter().sum(), |root| {
        let areas = canvas::stack(root, &heights);
        timeline.strip(&areas[0], "phase", &phases)?;
        timeline.strip(&areas[1], if is_rewarded(episode) { "choice" } else { "answer" }, &answers)?;
        areas[2..].iter().zip(&episode.rasters).enumerate().try_for_each(|(index, (area, raster))| {
            draw_population(area, &timeline, raster, index + 1 == episode.rasters.len())
        })
    })?;
    Ok(PageSection::figure(TITLE, svg, caption(episode)).with_legend(legend(&timeline, episode)))
}

fn rows_height(neurons: usize) -> u32 {
    (neurons as u32).saturating_mul(22).clamp(110, 560)
}

fn answers(episode: &RecordedEpisode) -> Vec<StripSegment> {
    let window = |answer: &RecordedDecision| {
        let (is_good, verdict) = verdict(answer);
        let mut lines = vec![format!("{} {verdict}", answer.answer)];
        lines.extend(class_scores(answer));
        StripSegment { start: answer.start, end: answer.end, lines, fill: if is_good { RIGHT } else { WRONG } }
    };
    episode.decisions.iter().map(window).collect()
}

fn is_rewarded(episode: &RecordedEpisode) -> bool {
    episode.decisions.iter().any(|answer| answer.reward.is_some())
}

/// Whether an answer was good, and in words.
fn verdict(answer: &RecordedDecision) -> (bool, String) {
    match answer.reward {
        Some(reward) => (reward > 0.0, format!("pays {}", number(reward))),
        None if answer.answer == answer.target => (true, "right".into()),
        None => (false, "wrong".into()),
    }
}

/// The class scores, in the order of the classes; of many classes, only the right class of a wrong answer.
fn class_scores(answer: &RecordedDecision) -> Option<String> {
    match answer.class_scores.len() {
        0 => None,
        1..=MAX_CLASS_SCORES => {
            Some(answer.class_scores.iter().map(i32::to_string).collect::<Vec<_>>().join(" : "))
        }
        _ if answer.reward.is_some() || answer.answer == answer.target => None,
        _ => Some(format!("not {}", answer.target)),
    }
}

fn draw_population(
    area: &Area<'_>,
    timeline: &Timeline<'_>,
    raster: &Raster,
    is_last: bool,
) -> Result<(), DrawError> {
    let heading = format!("{}: {}", raster.population, count(raster.neurons, "neuron"));
    let range = (0.0, raster.neurons as f64);
    let panel = Panel {
        heading: &heading,
        unit: "neuron",
        range,
        tick: &|value| index_below(*value, raster.neurons),
        is_last,
    };
    let mut chart = timeline.chart(area, &panel)?;
    chart.draw_series(runs(raster, timeline).into_iter().map(|SpikeRun { neuron, start, end }| {
        let colour = band_of(raster, neuron).map_or(INK, |(index, _)| canvas::series(index));
        // In a large population the row of a neuron is too thin to be seen.
        let thickness = (raster.neurons as f64 / 280.0).max(1.0);
        let (bottom, gap) = (neuron as f64, timeline.gap());
        Rectangle::new([(start as f64 + gap, bottom), (end as f64 - gap, bottom + thickness)], colour.filled())
    }))?;
    raster.bands.iter().enumerate().try_for_each(|(index, band)| {
        let value = (band.start + band.end) as f64 / 2.0;
        timeline.beside(area, &chart, &SideLabel { value, text: &band.label, colour: canvas::series(index) })
    })
}

/// Spikes of a neuron that are drawn as one.
#[derive(Debug, PartialEq)]
struct SpikeRun {
    neuron: usize,
    /// First step.
    start: usize,
    /// One past the last step.
    end: usize,
}

/// The spikes one by one where steps have gaps between them, and else in runs without a gap that could be seen.
fn runs(raster: &Raster, timeline: &Timeline<'_>) -> Vec<SpikeRun> {
    let width = timeline.narrowest();
    let mut cells: Vec<_> = raster.spikes.iter().map(|(step, neuron)| (*neuron, step / width)).collect();
    cells.sort_unstable();
    cells.dedup();
    let is_one = |one: &(usize, usize), next: &(usize, usize)| {
        timeline.gap() == 0.0 && one.0 == next.0 && one.1 + 1 == next.1
    };
    let run = |cells: &[(usize, usize)]| {
        let (first, last) = (cells[0], cells[cells.len() - 1]);
        SpikeRun { neuron: first.0, start: width * first.1, end: (width * (last.1 + 1)).min(timeline.steps()) }
    };
    cells.chunk_by(is_one).map(run).collect()
}

fn band_of(raster: &Raster, neuron: usize) -> Option<(usize, &Band)> {
    raster.bands.iter().enumerate().find(|(_, band)| (band.start..band.end).contains(&neuron))
}

fn legend(timeline: &Timeline<'_>, episode: &RecordedEpisode) -> Vec<Key> {
    let mut legend = timeline.legend();
    let meanings = match &episode.decisions[..] {
        [] => return legend,
        _ if is_rewarded(episode) => ["the choice is rewarded", "the choice is not rewarded"],
        _ => ["the network answered right", "the network answered wrong"],
    };
    legend.extend([RIGHT, WRONG].into_iter().zip(meanings).map(|(colour, meaning)| Key::new(colour, meaning)));
    legend
}

fn caption(episode: &RecordedEpisode) -> String {
    let spikes: usize = episode.rasters.iter().map(|raster| raster.spikes.len()).sum();
    let mut caption = format!(
        "One episode that training never saw, run in the chip's integer arithmetic: {spikes} spikes, \
         one row is one neuron, and the {} run from left to right.",
        count(episode.steps, "step"),
    );
    caption.push_str(&result(&episode.decisions));
    if episode.decisions.iter().any(|answer| (1..=MAX_CLASS_SCORES).contains(&answer.class_scores.len())) {
        caption.push_str(
            " Under each answer are the class scores: the output spikes of every class; the highest score wins.",
        );
    }
    if !episode.without_raster.is_empty() {
        caption.push_str(&format!(" Too large to be drawn: {}.", episode.without_raster.join(", ")));
    }
    caption
}

/// How many answers are right, or what they were rewarded with.
fn result(decisions: &[RecordedDecision]) -> String {
    let rewards: Vec<f64> = decisions.iter().filter_map(|answer| answer.reward).collect();
    if !rewards.is_empty() {
        return format!(" {} bring a reward of {}.", count(rewards.len(), "choice"), number(rewards.iter().sum()));
    }
    let right = decisions.iter().filter(|answer| answer.answer == answer.target).count();
    if decisions.is_empty() {
        return String::new();
    }
    format!(" {right} of {} are right.", count(decisions.len(), "answer"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(steps: usize, spikes: &[(usize, usize)]) -> Vec<SpikeRun> {
        let episode = RecordedEpisode { steps, ..RecordedEpisode::default() };
        let raster = Raster { neurons: 3, spikes: spikes.to_vec(), ..Raster::default() };
        runs(&raster, &Timeline::new(&episode))
    }

    #[test]
    fn spikes_are_one_by_one_while_a_step_is_wide_and_then_in_runs() {
        let spikes = [(3, 0), (4, 0), (4, 1), (9, 0)];
        let run = |neuron, start, end| SpikeRun { neuron, start, end };
        assert_eq!(found(100, &spikes), [run(0, 3, 4), run(0, 4, 5), run(0, 9, 10), run(1, 4, 5)]);
        assert_eq!(found(1000, &spikes), [run(0, 3, 5), run(0, 9, 10), run(1, 4, 5)]);
        assert_eq!(found(16_000, &[(3, 0), (8, 0), (12, 0), (31, 0)]), [run(0, 0, 20), run(0, 30, 40)]);
    }
}
