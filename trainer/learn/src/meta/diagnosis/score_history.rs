//! Whether what a task measures has got better while a network was trained in a world, where no guess is known to compare
//! with. This file may not know why it has not.

use metaplastic_task::measure::Measure;

use crate::meta::metrics::Metrics;

/// Meta-steps that a mean of the metrics is taken over.
pub(super) const WINDOW: usize = 10;
/// A loss or an error has risen beyond this multiple of the lowest so far.
pub(super) const RISEN: f64 = 1.75;

/// Standard errors by which two means differ that are not the same.
const ERRORS: f64 = 3.0;

/// The scores of all meta-steps so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct ScoreHistory<'l> {
    measure: Measure,
    metrics: &'l [Metrics],
}

/// The mean of some scores, larger for better, and its standard error.
#[derive(Clone, Copy, Debug)]
struct WindowMean {
    mean: f64,
    error: f64,
}

impl WindowMean {
    /// Whether it is better than another by more than chance.
    fn is_better_than(self, other: Self) -> bool {
        self.mean - other.mean > ERRORS * self.error.hypot(other.error)
    }
}

impl<'l> ScoreHistory<'l> {
    /// Of a task that measures `measure` first.
    pub(super) fn new(measure: Measure, metrics: &'l [Metrics]) -> Self {
        Self { measure, metrics }
    }

    /// The name of the measure.
    pub(super) fn name(&self) -> &'static str {
        self.measure.name
    }

    /// The mean score of the first meta-steps.
    pub(super) fn first(&self) -> f64 {
        self.signed(self.of(&self.metrics[..WINDOW.min(self.metrics.len())]).mean)
    }

    /// That of the last.
    pub(super) fn last(&self) -> f64 {
        self.signed(self.of_last().mean)
    }

    /// The best one of meta-steps that follow one another.
    pub(super) fn best(&self) -> f64 {
        self.signed(self.of_best().mean)
    }

    /// Whether the last scores are better than the first; not before there are enough of both.
    pub(super) fn has_improved(&self) -> bool {
        self.metrics.len() >= 2 * WINDOW && self.of_last().is_better_than(self.of(&self.metrics[..WINDOW]))
    }

    /// Whether the last scores are far worse than the best so far, and no better than the first.
    pub(super) fn is_lost(&self) -> bool {
        if self.metrics.len() < 2 * WINDOW || self.has_improved() || !self.of_best().is_better_than(self.of_last())
        {
            return false;
        }
        let has_learned = self.of_best().is_better_than(self.of(&self.metrics[..WINDOW]));
        has_learned || !self.measure.larger_is_better && self.last() > RISEN * self.best()
    }

    fn of_last(&self) -> WindowMean {
        self.of(&self.metrics[self.metrics.len().saturating_sub(WINDOW)..])
    }

    fn of_best(&self) -> WindowMean {
        let means = self.metrics.windows(WINDOW).map(|window| self.of(window));
        means.max_by(|one, other| one.mean.total_cmp(&other.mean)).unwrap_or(self.of_last())
    }

    fn of(&self, metrics: &[Metrics]) -> WindowMean {
        let count = metrics.len().max(1) as f64;
        let scores = || metrics.iter().map(|metrics| self.signed(metrics.score));
        let mean = scores().sum::<f64>() / count;
        let squares = scores().map(|score| (score - mean).powi(2)).sum::<f64>();
        WindowMean { mean, error: (squares / (count - 1.0).max(1.0) / count).sqrt() }
    }

    /// A score, larger for better; and back.
    fn signed(&self, score: f64) -> f64 {
        if self.measure.larger_is_better { score } else { -score }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metrics(scores: impl IntoIterator<Item = f64>) -> Vec<Metrics> {
        let metrics = |(step, score)| Metrics {
            meta_step: step,
            loss: 0.0,
            // Batches differ by a tenth.
            score: score + if step.is_multiple_of(2) { 0.05 } else { -0.05 },
            gradient_norm: 1.0,
            learning_rate: 1e-3,
            wall_seconds: 0.0,
        };
        (1..).zip(scores).map(metrics).collect()
    }

    /// Whether it has improved and whether it is lost, as an error and as a reward.
    fn verdicts(scores: &[f64]) -> [(bool, bool); 2] {
        let verdict = |measure, metrics: &[Metrics]| {
            let history = ScoreHistory::new(measure, metrics);
            (history.has_improved(), history.is_lost())
        };
        let error = metrics(scores.iter().copied());
        let reward = metrics(scores.iter().map(|score| 10.0 - score));
        [verdict(Measure::lower("rmse", ""), &error), verdict(Measure::higher("reward", ""), &reward)]
    }

    fn steps(values: &[f64]) -> Vec<f64> {
        values.iter().flat_map(|value| [*value; 10]).collect()
    }

    #[test]
    fn a_score_improves_stays_or_is_lost() {
        assert_eq!(verdicts(&steps(&[1.0, 0.8, 0.5])), [(true, false); 2]);
        assert_eq!(verdicts(&steps(&[1.0, 1.0, 1.01])), [(false, false); 2]);
        assert_eq!(verdicts(&steps(&[1.0])), [(false, false); 2]);
        // What was learned and then forgotten.
        assert_eq!(verdicts(&steps(&[1.0, 0.3, 1.2])), [(false, true); 2]);
        // Worse from the first step on: an error may have risen without bound, a reward cannot have fallen so.
        assert_eq!(verdicts(&steps(&[1.0, 1.6, 2.5])), [(false, true), (false, false)]);
        // Some of what was learned is left.
        assert_eq!(verdicts(&steps(&[1.0, 0.3, 0.6])), [(true, false); 2]);
    }

    #[test]
    fn scores_are_reported_as_they_are_measured() {
        let metrics = metrics(steps(&[1.0, 0.3, 1.2]));
        let history = ScoreHistory::new(Measure::lower("rmse", ""), &metrics);
        let reported = [history.first(), history.best(), history.last()];
        assert!(
            reported.iter().zip([1.0, 0.3, 1.2]).all(|(one, other)| (one - other).abs() < 1e-9),
            "{reported:?}"
        );
    }
}
