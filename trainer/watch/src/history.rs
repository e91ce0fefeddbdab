//! The scores of all episodes so far, in few points: where there are more, two neighbours become one.
//!
//! It knows neither what is scored nor who looks at it.

use serde::Serialize;

/// Points that are kept at most.
const MOST: usize = 512;

/// The mean score of consecutive episodes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct HistoryPoint {
    sum: f64,
    count: f64,
}

/// The scores so far. A score is a fraction of right decisions, or what a world measures first.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EpisodeScores {
    /// Episodes of a point.
    episodes: u64,
    points: Vec<HistoryPoint>,
    /// Episodes of the last point.
    filled: u64,
}

/// The scores as the page takes them.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct ScoreCurve {
    /// Episodes of a point.
    episodes: u64,
    /// Mean scores; the last may be of fewer episodes.
    scores: Vec<f64>,
}

impl Default for EpisodeScores {
    fn default() -> Self {
        Self { episodes: 1, points: Vec::new(), filled: 1 }
    }
}

impl EpisodeScores {
    /// Adds the score of an episode: a sum over `count` decisions.
    pub(crate) fn add(&mut self, sum: f64, count: f64) {
        if self.filled == self.episodes {
            self.make_room();
            self.points.push(HistoryPoint::default());
            self.filled = 0;
        }
        self.filled += 1;
        if let Some(last) = self.points.last_mut() {
            *last = HistoryPoint { sum: last.sum + sum, count: last.count + count };
        }
    }

    fn make_room(&mut self) {
        if self.points.len() < MOST {
            return;
        }
        let sum = |pair: &[HistoryPoint]| pair.iter().fold(HistoryPoint::default(), |sum, point| sum.plus(*point));
        self.points = self.points.chunks(2).map(sum).collect();
        self.episodes *= 2;
    }

    /// The scores as they are drawn.
    pub(crate) fn curve(&self) -> ScoreCurve {
        let scores = self.points.iter().map(|point| point.sum / point.count).collect();
        ScoreCurve { episodes: self.episodes, scores }
    }
}

impl HistoryPoint {
    fn plus(self, other: Self) -> Self {
        Self { sum: self.sum + other.sum, count: self.count + other.count }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_episode_is_left_out_however_many_there_are() {
        let mut history = EpisodeScores::default();
        (0..5000).for_each(|episode| history.add(f64::from(episode % 4), 4.0));
        let line = history.curve();
        assert_eq!((line.episodes, line.scores.len()), (16, 313));
        assert!(line.scores.iter().all(|score| (score - 0.375).abs() < 1e-9));
    }

    #[test]
    fn the_last_point_may_have_fewer_episodes() {
        let mut history = EpisodeScores::default();
        (0..=MOST).for_each(|_| history.add(1.0, 2.0));
        assert_eq!(history.curve(), ScoreCurve { episodes: 2, scores: vec![0.5; MOST / 2 + 1] });
    }
}
