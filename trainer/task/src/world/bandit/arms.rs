//! The arms of a life: their hidden probabilities and when they change. This file may not know who pulls.

use rand::Rng;

use super::parameters::BanditParameters;
use crate::seed::TaskRng;

/// The arms of a life.
#[derive(Clone, Debug, PartialEq)]
pub struct BanditArms {
    probabilities: Vec<f64>,
    /// The first pull at which the best and the worst arm have changed places.
    reversal: Option<usize>,
}

impl BanditArms {
    /// Arms with probabilities U(0, 1), and a reversal if there is one.
    #[must_use]
    pub fn draw(parameters: &BanditParameters, rng: &mut TaskRng) -> Self {
        let probabilities = (0..parameters.arms).map(|_| rng.random()).collect();
        let margin = parameters.reversal_margin;
        let reversal =
            parameters.reversal.then(|| usize::from(rng.random_range(margin..=parameters.pulls - margin)));
        Self { probabilities, reversal }
    }

    /// Arms with given probabilities.
    #[must_use]
    pub fn given(probabilities: Vec<f64>) -> Self {
        Self { probabilities, reversal: None }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.probabilities.len()
    }

    /// The first pull at which the best and the worst arm have changed places.
    #[must_use]
    pub fn reversal(&self) -> Option<usize> {
        self.reversal
    }

    /// The probability that an arm pays at a pull.
    #[must_use]
    pub fn probability(&self, pull: usize, arm: usize) -> f64 {
        let is_reversed = self.reversal.is_some_and(|reversal| pull >= reversal);
        let (worst, best) = self.extremes();
        match arm {
            arm if is_reversed && arm == best => self.probabilities[worst],
            arm if is_reversed && arm == worst => self.probabilities[best],
            arm => self.probabilities[arm],
        }
    }

    /// Changes the probability that an arm pays from a pull on.
    pub fn change(&mut self, pull: usize, arm: usize, probability: f64) {
        // Which arms a reversal has exchanged is forgotten: from now on the probabilities are what they are.
        if self.reversal.is_some_and(|reversal| pull >= reversal) {
            self.probabilities = (0..self.count()).map(|arm| self.probability(pull, arm)).collect();
            self.reversal = None;
        }
        self.probabilities[arm] = probability;
    }

    /// Pulls an arm; returns whether it pays.
    pub fn pull(&self, pull: usize, arm: usize, rng: &mut TaskRng) -> bool {
        rng.random::<f64>() < self.probability(pull, arm)
    }

    /// The worst and the best arm before the reversal.
    fn extremes(&self) -> (usize, usize) {
        let by_probability =
            |one: &usize, other: &usize| self.probabilities[*one].total_cmp(&self.probabilities[*other]);
        let arms = 0..self.count();
        (arms.clone().min_by(by_probability).unwrap_or(0), arms.max_by(by_probability).unwrap_or(0))
    }
}
