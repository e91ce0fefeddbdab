//! A policy that pulls without a network, which a network is compared with. This file may not know the probabilities
//! that a policy has to find out.

use std::fmt::Debug;

use rand::Rng;

use crate::seed::TaskRng;

/// Chooses arms and learns from their rewards, in one life.
pub trait BanditPolicy: Debug {
    /// The arm of the coming pull.
    fn choose(&mut self, rng: &mut TaskRng) -> usize;

    /// What the arm paid.
    fn learn(&mut self, arm: usize, reward: bool);
}

/// Pulls any arm.
#[derive(Clone, Copy, Debug)]
pub struct RandomArm {
    /// Arms.
    pub arms: usize,
}

impl BanditPolicy for RandomArm {
    fn choose(&mut self, rng: &mut TaskRng) -> usize {
        rng.random_range(0..self.arms)
    }

    fn learn(&mut self, _arm: usize, _reward: bool) {}
}
