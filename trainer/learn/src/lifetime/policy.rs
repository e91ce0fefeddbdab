//! How a choice is made of class scores: the best one, or, while rewards are learned from, one drawn from
//! `softmax(gamma scores)`. It knows no world.
//!
//! ```
//! use metaplastic_learn::lifetime::policy::Policy;
//! use metaplastic_task::seed::{Purpose, rng};
//!
//! let mut chance = rng(1, Purpose::Training, 0);
//! let scores = [1.0, 3.0, 2.0];
//! assert_eq!(Policy::Best.choose(&scores, &mut chance), 1);
//!
//! let sampled = Policy::Sampled { gain: 1.0 };
//! let best = (0..1000).filter(|_| sampled.choose(&scores, &mut chance) == 1).count();
//! assert!((600..730).contains(&best)); // e^3 / (e + e^2 + e^3) = 67 %
//! ```

use metaplastic_task::episode::winner;
use rand::Rng;

/// How choices are made.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Policy {
    /// The action with the highest score; ties go to the lower index.
    #[default]
    Best,
    /// An action drawn with the probability `softmax(gamma scores)`.
    Sampled {
        /// gamma.
        gain: f32,
    },
}

impl Policy {
    /// The action that is chosen.
    pub fn choose(self, scores: &[f32], chance: &mut impl Rng) -> usize {
        match self {
            Self::Best => winner(scores),
            Self::Sampled { gain } => sample(&probabilities(scores, gain), chance.random()),
        }
    }
}

/// `softmax(gamma scores)`.
pub(crate) fn probabilities(scores: &[f32], gain: f32) -> Vec<f64> {
    let scaled = || scores.iter().map(|score| f64::from(gain * score));
    let largest = scaled().fold(f64::NEG_INFINITY, f64::max);
    let exponentials: Vec<_> = scaled().map(|score| (score - largest).exp()).collect();
    let sum: f64 = exponentials.iter().sum();
    exponentials.into_iter().map(|exponential| exponential / sum).collect()
}

/// The action at a fraction of the distribution; the last one beyond its end, which rounding may leave below one.
fn sample(probabilities: &[f64], fraction: f64) -> usize {
    let mut left = fraction;
    let passed = probabilities.iter().take_while(|probability| {
        left -= **probability;
        left >= 0.0
    });
    passed.count().min(probabilities.len().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use metaplastic_task::seed::{Purpose, rng};

    #[test]
    fn actions_are_drawn_as_often_as_their_probability_says() {
        let (mut counts, mut chance) = ([0_u32; 3], rng(1, Purpose::Training, 0));
        let policy = Policy::Sampled { gain: 0.5 };
        (0..30_000).for_each(|_| counts[policy.choose(&[2.0, 0.0, -2.0], &mut chance)] += 1);
        for (count, probability) in counts.into_iter().zip(probabilities(&[2.0, 0.0, -2.0], 0.5)) {
            assert!((f64::from(count) / 30_000.0 - probability).abs() < 0.01, "{counts:?}");
        }
        assert_eq!(Policy::Best.choose(&[1.0, 3.0, 3.0], &mut chance), 1);
    }

    #[test]
    fn every_fraction_has_an_action() {
        assert_eq!([0.0, 0.49, 0.5, 0.999, 1.0].map(|at| sample(&[0.5, 0.5], at)), [0, 0, 1, 1, 1]);
    }
}
