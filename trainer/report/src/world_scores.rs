//! What is measured of lives in a world, side by side: what remains without a part of the network, and what controls reach.

use super::bars::{Bar, BarChart};
use super::canvas;
use super::error::ReportError;
use super::section::PageSection;
use super::text::number;
use super::world_data::{WorldReport, WorldScore};

const TITLE: &str = "Does it learn on the chip, and from what?";

/// The figure, or why there is none.
pub(super) fn section(world: &WorldReport) -> Result<PageSection, ReportError> {
    if world.scores.is_empty() {
        return Ok(PageSection::left_out(TITLE, "The network was not evaluated."));
    }
    let chart = BarChart {
        bars: world.scores.iter().map(bar).collect(),
        range: range(&world.scores),
        axis: &world.measure,
        reference: None,
    };
    let svg = canvas::draw(TITLE, chart.height(), |area| chart.draw(area))?;
    let caption = format!(
        "What counts in this world, {}, in the mean of lives that training never saw, with its 95 % interval. Each bar \
         names what acted in them, and which part of its learning, if any, was removed. {}",
        world.measure,
        counts(&world.scores),
    );
    Ok(PageSection::figure(TITLE, svg, caption))
}

/// From zero, so that the lengths of bars can be compared.
fn range(scores: &[WorldScore]) -> (f64, f64) {
    let low = scores.iter().map(|score| score.low).fold(0.0, f64::min);
    let high = scores.iter().map(|score| score.high).fold(0.0, f64::max);
    if low < high { (1.05 * low, 1.05 * high) } else { (0.0, 1.0) }
}

fn bar(score: &WorldScore) -> Bar<'_> {
    let WorldScore { mean, low, high, .. } = *score;
    let text = format!("{}  ({} to {})", number(mean), number(low), number(high));
    Bar { label: &score.label, value: mean, low, high, text }
}

/// The lives of each bar, once if they are the same for all.
fn counts(scores: &[WorldScore]) -> String {
    let first = scores[0].lives;
    if scores.iter().all(|score| score.lives == first) {
        return format!("Every bar: {first} lives.");
    }
    let each: Vec<_> = scores.iter().map(|score| format!("{}: {}", score.label, score.lives)).collect();
    format!("Numbers of lives: {}.", each.join("; "))
}
