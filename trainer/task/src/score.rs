//! Right decisions, counted, with the interval that their number leaves.

use serde::{Deserialize, Serialize};

use crate::episode::Episode;

/// Decisions counted right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Right decisions.
    pub correct: u64,
    /// All decisions.
    pub decisions: u64,
    /// Episodes they were made in.
    pub episodes: u64,
    /// Right decisions by their place in the episode.
    pub correct_by_place: Vec<u64>,
}

impl Score {
    /// The fraction that was right.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        self.correct as f64 / self.decisions.max(1) as f64
    }

    /// The 95 % interval of the accuracy (Wilson 1927).
    #[must_use]
    pub fn interval(&self) -> (f64, f64) {
        wilson(self.correct, self.decisions)
    }

    /// Of no episode.
    #[must_use]
    pub fn none() -> Self {
        Self { correct: 0, decisions: 0, episodes: 0, correct_by_place: Vec::new() }
    }

    /// Counts an episode's votes; how many of them were right.
    pub fn add<V: PartialOrd>(&mut self, episode: &Episode, votes: &[Vec<V>]) -> u64 {
        let right =
            episode.decisions.iter().zip(votes).map(|(decision, votes)| u64::from(decision.is_right(votes)));
        let right: Vec<_> = right.collect();
        let correct = right.iter().sum();
        self.episodes += 1;
        self.decisions += right.len() as u64;
        self.correct += correct;
        self.add_by_place(&right);
        correct
    }

    /// Both together.
    #[must_use]
    pub fn plus(mut self, other: Self) -> Self {
        self.correct += other.correct;
        self.decisions += other.decisions;
        self.episodes += other.episodes;
        self.add_by_place(&other.correct_by_place);
        self
    }

    /// Adds place by place; a place that was not there was zero.
    fn add_by_place(&mut self, correct: &[u64]) {
        self.correct_by_place.resize(self.correct_by_place.len().max(correct.len()), 0);
        self.correct_by_place.iter_mut().zip(correct).for_each(|(sum, correct)| *sum += correct);
    }
}

/// The 95 % interval of a fraction after Wilson (1927).
#[must_use]
pub fn wilson(correct: u64, decisions: u64) -> (f64, f64) {
    const Z: f64 = 1.959_963_984_540_054;
    let n = decisions.max(1) as f64;
    let fraction = correct as f64 / n;
    let centre = fraction + Z * Z / (2.0 * n);
    let half = Z * (fraction * (1.0 - fraction) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    (((centre - half) / scale).max(0.0), ((centre + half) / scale).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_wilsons() {
        let (low, high) = wilson(95, 100);
        assert!((low - 0.8882).abs() < 1e-4 && (high - 0.9785).abs() < 1e-4, "{low} {high}");
        assert_eq!(wilson(0, 10).0, 0.0);
    }
}
