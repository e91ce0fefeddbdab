//! What is measured of lives: of the network in its evaluations, and of controls in the lives of their courses.

use metaplastic_report::data::FactRow;
use metaplastic_report::world_data::WorldScore;
use metaplastic_task::measure::{Estimate, Measure};
use metaplastic_task::score::Score;

use super::actor::Actor;
use super::series::LifeSeries;
use crate::training_summary::{ChipScores, Summary};

/// A score of the network and what it is of.
#[derive(Clone, Copy)]
pub(in super::super) struct NamedScore<'s> {
    label: &'static str,
    score: &'s Score,
}

impl NamedScore<'_> {
    /// What its task measures first.
    pub(super) fn of_network(&self) -> Option<WorldScore> {
        self.score.estimate(0).map(|estimate| world_score(self.label, estimate, self.score.episodes))
    }
}

/// All scores of a network, whole and with each ablation.
pub(in super::super) fn named_scores<'s>(
    summary: Option<&'s Summary>,
    chip: &'s ChipScores,
) -> Vec<NamedScore<'s>> {
    let named = |label, score| NamedScore { label, score };
    let float = summary.map(|summary| named("float32", &summary.float));
    let untrained = summary.map(|summary| named("start values, untrained, float32", &summary.untrained));
    let on_chip = [
        named("chip arithmetic", &chip.learning),
        named("plasticity frozen (P = 0)", &chip.frozen_plasticity),
        named("third factor frozen (every m = 1)", &chip.frozen_third_factor),
    ];
    float.into_iter().chain(on_chip).chain(untrained).collect()
}

/// A row for everything that is measured of a life, for each score.
pub(in super::super) fn measured_rows(measures: &[Measure], scores: &[NamedScore<'_>]) -> Vec<FactRow> {
    let row = |(index, measure): (usize, &Measure)| {
        let rows = scores.iter().filter_map(|NamedScore { label, score }| {
            let Estimate { mean, low, high, median } = score.estimate(index)?;
            let value = format!("{mean:.4} (95 % interval {low:.4} to {high:.4}), median {median:.4}");
            Some(FactRow { label: format!("{}, {label}", measure.with_unit()), value })
        });
        rows.collect::<Vec<_>>()
    };
    measures.iter().enumerate().flat_map(row).collect()
}

/// What is measured first of the lives of a control.
pub(super) fn of_lives(actor: &Actor<'_>, lives: &[LifeSeries]) -> Option<WorldScore> {
    let measured: Vec<f64> = lives.iter().map(|life| life.measured).collect();
    (!measured.is_empty()).then(|| world_score(&actor.label, Estimate::of(&measured), lives.len() as u64))
}

fn world_score(label: &str, estimate: Estimate, lives: u64) -> WorldScore {
    let Estimate { mean, low, high, .. } = estimate;
    WorldScore { label: label.to_owned(), mean, low, high, lives }
}
