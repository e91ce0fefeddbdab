//! Thompson sampling (Thompson 1933): each arm's probability is drawn from its posterior, `Beta(1 + wins, 1 + losses)`,
//! and the arm with the largest is pulled. This file may not know the true probabilities.

use rand::Rng;
use rand_distr::Beta;

use super::policy::BanditPolicy;
use crate::seed::TaskRng;

/// The posterior of each arm.
#[derive(Clone, Debug)]
pub struct Thompson {
    /// Wins and losses, each with one of the uniform prior.
    counts: Vec<(f64, f64)>,
}

impl Thompson {
    /// Before the first pull.
    #[must_use]
    pub fn new(arms: usize) -> Self {
        Self { counts: vec![(1.0, 1.0); arms] }
    }
}

impl BanditPolicy for Thompson {
    fn choose(&mut self, rng: &mut TaskRng) -> usize {
        let mut draw = |counts: &(f64, f64)| {
            rng.sample(Beta::new(counts.0, counts.1).expect("counts are at least the prior's 1"))
        };
        let drawn: Vec<f64> = self.counts.iter().map(&mut draw).collect();
        let largest = (0..drawn.len()).max_by(|one, other| drawn[*one].total_cmp(&drawn[*other]));
        largest.unwrap_or(0)
    }

    fn learn(&mut self, arm: usize, reward: bool) {
        let (wins, losses) = &mut self.counts[arm];
        *(if reward { wins } else { losses }) += 1.0;
    }
}
