//! The result of an evaluation, and the object of `evaluate --json`.

use std::collections::BTreeMap;
use std::fmt;

use metaplastic_host::costs::Spread;
use metaplastic_host::evaluate::Evaluation;
use metaplastic_host::life::{self, LifeBlock};
use metaplastic_shared::freeze::Freeze;
use metaplastic_task::measure::{Estimate, Measure};
use metaplastic_task::score::{DecisionCount, Score};
use serde::Serialize;

use super::arguments::Evaluate;
use super::control_lines::ControlLine;
use crate::lives::Lives;

/// What is printed.
pub(super) struct Evaluated {
    pub(super) task: &'static str,
    /// What the task measures; nothing where decisions are right or wrong.
    pub(super) measures: &'static [Measure],
    pub(super) chance: f64,
    /// Of a step of its world; none if it waits.
    pub(super) step_seconds: Option<f64>,
    /// In what the task differs from that of training.
    pub(super) differences: Vec<String>,
    pub(super) evaluation: Evaluation,
    /// Of `--life`.
    pub(super) lives: Option<Lives>,
    /// Number of the save that every episode or life began with.
    pub(super) resumed_save: Option<u32>,
    /// What the episodes are drawn from, and training was too.
    pub(super) trained_on: Vec<String>,
    /// Of `--runs`.
    pub(super) runs: Option<Vec<RunLine>>,
    /// Of `--controls`.
    pub(super) controls: Vec<ControlLine>,
}

/// One run of a benchmark.
#[derive(Serialize)]
pub(super) struct RunLine {
    pub(super) name: String,
    #[serde(flatten)]
    pub(super) figures: RunFigures,
}

/// What came of a run.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum RunFigures {
    Decisions { correct: u64, decisions: u64 },
    Measures(BTreeMap<&'static str, f64>),
}

impl RunLine {
    pub(super) fn counted(name: String, count: DecisionCount) -> Self {
        let DecisionCount { correct, decisions } = count;
        Self { name, figures: RunFigures::Decisions { correct, decisions } }
    }

    pub(super) fn measured(name: String, measures: &[Measure], values: &[f64]) -> Self {
        let values = measures.iter().map(|measure| measure.name).zip(values.iter().copied());
        Self { name, figures: RunFigures::Measures(values.collect()) }
    }
}

impl fmt::Display for RunFigures {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decisions { correct, decisions } => write!(formatter, "{correct} of {decisions}"),
            Self::Measures(values) => {
                let values: Vec<_> = values.iter().map(|(name, value)| format!("{name} {value:.4}")).collect();
                formatter.write_str(&values.join(", "))
            }
        }
    }
}

impl Evaluated {
    /// The episodes of a life, where there are lives.
    fn life_lines(&self) -> Option<Vec<LifeLine>> {
        let lives = self.lives?;
        if !self.measures.is_empty() {
            return Some(self.measured_life_lines(lives.life));
        }
        self.by_number().map(|counts| counted_life_lines(&counts))
    }

    fn measured_life_lines(&self, life: u64) -> Vec<LifeLine> {
        let values = |index| life::measured_blocks(&self.evaluation.score.values(index), life, 1);
        let of_measures: Vec<_> = (0..self.measures.len()).map(values).collect();
        let line = |number: u64| {
            let estimates = of_measures.iter().map(|blocks| blocks[number as usize].estimate);
            let figures = ScoreFigures::Measures(figures(self.measures, estimates));
            LifeLine { episode: number + 1, episodes: 1, figures }
        };
        (0..life).map(line).collect()
    }

    /// Decisions by the number of the episode within its life, where there are lives.
    pub(super) fn by_number(&self) -> Option<Vec<DecisionCount>> {
        self.lives.map(|lives| life::by_number(&self.evaluation.by_episode, lives.life))
    }

    /// Decisions by the number of candidates, where it is not the same for all.
    pub(super) fn by_candidates(&self) -> Option<&BTreeMap<usize, DecisionCount>> {
        Some(&self.evaluation.score.by_candidates).filter(|counts| counts.len() > 1)
    }
}

/// Right decisions of a part of all, as JSON.
#[derive(Serialize)]
pub(super) struct CountLine {
    correct: u64,
    decisions: u64,
    accuracy: f64,
    low: f64,
    high: f64,
}

/// The decisions among a number of candidates.
#[derive(Serialize)]
pub(super) struct CandidatesLine {
    candidates: usize,
    #[serde(flatten)]
    count: CountLine,
    chance: f64,
}

/// What a control reached.
#[derive(Serialize)]
pub(super) struct ControlFigures {
    name: &'static str,
    /// As those of the network.
    #[serde(flatten)]
    figures: ScoreFigures,
}

/// An episode of a life.
#[derive(Serialize)]
pub(super) struct LifeLine {
    /// Its number, from 1.
    episode: u64,
    episodes: u64,
    #[serde(flatten)]
    figures: ScoreFigures,
}

/// What came of episodes.
#[derive(Serialize)]
#[serde(untagged)]
enum ScoreFigures {
    Decisions(CountLine),
    /// As those of the whole.
    Measures(BTreeMap<String, f64>),
}

impl From<DecisionCount> for CountLine {
    fn from(count: DecisionCount) -> Self {
        let (DecisionCount { correct, decisions }, (low, high)) = (count, count.interval());
        Self { correct, decisions, accuracy: count.accuracy(), low, high }
    }
}

/// What counts: its name, value, 95 % interval and unit; and what it is made of.
#[derive(Serialize)]
struct ScoreLine {
    score: &'static str,
    value: f64,
    low: f64,
    high: f64,
    unit: &'static str,
    #[serde(flatten)]
    parts: ScoreParts,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ScoreParts {
    Decisions {
        accuracy: f64,
        chance: f64,
        correct: u64,
        decisions: u64,
    },
    /// Mean, interval and median of everything that is measured, by `NAME_mean` and so on.
    Measures(BTreeMap<String, f64>),
}

impl ScoreLine {
    fn of(score: &Score, result: &Evaluated) -> Self {
        match result.measures.first().zip(score.estimate(0)) {
            Some((measure, Estimate { mean, low, high, .. })) => {
                let parts = ScoreParts::Measures(measured(score, result.measures));
                Self { score: measure.name, value: mean, low, high, unit: measure.unit, parts }
            }
            None => {
                let (low, high) = score.interval();
                let (accuracy, chance) = (score.accuracy(), result.chance);
                let Score { correct, decisions, .. } = *score;
                let parts = ScoreParts::Decisions { accuracy, chance, correct, decisions };
                Self { score: "accuracy", value: accuracy, low, high, unit: "", parts }
            }
        }
    }
}

fn measured(score: &Score, measures: &[Measure]) -> BTreeMap<String, f64> {
    figures(measures, (0..measures.len()).map(|index| score.estimate(index).unwrap_or_default()))
}

/// The figures of every measure by their names.
fn figures(measures: &[Measure], estimates: impl Iterator<Item = Estimate>) -> BTreeMap<String, f64> {
    let named = |(measure, estimate): (&Measure, Estimate)| {
        let Estimate { mean, low, high, median } = estimate;
        let named = [("mean", mean), ("low", low), ("high", high), ("median", median)];
        named.map(|(figure, value)| (format!("{}_{figure}", measure.name), value))
    };
    measures.iter().zip(estimates).flat_map(named).collect()
}

/// The object of `evaluate --json`.
#[derive(Serialize)]
pub(super) struct EvaluationLine<'a> {
    task: &'a str,
    on: String,
    freeze: Freeze,
    resumed_save: Option<u32>,
    #[serde(flatten)]
    score: ScoreLine,
    differences: &'a [String],
    trained_on: &'a [String],
    modulated: f64,
    modulated_labelled: f64,
    modulated_unlabelled: f64,
    episodes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    life: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lives: Option<u64>,
    /// Runs have none.
    seed: Option<u64>,
    /// How often an episode, or a life, was begun anew, as a message was damaged or lost.
    repeats: u64,
    /// On real hardware in a world, from the inputs of a step to its answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    loop_microseconds: Option<Spread>,
    state_hash: String,
    /// Number of the save that the board wrote.
    written_save: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    runs: Option<&'a [RunLine]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    controls: Vec<ControlFigures>,
    /// Where the number of candidates is not the same for all decisions.
    #[serde(skip_serializing_if = "Option::is_none")]
    by_candidates: Option<Vec<CandidatesLine>>,
    /// Of lives: each episode, over all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    by_episode: Option<Vec<LifeLine>>,
}

impl<'a> EvaluationLine<'a> {
    pub(super) fn of(arguments: &Evaluate, result: &'a Evaluated) -> Self {
        let Evaluation { score, modulated_steps, state_hash, .. } = &result.evaluation;
        Self {
            task: result.task,
            on: arguments.on.to_string(),
            freeze: arguments.freeze(),
            resumed_save: result.resumed_save,
            score: ScoreLine::of(score, result),
            differences: &result.differences,
            trained_on: &result.trained_on,
            modulated: modulated_steps.overall().fraction(),
            modulated_labelled: modulated_steps.labelled.fraction(),
            modulated_unlabelled: modulated_steps.unlabelled.fraction(),
            episodes: score.episodes,
            life: result.lives.map(|lives| lives.life),
            lives: result.lives.map(|lives| lives.lives),
            seed: result.runs.is_none().then_some(arguments.seed),
            repeats: result.evaluation.repeats,
            loop_microseconds: result.evaluation.loop_microseconds,
            state_hash: format!("{state_hash:016x}"),
            written_save: result.evaluation.written_save,
            runs: result.runs.as_deref(),
            controls: result.controls.iter().map(|line| control_figures(line, result.measures)).collect(),
            by_candidates: result.by_candidates().map(candidates_lines),
            by_episode: result.life_lines(),
        }
    }
}

fn control_figures(line: &ControlLine, measures: &[Measure]) -> ControlFigures {
    let figures = if measures.is_empty() {
        ScoreFigures::Decisions(line.score.count().into())
    } else {
        ScoreFigures::Measures(measured(&line.score, measures))
    };
    ControlFigures { name: line.name, figures }
}

fn candidates_lines(counts: &BTreeMap<usize, DecisionCount>) -> Vec<CandidatesLine> {
    let line = |(candidates, count): (&usize, &DecisionCount)| CandidatesLine {
        candidates: *candidates,
        count: (*count).into(),
        chance: 1.0 / *candidates as f64,
    };
    counts.iter().map(line).collect()
}

fn counted_life_lines(counts: &[DecisionCount]) -> Vec<LifeLine> {
    let line = |block: LifeBlock| {
        let figures = ScoreFigures::Decisions(block.count.into());
        LifeLine { episode: block.first, episodes: block.episodes, figures }
    };
    life::blocks(counts, 1).into_iter().map(line).collect()
}
