//! The controls of the bandit: policies without a network, which learn from the spikes that a network sees. This file may
//! not know the probabilities that a policy has to find out.

use super::greedy::Greedy;
use super::parameters::BanditParameters;
use super::policy::{BanditPolicy, RandomArm};
use super::thompson::Thompson;
use crate::control::Control;
use crate::episode::Episode;
use crate::world::life::WorldLife;
use crate::world::record::LifeResult;

/// A policy before its first pull, for a number of arms.
type MakePolicy = fn(usize) -> Box<dyn BanditPolicy>;

/// Random arms, Thompson sampling, and greedy on the posterior mean, discounted where arms change.
pub(super) fn controls(world: &BanditParameters) -> Vec<Box<dyn Control>> {
    let greedy: MakePolicy = if world.reversal {
        |arms| Box::new(Greedy::new(arms, Greedy::REVERSAL_DISCOUNT))
    } else {
        |arms| Box::new(Greedy::new(arms, 1.0))
    };
    let random: MakePolicy = |arms| Box::new(RandomArm { arms });
    let thompson: MakePolicy = |arms| Box::new(Thompson::new(arms));
    let control = |(name, make)| -> Box<dyn Control> {
        Box::new(NamedPolicy { name, make, arms: world.arms.into(), reward: RewardChannels::of(world) })
    };
    [("random", random), ("thompson", thompson), ("greedy", greedy)].map(control).into()
}

/// A policy by its name.
#[derive(Debug)]
struct NamedPolicy {
    name: &'static str,
    make: MakePolicy,
    arms: usize,
    reward: RewardChannels,
}

/// Input neurons that say whether a pull is paid.
#[derive(Clone, Copy, Debug)]
struct RewardChannels {
    paid: usize,
    unpaid: usize,
}

impl RewardChannels {
    fn of(world: &BanditParameters) -> Self {
        let paid = world.first_reward_channel();
        Self { paid, unpaid: paid + usize::from(world.reward_channels) }
    }

    /// What a step of an episode says of a reward; none if it says nothing.
    fn read(self, episode: &Episode, step: usize) -> Option<bool> {
        let mut said = episode.spiking_at(step).filter(|channel| [self.paid, self.unpaid].contains(channel));
        said.next().map(|channel| channel == self.paid)
    }
}

impl Control for NamedPolicy {
    fn name(&self) -> &'static str {
        self.name
    }

    fn run(&self, episode: &Episode) -> Option<LifeResult> {
        let (mut life, mut policy) = (WorldLife::begin(episode)?, (self.make)(self.arms));
        let (scores, mut pulled) = (vec![0.0; self.arms], None);
        for step in 0..life.episode().steps {
            if let Some((arm, reward)) = pulled.zip(self.reward.read(life.sense(step), step)) {
                policy.learn(arm, reward);
                pulled = None;
            }
            life.answer(step, &scores, |_, chance| *pulled.insert(policy.choose(chance)));
        }
        Some(life.end().result)
    }
}
