//! How rewards are learned from: returns, advantages, and the weights of the score function's gradient (REINFORCE,
//! Williams 1992), with the batch's mean as baseline.
//!
//! ```text
//! R_d = r_d + discount R_(d+1)          the return of a decision, in its episode
//! A_d = R_d - mean of R_d over the batch's episodes
//! loss = -mean_d (A_d log pi(a_d) + entropy_bonus H(pi_d)),    pi_d = softmax(gamma scores_d)
//! ```
//!
//! The baseline is of all n episodes of a batch, the episode itself included. It has no bias but a factor: the expectation
//! of the gradient is `(1 - 1/n)` times that of the expected return, and of a batch of one episode there is none.
//!
//! ```
//! use metaplastic_learn::experiment::Experiment;
//! use metaplastic_learn::lifetime::reward_loss::RewardLoss;
//!
//! // What the bandit is trained with, from `[meta.rewards]` of its experiment.
//! let meta = Experiment::load("bandit").unwrap().meta;
//! let [first, last] = [0, meta.meta_steps - 1].map(|step| meta.rewards.unwrap().loss(step, meta.meta_steps));
//! // Choices are kept apart by chance at first, and hardly at the end.
//! assert!(first.entropy_bonus > last.entropy_bonus);
//! assert!(last.discount <= RewardLoss::default().discount);
//! ```

use metaplastic_task::world::record::{Choice, LifeResult};

/// The numbers of the loss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RewardLoss {
    /// What a reward one decision later counts, 0 to 1.
    pub discount: f64,
    /// Weight of the entropy of the choices.
    pub entropy_bonus: f64,
}

impl Default for RewardLoss {
    fn default() -> Self {
        Self { discount: 1.0, entropy_bonus: 0.0 }
    }
}

/// A decision as the loss sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct WeightedChoice {
    /// The action.
    pub(crate) action: usize,
    /// A.
    pub(crate) advantage: f64,
}

impl RewardLoss {
    /// The choices of all episodes, in order, with their advantages. Episodes have the same number of decisions.
    pub(crate) fn weigh(&self, lives: &[Option<LifeResult>]) -> Vec<WeightedChoice> {
        let lives: Vec<_> = lives.iter().flatten().map(|life| &life.record.choices[..]).collect();
        let returns: Vec<_> = lives.iter().map(|choices| self.returns(choices)).collect();
        let baseline = |decision: usize| {
            let of_all: Vec<_> = returns.iter().filter_map(|returns| returns.get(decision)).collect();
            of_all.iter().copied().sum::<f64>() / of_all.len().max(1) as f64
        };
        let longest = returns.iter().map(Vec::len).max().unwrap_or(0);
        let baselines: Vec<_> = (0..longest).map(baseline).collect();
        let weigh = |(choices, returns): (&&[Choice], &Vec<f64>)| {
            let both = choices.iter().zip(returns).zip(&baselines);
            let weighed = both.map(|((choice, value), baseline)| WeightedChoice {
                action: choice.action,
                advantage: value - baseline,
            });
            weighed.collect::<Vec<_>>()
        };
        lives.iter().zip(&returns).flat_map(weigh).collect()
    }

    fn returns(&self, choices: &[Choice]) -> Vec<f64> {
        let mut returns: Vec<f64> = choices.iter().map(|choice| choice.reward).collect();
        for decision in (1..returns.len()).rev() {
            returns[decision - 1] += self.discount * returns[decision];
        }
        returns
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use metaplastic_task::world::record::LifeRecord;

    #[test]
    fn advantages_are_discounted_returns_without_the_mean_of_the_batch() {
        let life = |choices: [(usize, f64); 2]| {
            let choices = choices.map(|(action, reward)| Choice { action, reward }).to_vec();
            Some(LifeResult { record: LifeRecord { choices, ..LifeRecord::default() }, measured: Vec::new() })
        };
        let loss = RewardLoss { discount: 0.5, entropy_bonus: 0.0 };
        let weighed = loss.weigh(&[life([(1, 1.0), (0, 1.0)]), life([(2, 0.0), (1, 0.0)])]);
        let expected = [(1, 0.75), (0, 0.5), (2, -0.75), (1, -0.5)];
        assert_eq!(weighed, expected.map(|(action, advantage)| WeightedChoice { action, advantage }));
    }
}
