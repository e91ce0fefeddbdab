//! `[meta.rewards]` of an experiment: how rewards are learned from, where a world rewards choices.

use metaplastic_files::limit::{OutOfRange, within};
use serde::{Deserialize, Serialize};

use crate::lifetime::reward_loss::RewardLoss;

/// How rewards are learned from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rewards {
    /// What a reward one decision later counts, 0 to 1.
    pub discount: f64,
    /// Weight of the entropy of the choices in the first meta-step, 0 to 10; it falls linearly to zero at the end.
    pub entropy_bonus: f64,
}

impl Default for Rewards {
    fn default() -> Self {
        Self { discount: 1.0, entropy_bonus: 0.03 }
    }
}

impl Rewards {
    /// Checks every value.
    ///
    /// # Errors
    /// The first that is out of its range.
    pub fn check(&self) -> Result<(), OutOfRange> {
        within("meta.rewards.discount", self.discount, 0.0..=1.0)?;
        within("meta.rewards.entropy_bonus", self.entropy_bonus, 0.0..=10.0)
    }

    /// The loss of meta-step `step`, `0..total`.
    #[must_use]
    pub fn loss(&self, step: u32, total: u32) -> RewardLoss {
        let left = 1.0 - f64::from(step) / f64::from(total.max(1));
        RewardLoss { discount: self.discount, entropy_bonus: self.entropy_bonus * left }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entropy_bonus_falls_to_zero_and_each_value_has_its_limits() {
        let rewards = Rewards { entropy_bonus: 0.4, ..Rewards::default() };
        assert_eq!([0, 5, 10].map(|step| rewards.loss(step, 10).entropy_bonus), [0.4, 0.2, 0.0]);
        let fault = Rewards { discount: 1.5, ..rewards }.check().unwrap_err().to_string();
        assert_eq!(fault, "meta.rewards.discount = 1.5 is not in 0..=1");
    }
}
