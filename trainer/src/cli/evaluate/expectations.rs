//! What an evaluation must reach: `--min-score`, `--max-score` and `--expect-hash`. What is printed does not depend on it.

use anyhow::{Result, bail, ensure};
use clap::Args;
use metaplastic_task::measure::Measure;
use metaplastic_task::score::Score;

use crate::cli::values;

#[derive(Debug, Args)]
pub(super) struct Expectations {
    /// Fails, behind all figures, if the score is below X: an accuracy from 0 to 1, or the mean of what the task measures
    /// first, where larger is better
    #[arg(
        long,
        value_name = "X",
        value_parser = values::unchecked::<f64>("a number", "-inf..inf".into()),
        conflicts_with = "max_score"
    )]
    min_score: Option<f64>,
    /// The same where smaller is better, as of an error: fails if the score is above X
    #[arg(long, value_name = "X", value_parser = values::unchecked::<f64>("a number", "-inf..inf".into()))]
    max_score: Option<f64>,
    /// Fails, behind all figures, if the state hash after the last episode is not H, 16 hexadecimal digits
    #[arg(long, value_name = "H", value_parser = hash, conflicts_with = "float")]
    expect_hash: Option<u64>,
}

/// A limit of the score, and the option that gives it.
#[derive(Clone, Copy)]
struct ScoreLimit {
    option: &'static str,
    value: f64,
    /// Whether the score must be at least the value, not at most.
    is_least: bool,
}

impl Expectations {
    fn limit(&self) -> Option<ScoreLimit> {
        let least = self.min_score.map(|value| ScoreLimit { option: "--min-score", value, is_least: true });
        least.or(self.max_score.map(|value| ScoreLimit { option: "--max-score", value, is_least: false }))
    }

    /// Refuses, before any episode, a limit that says nothing of a task which measures this; nothing where decisions are
    /// right or wrong.
    pub(super) fn check(&self, measures: &[Measure]) -> Result<()> {
        let Some(ScoreLimit { option, value, is_least }) = self.limit() else { return Ok(()) };
        let (name, larger_is_better) =
            measures.first().map_or(("accuracy", true), |first| (first.name, first.larger_is_better));
        if is_least != larger_is_better {
            let (better, other) =
                if larger_is_better { ("larger", "--min-score") } else { ("smaller", "--max-score") };
            bail!("{option}: the score is {name}, of which a {better} value is better; give {other}");
        }
        ensure!(value.is_finite(), "{option} = {value} is not a finite number");
        let is_possible = !measures.is_empty() || (0.0..=1.0).contains(&value);
        ensure!(is_possible, "{option} = {value} is not in 0..=1; an accuracy of 95 % is 0.95");
        Ok(())
    }

    /// Fails if a score is beyond the limit, or the state has another hash. An evaluation in float has none.
    pub(super) fn require(&self, score: &Score, measures: &[Measure], state_hash: Option<u64>) -> Result<()> {
        let faults = [self.score_fault(score, measures), self.hash_fault(state_hash)];
        let faults: Vec<_> = faults.into_iter().flatten().collect();
        ensure!(faults.is_empty(), "{}", faults.join("; "));
        Ok(())
    }

    fn score_fault(&self, score: &Score, measures: &[Measure]) -> Option<String> {
        let ScoreLimit { option, value, is_least } = self.limit()?;
        let (name, reached) = match measures.first() {
            Some(measure) => (measure.name, score.estimate(0).map_or(f64::NAN, |estimate| estimate.mean)),
            None => ("accuracy", score.accuracy()),
        };
        let (is_met, side) = if is_least { (reached >= value, "below") } else { (reached <= value, "above") };
        (!is_met).then(|| format!("{name} {reached:.6} is {side} {option} {value}"))
    }

    fn hash_fault(&self, state_hash: Option<u64>) -> Option<String> {
        let (expected, reached) = self.expect_hash.zip(state_hash)?;
        (expected != reached).then(|| format!("state hash {reached:016x} is not --expect-hash {expected:016x}"))
    }
}

/// A state hash as it is printed.
fn hash(text: &str) -> Result<u64, String> {
    let digits = Some(text).filter(|text| text.len() == 16 && text.bytes().all(|digit| digit.is_ascii_hexdigit()));
    let value = digits.and_then(|digits| u64::from_str_radix(digits, 16).ok());
    value.ok_or_else(|| "not 16 hexadecimal digits, as `state hash` prints them".into())
}
