//! The page of a sweep: what each combination of values reached, in the mean over its seeds, as bars and as a table. This
//! file may not know how a network is trained.
//!
//! ```
//! use metaplastic_report::sweep::{SweepGroup, SweepReport, render_sweep};
//!
//! let group = |label: &str, mean| SweepGroup {
//!     label: label.to_owned(), trainings: 3, mean, low: mean - 0.02, high: mean + 0.02,
//!     least: mean - 0.01, most: mean + 0.01, float: mean, frozen_plasticity: 0.5,
//! };
//! let sweep = SweepReport {
//!     title: "Hidden neurons".to_owned(),
//!     measure: "accuracy".to_owned(),
//!     is_fraction: true,
//!     groups: vec![group("hidden.size = 32", 0.91), group("hidden.size = 64", 0.97)],
//!     command: "metaplastic train cue-association --set network.hidden.size=32,64".to_owned(),
//! };
//! let page = render_sweep(&sweep).unwrap();
//! assert!(page.contains("hidden.size = 64") && page.contains("<svg"));
//! ```

use maud::{Markup, html};

use super::bars::{Bar, BarChart};
use super::canvas;
use super::error::ReportError;
use super::page;
use super::section::PageSection;
use super::tables;
use super::text::number;

/// What a sweep reached.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SweepReport {
    /// The experiment.
    pub title: String,
    /// What is measured, with its unit.
    pub measure: String,
    /// Whether it is a fraction, 0 to 1.
    pub is_fraction: bool,
    /// Each combination of values.
    pub groups: Vec<SweepGroup>,
    /// The command that made it.
    pub command: String,
}

/// What a combination of values reached in chip arithmetic, over its seeds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SweepGroup {
    /// The values in words.
    pub label: String,
    /// How many trainings.
    pub trainings: usize,
    /// Their mean.
    pub mean: f64,
    /// The lower end of the mean's 95 % interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The smallest value.
    pub least: f64,
    /// The largest.
    pub most: f64,
    /// The mean in float32.
    pub float: f64,
    /// The mean with every plastic weight frozen at zero.
    pub frozen_plasticity: f64,
}

/// Makes the page: one HTML document with inline SVG, as [`render`](crate::render) does.
///
/// # Errors
/// If the figure cannot be drawn.
pub fn render_sweep(sweep: &SweepReport) -> Result<String, ReportError> {
    let sections = [figure(sweep)?, table(sweep), tables::commands(std::slice::from_ref(&sweep.command))];
    Ok(page::document(&sweep.title, &introduction(), &sections))
}

fn introduction() -> Markup {
    html! {
        p {
            "The same experiment, trained with other values and seeds. Every figure is of episodes that training never saw, in "
            "the chip's integer arithmetic unless said otherwise."
        }
    }
}

const TITLE: &str = "What the values reach";

fn figure(sweep: &SweepReport) -> Result<PageSection, ReportError> {
    if sweep.groups.is_empty() {
        return Ok(PageSection::left_out(TITLE, "Nothing was trained."));
    }
    let chart = BarChart {
        bars: sweep.groups.iter().map(bar).collect(),
        range: range(sweep),
        axis: &sweep.measure,
        reference: None,
    };
    let svg = canvas::draw(TITLE, chart.height(), |area| chart.draw(area))?;
    let caption = format!(
        "The {} in the mean over the seeds, and its 95 % interval by Student's t; of one seed there is no interval.",
        sweep.measure
    );
    Ok(PageSection::figure(TITLE, svg, caption))
}

fn bar(group: &SweepGroup) -> Bar<'_> {
    let SweepGroup { mean, low, high, .. } = *group;
    let text = format!("{}  ({} to {})", number(mean), number(low), number(high));
    Bar { label: &group.label, value: mean, low, high, text }
}

fn range(sweep: &SweepReport) -> (f64, f64) {
    if sweep.is_fraction {
        return (0.0, 1.0);
    }
    let low = sweep.groups.iter().map(|group| group.low).fold(0.0, f64::min);
    let high = sweep.groups.iter().map(|group| group.high.max(group.most)).fold(0.0, f64::max);
    if low < high { (1.05 * low, 1.05 * high) } else { (0.0, 1.0) }
}

fn table(sweep: &SweepReport) -> PageSection {
    let heads = ["trainings", "mean", "95 % interval", "smallest", "largest", "float", "P frozen"];
    let body = html! {
        div.scroll {
            table {
                thead { tr { th { "values" } @for head in heads { th.figure { (head) } } } }
                tbody { @for group in &sweep.groups { (row(group)) } }
            }
        }
    };
    PageSection::table("All combinations", body, format!("The {} of each combination of values.", sweep.measure))
}

fn row(group: &SweepGroup) -> Markup {
    let interval = format!("{} to {}", number(group.low), number(group.high));
    let [mean, least, most, float, frozen] =
        [group.mean, group.least, group.most, group.float, group.frozen_plasticity].map(number);
    html! {
        tr {
            td { (group.label) }
            @for figure in [group.trainings.to_string(), mean, interval, least, most, float, frozen] {
                td.figure { (figure) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sweep(is_fraction: bool, high: f64) -> SweepReport {
        let group =
            SweepGroup { label: "meta.batch = 16".into(), mean: 0.5, low: 0.25, high, ..SweepGroup::default() };
        SweepReport {
            title: "bandit".into(),
            measure: "reward".into(),
            is_fraction,
            groups: vec![group],
            command: "x".into(),
        }
    }

    #[test]
    fn a_page_has_every_combination() {
        let page = render_sweep(&sweep(true, 0.75)).unwrap();
        assert!(page.matches("meta.batch = 16").count() >= 2 && page.contains("0.25 to 0.75"), "{page}");
        let empty = SweepReport { groups: Vec::new(), ..sweep(true, 1.0) };
        assert!(render_sweep(&empty).unwrap().contains("Nothing was trained."));
    }

    #[test]
    fn a_range_is_never_empty_and_a_fraction_ends_at_one() {
        assert_eq!((range(&sweep(true, 3.0)), range(&sweep(false, 2.0))), ((0.0, 1.0), (0.0, 2.1)));
        assert_eq!(range(&SweepReport::default()), (0.0, 1.0));
    }
}
