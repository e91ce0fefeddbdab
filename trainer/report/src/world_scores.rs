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
         names what acted in them, and which part of its learning, if any, was removed. {}{}",
        world.measure,
        counts(&world.scores),
        cut(&world.scores),
    );
    Ok(PageSection::figure(TITLE, svg, caption))
}

/// How much longer than all others a bar is that is cut.
const CUT: f64 = 3.0;

/// From zero, so that the lengths of bars can be compared. One that is much longer than all others is cut, as they would
/// be too short to be compared.
fn range(scores: &[WorldScore]) -> (f64, f64) {
    let low = scores.iter().map(|score| score.low).fold(0.0, f64::min);
    let mut highs: Vec<f64> = scores.iter().map(|score| score.high.max(0.0)).collect();
    highs.sort_by(|one, other| other.total_cmp(one));
    let (longest, next) = (highs.first().copied().unwrap_or(0.0), highs.get(1).copied().unwrap_or(0.0));
    let high = if next > 0.0 && longest > CUT * next { 1.2 * next } else { 1.05 * longest };
    if low < high { (1.05 * low, high) } else { (0.0, 1.0) }
}

/// What is said of a bar that is cut.
fn cut(scores: &[WorldScore]) -> String {
    let (_, end) = range(scores);
    let longer = scores.iter().find(|score| score.high > end);
    longer.map_or_else(String::new, |score| format!(" The bar of \"{}\" is longer than the axis.", score.label))
}

fn bar(score: &WorldScore) -> Bar<'_> {
    let WorldScore { mean, low, high, .. } = *score;
    let text = format!("{}  ({} to {})", number(mean), number(low), number(high));
    Bar { label: &score.label, value: mean, low, high, text }
}

/// The lives of each bar: of the first ones, and of those that have others.
fn counts(scores: &[WorldScore]) -> String {
    let mut groups = scores.chunk_by(|one, next| one.lives == next.lives);
    let first = groups.next().map_or(0, |group| group[0].lives);
    let others = groups.map(|group| {
        let labels: Vec<_> = group.iter().map(|score| score.label.as_str()).collect();
        format!("; {}: {}", labels.join(", "), group[0].lives)
    });
    format!("Lives of each bar: {first}{}.", others.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lives_are_counted_once_for_bars_that_have_the_same() {
        let score = |label: &str, lives| WorldScore { label: label.into(), lives, ..WorldScore::default() };
        let mut scores = vec![score("chip", 512), score("frozen", 512)];
        assert_eq!(counts(&scores), "Lives of each bar: 512.");
        scores.extend([score("pd", 200), score("pid", 200)]);
        assert_eq!(counts(&scores), "Lives of each bar: 512; pd, pid: 200.");
    }

    #[test]
    fn a_range_has_zero_in_it_and_is_never_empty() {
        let of = |low, high| range(&[WorldScore { low, high, ..WorldScore::default() }]);
        assert_eq!(range(&[]), (0.0, 1.0));
        assert_eq!([of(1.0, 2.0), of(-2.0, -1.0), of(0.0, 0.0)], [(0.0, 2.1), (-2.1, 0.0), (0.0, 1.0)]);
    }

    #[test]
    fn one_bar_that_is_much_longer_than_all_others_is_cut_and_named() {
        let score = |label: &str, high| WorldScore { label: label.into(), high, ..WorldScore::default() };
        let mut scores = vec![score("chip", 0.1), score("pd", 1.0), score("frozen", 2.9)];
        assert_eq!((range(&scores).1, cut(&scores)), (1.05 * 2.9, String::new()));
        scores[2].high = 3.1;
        assert_eq!(range(&scores).1, 1.2);
        assert_eq!(cut(&scores), " The bar of \"frozen\" is longer than the axis.");
    }
}
