//! `[meta]` of an experiment: how training descends on the meta-parameters.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::carry_over::CarryOver;
use super::rewards::Rewards;
use crate::model::Family;
use crate::optimiser::{AdamConfiguration, OneCycle};
use metaplastic_files::integer::integer;
use metaplastic_files::limit::{OutOfRange, within};

/// The number of meta-steps that a training can have.
pub const META_STEPS: RangeInclusive<u32> = 1..=1_000_000;
/// The number of episodes that a meta-step can have.
pub(super) const BATCH: RangeInclusive<u32> = 1..=4096;
/// Limits of `give_up_after`.
const GIVE_UP_AFTER: RangeInclusive<u32> = 1..=1000;

/// How an experiment is trained. The default is that of the built-in `cue-association-one-episode`, without its
/// modulation cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetaConfiguration {
    /// Seed of initialisation and episodes, 0 to 2^63 - 1 in TOML.
    #[serde(deserialize_with = "integer::<_, _, 0, { i64::MAX }>")]
    pub seed: u64,
    /// Optimiser steps, 1 to 1000000.
    #[serde(deserialize_with = "integer::<_, _, { *META_STEPS.start() as i64 }, { *META_STEPS.end() as i64 }>")]
    pub meta_steps: u32,
    /// Episodes a meta-step, 1 to 4096.
    #[serde(deserialize_with = "integer::<_, _, { *BATCH.start() as i64 }, { *BATCH.end() as i64 }>")]
    pub batch: u32,
    /// Largest norm of the gradient over all meta-parameters, above zero.
    pub gradient_clip: f64,
    /// Largest norm of the gradient of one episode's own loss, above zero: one life in which the gradient explodes then
    /// counts no more than others. Where it is absent, there is no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub episode_gradient_clip: Option<f64>,
    /// Meta-steps in a row without a finite gradient after which training gives up, 1 to 1000.
    #[serde(
        deserialize_with = "integer::<_, _, { *GIVE_UP_AFTER.start() as i64 }, { *GIVE_UP_AFTER.end() as i64 }>"
    )]
    pub give_up_after: u32,
    /// Weight of the regulariser of modulation in steps without a label, 0 to 1000: with a dead zone it makes the
    /// third factor exactly zero there.
    pub modulation_cost: f64,
    /// Decoupled weight decay of the weights onto LIF populations, in units of the learning rate, 0 to 10
    /// (Loshchilov & Hutter 2019).
    pub weight_decay: f64,
    /// Weight of the regulariser of spikes, the squared fraction of a LIF population that spikes in a step, 0 to
    /// 1000: it reduces the spikes of the busiest steps, for which a chip must have time.
    pub spike_cost: f64,
    /// Factor on the rate η of every projection after training, 0.001 to 1000. A network that is to learn more than
    /// training's episodes contained, more pictures or pictures shown for longer, should learn at a lower rate, so
    /// that its plastic weights do not outgrow the innate ones. Nothing before the end of training depends on it,
    /// so that it does not distinguish one training from another.
    #[serde(skip_serializing)]
    pub deployed_rate: f64,
    /// What the lanes of the batch carry from one meta-step to the next; where it is absent, nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carry_over: Option<CarryOver>,
    /// How rewards are learned from, where a world rewards choices; where it is absent, as by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rewards: Option<Rewards>,
    /// Families whose start values are those of an artifact, which the training is given; see
    /// [`Experiment::start_from`](super::Experiment::start_from).
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub start_families: BTreeSet<Family>,
    /// Families that keep their start values.
    pub freeze: BTreeSet<Family>,
    /// The learning rate over the meta-steps.
    pub schedule: OneCycle,
    /// The optimiser.
    pub adam: AdamConfiguration,
}

impl Default for MetaConfiguration {
    fn default() -> Self {
        Self {
            seed: 1,
            meta_steps: 250,
            batch: 32,
            gradient_clip: 1.0,
            episode_gradient_clip: None,
            give_up_after: 10,
            modulation_cost: 0.0,
            weight_decay: 0.0,
            spike_cost: 0.0,
            deployed_rate: 1.0,
            carry_over: None,
            rewards: None,
            start_families: BTreeSet::new(),
            freeze: BTreeSet::new(),
            schedule: OneCycle::default(),
            adam: AdamConfiguration::default(),
        }
    }
}

impl MetaConfiguration {
    /// Checks every value.
    ///
    /// # Errors
    /// The first that is out of its range.
    pub fn check(&self) -> Result<(), OutOfRange> {
        within("meta.meta_steps", self.meta_steps, floats(&META_STEPS))?;
        within("meta.batch", self.batch, floats(&BATCH))?;
        within("meta.gradient_clip", self.gradient_clip, 1e-6..=1e6)?;
        self.episode_gradient_clip.map_or(Ok(()), |clip| within("meta.episode_gradient_clip", clip, 1e-6..=1e6))?;
        within("meta.give_up_after", self.give_up_after, floats(&GIVE_UP_AFTER))?;
        within("meta.modulation_cost", self.modulation_cost, 0.0..=1000.0)?;
        within("meta.weight_decay", self.weight_decay, 0.0..=10.0)?;
        within("meta.spike_cost", self.spike_cost, 0.0..=1000.0)?;
        within("meta.deployed_rate", self.deployed_rate, 1e-3..=1e3)?;
        self.carry_over.iter().try_for_each(CarryOver::check)?;
        self.rewards.iter().try_for_each(Rewards::check)?;
        within("meta.schedule.peak_rate", self.schedule.peak_rate, 1e-9..=1.0)?;
        within("meta.schedule.warm_up", self.schedule.warm_up, 0.0..=1.0)?;
        within("meta.schedule.initial_divisor", self.schedule.initial_divisor, 1.0..=1e9)?;
        within("meta.schedule.final_divisor", self.schedule.final_divisor, 1.0..=1e9)?;
        within("meta.adam.beta1", self.adam.beta1, 0.0..=0.9999)?;
        within("meta.adam.beta2", self.adam.beta2, 0.0..=0.999_999)?;
        within("meta.adam.epsilon", self.adam.epsilon, 1e-12..=1.0)
    }
}

fn floats(range: &RangeInclusive<u32>) -> RangeInclusive<f64> {
    (*range.start()).into()..=(*range.end()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_has_its_limits() {
        let fault =
            |text: &str| toml::from_str::<MetaConfiguration>(text).unwrap().check().unwrap_err().to_string();
        assert_eq!(fault("meta_steps = 0"), "meta.meta_steps = 0 is not in 1..=1000000");
        assert_eq!(fault("batch = 0"), "meta.batch = 0 is not in 1..=4096");
        assert_eq!(fault("modulation_cost = -0.1"), "meta.modulation_cost = -0.1 is not in 0..=1000");
        assert_eq!(fault("spike_cost = 1001.0"), "meta.spike_cost = 1001 is not in 0..=1000");
        assert_eq!(fault("deployed_rate = 0.0"), "meta.deployed_rate = 0 is not in 0.001..=1000");
        assert_eq!(fault("schedule.warm_up = 1.5"), "meta.schedule.warm_up = 1.5 is not in 0..=1");
        assert_eq!(fault("adam.beta1 = 1.0"), "meta.adam.beta1 = 1 is not in 0..=0.9999");
        assert_eq!(MetaConfiguration::default().check(), Ok(()));
    }

    #[test]
    fn families_are_frozen_by_name_and_unknown_keys_are_refused() {
        let configuration: MetaConfiguration = toml::from_str("freeze = ['coefficients', 'rate']").unwrap();
        assert_eq!(configuration.freeze, BTreeSet::from([Family::Coefficients, Family::Rate]));
        for text in ["freeze = ['mood']", "rate = 1.0", "adam.beta3 = 0.5", "schedule.peak = 1.0"] {
            assert!(toml::from_str::<MetaConfiguration>(text).is_err(), "{text}");
        }
    }
}
