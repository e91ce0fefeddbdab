//! Counts of right decisions, and the confidence interval of the accuracy.
//!
//! ```
//! use metaplastic_task::episode::{Decision, Episode};
//! use metaplastic_task::score::Score;
//!
//! let decisions = vec![
//!     Decision { start: 0, end: 5, target: 0, among: 2 },
//!     Decision { start: 5, end: 9, target: 1, among: 2 },
//! ];
//! let episode = Episode { steps: 9, decisions, ..Episode::default() };
//! let mut score = Score::default();
//! score.add(&episode, &[vec![3, 1], vec![4, 2]]); // right, wrong
//! score.add(&episode, &[vec![2, 2], vec![0, 6]]); // right, as ties go to the lower class; right
//! assert_eq!((score.accuracy(), score.correct_by_decision.clone()), (0.75, vec![2, 1]));
//! let (low, high) = score.interval();
//! assert!(low < 0.5 && high > 0.9); // four decisions say little
//! ```

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::episode::Episode;
use crate::measure::Estimate;
use crate::world::record::LifeResult;

/// Right decisions among all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionCount {
    /// Right decisions.
    pub correct: u64,
    /// All decisions.
    pub decisions: u64,
}

impl DecisionCount {
    /// The fraction of right decisions, 0 to 1; 0 without a decision.
    #[must_use]
    pub fn accuracy(self) -> f64 {
        self.correct as f64 / self.decisions.max(1) as f64
    }

    /// The 95 % interval of the accuracy (Wilson 1927).
    #[must_use]
    pub fn interval(self) -> (f64, f64) {
        wilson(self.correct, self.decisions)
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { correct: self.correct + other.correct, decisions: self.decisions + other.decisions }
    }
}

/// Counts of right decisions. The default is the score of no episode.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Right decisions.
    pub correct: u64,
    /// All decisions.
    pub decisions: u64,
    /// Episodes of these decisions.
    pub episodes: u64,
    /// Right decisions by their number within the episode.
    pub correct_by_decision: Vec<u64>,
    /// By the number of candidates.
    #[serde(default)]
    pub by_candidates: BTreeMap<usize, DecisionCount>,
    /// Of episodes in a world, what was measured of each, in the order of the task's measures.
    #[serde(default)]
    pub measured: Vec<Vec<f64>>,
}

impl Score {
    /// The fraction of right decisions, 0 to 1; 0 without a decision.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        self.count().accuracy()
    }

    /// The 95 % interval of the accuracy (Wilson 1927).
    #[must_use]
    pub fn interval(&self) -> (f64, f64) {
        self.count().interval()
    }

    /// All decisions together.
    #[must_use]
    pub fn count(&self) -> DecisionCount {
        DecisionCount { correct: self.correct, decisions: self.decisions }
    }

    /// Adds an episode by its class scores, one vector a decision; returns its own count.
    pub fn add<S: PartialOrd>(&mut self, episode: &Episode, class_scores: &[Vec<S>]) -> DecisionCount {
        let decisions = episode.decisions.iter().zip(class_scores);
        let right: Vec<_> = decisions.map(|(decision, scores)| u64::from(decision.is_right(scores))).collect();
        let count = DecisionCount { correct: right.iter().sum(), decisions: right.len() as u64 };
        self.episodes += 1;
        self.decisions += count.decisions;
        self.correct += count.correct;
        self.add_by_decision(&right);
        for (decision, correct) in episode.decisions.iter().zip(right) {
            self.add_by_candidates(decision.among, DecisionCount { correct, decisions: 1 });
        }
        count
    }

    /// Adds an episode in a world.
    pub fn add_life(&mut self, life: &LifeResult) {
        self.episodes += 1;
        self.measured.push(life.measured.clone());
    }

    /// The estimate of a measure, by its place among the task's; none where nothing is measured.
    #[must_use]
    pub fn estimate(&self, measure: usize) -> Option<Estimate> {
        let values = self.values(measure);
        (!values.is_empty()).then(|| Estimate::of(&values))
    }

    /// A measure of each episode, by its place among the task's; nothing where nothing is measured.
    #[must_use]
    pub fn values(&self, measure: usize) -> Vec<f64> {
        self.measured.iter().filter_map(|life| life.get(measure).copied()).collect()
    }

    /// The sum of both scores.
    #[must_use]
    pub fn plus(mut self, other: Self) -> Self {
        self.correct += other.correct;
        self.decisions += other.decisions;
        self.episodes += other.episodes;
        self.add_by_decision(&other.correct_by_decision);
        other.by_candidates.into_iter().for_each(|(candidates, count)| self.add_by_candidates(candidates, count));
        self.measured.extend(other.measured);
        self
    }

    fn add_by_candidates(&mut self, candidates: usize, count: DecisionCount) {
        let sum = self.by_candidates.entry(candidates).or_default();
        *sum = sum.plus(count);
    }

    /// Adds decision by decision; a score with fewer decisions an episode counts as zero for the others.
    fn add_by_decision(&mut self, correct: &[u64]) {
        self.correct_by_decision.resize(self.correct_by_decision.len().max(correct.len()), 0);
        self.correct_by_decision.iter_mut().zip(correct).for_each(|(sum, correct)| *sum += correct);
    }
}

/// The 95 % score interval of a fraction (Wilson 1927). It contains the fraction: where no decision was right, it begins
/// at exactly 0, and where all were, it ends at exactly 1.
#[must_use]
pub fn wilson(correct: u64, decisions: u64) -> (f64, f64) {
    const Z: f64 = 1.959_963_984_540_054;
    let n = decisions.max(1) as f64;
    let fraction = correct as f64 / n;
    let centre = fraction + Z * Z / (2.0 * n);
    let half = Z * (fraction * (1.0 - fraction) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    let low = if correct == 0 { 0.0 } else { (centre - half) / scale };
    let high = if correct == decisions { 1.0 } else { (centre + half) / scale };
    (low.clamp(0.0, fraction), high.clamp(fraction, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::episode::Decision;

    #[test]
    fn decisions_are_counted_by_their_candidates() {
        let decision = |target, among| Decision { start: 0, end: 1, target, among };
        let decisions = vec![decision(0, 2), decision(1, 2), decision(1, 3)];
        let episode = Episode { decisions, ..Episode::default() };
        let mut score = Score::default();
        let count = score.add(&episode, &[vec![3, 1, 0], vec![3, 1, 0], vec![0, 1, 0]]);
        assert_eq!(count, DecisionCount { correct: 2, decisions: 3 });
        let both = score.clone().plus(score);
        let counts = both.by_candidates.iter().map(|(among, count)| (*among, count.correct, count.decisions));
        assert_eq!(counts.collect::<Vec<_>>(), [(2, 2, 4), (3, 2, 2)]);
        assert_eq!((both.correct, both.decisions, both.episodes), (4, 6, 2));
    }

    #[test]
    fn the_interval_is_wilsons() {
        let (low, high) = wilson(95, 100);
        assert!((low - 0.8882).abs() < 1e-4 && (high - 0.9785).abs() < 1e-4, "{low} {high}");
    }

    #[test]
    fn the_interval_is_exact_at_both_ends_and_contains_the_fraction() {
        for decisions in 1..=10_000 {
            let [none, all] = [wilson(0, decisions), wilson(decisions, decisions)];
            assert_eq!((none.0, all.1), (0.0, 1.0), "{decisions}");
            assert!(none.1 < 1.0 && all.0 > 0.0, "{decisions}");
        }
        for (correct, decisions) in (1..=200).flat_map(|decisions| (0..=decisions).map(move |c| (c, decisions))) {
            let (low, high) = wilson(correct, decisions);
            let fraction = correct as f64 / decisions as f64;
            assert!(0.0 <= low && low <= fraction && fraction <= high && high <= 1.0, "{correct} {decisions}");
        }
        assert_eq!(wilson(0, 0), (0.0, 1.0));
    }
}
