//! Accuracies side by side, each with its 95 % interval, against chance: what remains without a part of the
//! network.

use super::bars::{Bar, BarChart, ReferenceValue};
use super::canvas;
use super::data::Accuracy;
use super::error::ReportError;
use super::section::PageSection;
use super::text::percent;

/// The texts of a figure of bars.
pub(super) struct Bars<'t> {
    /// The heading.
    pub(super) title: &'t str,
    /// What it shows, without the counts of decisions.
    pub(super) caption: &'t str,
    /// The reason for leaving it out without data.
    pub(super) why_empty: &'t str,
}

/// The figure, or why there is none.
pub(super) fn section(bars: &Bars<'_>, accuracies: &[Accuracy], chance: f64) -> Result<PageSection, ReportError> {
    if accuracies.is_empty() {
        return Ok(PageSection::left_out(bars.title, bars.why_empty));
    }
    let chart = BarChart {
        bars: accuracies.iter().map(bar).collect(),
        range: (0.0, 100.0),
        axis: "right answers (%)",
        reference: Some(ReferenceValue { value: 100.0 * chance, text: format!("chance {}", percent(chance)) }),
    };
    let svg = canvas::draw(bars.title, chart.height(), |area| chart.draw(area))?;
    let caption = format!(
        "{} Each bar is the fraction of right answers with its 95 % interval; the dashed line is chance, {}. {}",
        bars.caption,
        percent(chance),
        counts(accuracies),
    );
    Ok(PageSection::figure(bars.title, svg, caption))
}

fn bar(one: &Accuracy) -> Bar<'_> {
    let [value, low, high] = [one.accuracy, one.low, one.high].map(|fraction| 100.0 * fraction);
    let text = format!("{}  ({low:.1} to {high:.1})", percent(one.accuracy));
    Bar { label: &one.label, value, low, high, text }
}

/// The decisions and episodes of each bar, once if they are the same for all.
fn counts(accuracies: &[Accuracy]) -> String {
    let count = |one: &Accuracy| format!("{} decisions in {} unseen episodes", one.decisions, one.episodes);
    let first = count(&accuracies[0]);
    if accuracies.iter().all(|one| count(one) == first) {
        return format!("Every bar: {first}.");
    }
    let each: Vec<_> = accuracies.iter().map(|one| format!("{}: {}", one.label, count(one))).collect();
    format!("Measured on: {}.", each.join("; "))
}
