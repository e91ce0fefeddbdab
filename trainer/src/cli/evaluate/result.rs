//! The result of an evaluation, and the object of `evaluate --json`.

use metaplastic_host::evaluate::Evaluation;
use metaplastic_shared::freeze::Freeze;
use serde::Serialize;

use super::arguments::Evaluate;

/// What is printed.
pub(super) struct Evaluated {
    pub(super) task: &'static str,
    pub(super) chance: f64,
    /// In what the task differs from that of training.
    pub(super) differences: Vec<String>,
    pub(super) evaluation: Evaluation,
    /// Number of the save that every episode began with.
    pub(super) resumed_save: Option<u32>,
    /// What the episodes are drawn from, and training was too.
    pub(super) trained_on: Vec<String>,
    /// Of `--runs`.
    pub(super) runs: Option<Vec<RunLine>>,
}

/// One run of a benchmark.
#[derive(Serialize)]
pub(super) struct RunLine {
    pub(super) name: String,
    pub(super) correct: u64,
    pub(super) decisions: usize,
}

/// The object of `evaluate --json`.
#[derive(Serialize)]
pub(super) struct EvaluationLine<'a> {
    task: &'a str,
    on: String,
    freeze: Freeze,
    resumed_save: Option<u32>,
    accuracy: f64,
    low: f64,
    high: f64,
    chance: f64,
    differences: &'a [String],
    correct: u64,
    decisions: u64,
    trained_on: &'a [String],
    modulated: f64,
    modulated_labelled: f64,
    modulated_unlabelled: f64,
    episodes: u64,
    /// Runs have none.
    seed: Option<u64>,
    /// How often an episode was begun anew, as a message was damaged or lost.
    repeats: u64,
    state_hash: String,
    /// Number of the save that the board wrote.
    written_save: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    runs: Option<&'a [RunLine]>,
}

impl<'a> EvaluationLine<'a> {
    pub(super) fn of(arguments: &Evaluate, result: &'a Evaluated) -> Self {
        let Evaluation { score, modulated_steps, state_hash, .. } = &result.evaluation;
        let (low, high) = score.interval();
        Self {
            task: result.task,
            on: arguments.on.to_string(),
            freeze: arguments.freeze(),
            resumed_save: result.resumed_save,
            accuracy: score.accuracy(),
            low,
            high,
            chance: result.chance,
            differences: &result.differences,
            correct: score.correct,
            decisions: score.decisions,
            trained_on: &result.trained_on,
            modulated: modulated_steps.overall().fraction(),
            modulated_labelled: modulated_steps.labelled.fraction(),
            modulated_unlabelled: modulated_steps.unlabelled.fraction(),
            episodes: score.episodes,
            seed: result.runs.is_none().then_some(arguments.seed),
            repeats: result.evaluation.repeats,
            state_hash: format!("{state_hash:016x}"),
            written_save: result.evaluation.written_save,
            runs: result.runs.as_deref(),
        }
    }
}
