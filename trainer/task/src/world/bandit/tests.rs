//! Tests of the bandit: the steps of a pull, its controls, and the published rewards of policies without a network.

use rayon::prelude::*;

use super::*;
use crate::control_scores;
use crate::seed::{Purpose, TaskRng, rng};
use crate::table::tests::assert_all_numbers_have_limits;
use crate::task::Task;
use crate::unseen::Unseen;
use crate::world::closed_loop::World;

const LIVES: u64 = 10_000;

/// A policy for a number of arms.
type Make = fn(usize) -> Box<dyn BanditPolicy>;

const RANDOM: Make = |arms| Box::new(RandomArm { arms });
const THOMPSON: Make = |arms| Box::new(Thompson::new(arms));
const GREEDY: Make = |arms| Box::new(Greedy::new(arms, 1.0));

/// The rewards of a life under a policy that is not in the world's loop.
fn play(arms: &BanditArms, pulls: usize, policy: &mut dyn BanditPolicy, rng: &mut TaskRng) -> Vec<bool> {
    let one_pull = |pull| {
        let arm = policy.choose(rng);
        let reward = arms.pull(pull, arm, rng);
        policy.learn(arm, reward);
        reward
    };
    (0..pulls).map(one_pull).collect()
}

fn rewards(
    parameters: &BanditParameters,
    policy: &mut dyn BanditPolicy,
    mut source: TaskRng,
) -> (BanditArms, Vec<bool>) {
    let arms = BanditArms::draw(parameters, &mut source);
    let rewards = play(&arms, usize::from(parameters.pulls), policy, &mut source);
    (arms, rewards)
}

fn count(rewards: &[bool]) -> f64 {
    rewards.iter().filter(|reward| **reward).count() as f64
}

/// Mean reward of a life, and in the ten pulls behind the reversal.
fn mean_rewards(
    parameters: &BanditParameters,
    make: &(dyn Fn(usize) -> Box<dyn BanditPolicy> + Sync),
    purpose: Purpose,
) -> (f64, f64) {
    let one = |index| {
        let mut policy = make(usize::from(parameters.arms));
        let (arms, rewards) = rewards(parameters, &mut *policy, rng(1, purpose, index));
        let behind = arms.reversal().map_or(0.0, |pull| count(&rewards[pull..pull + 10]));
        (count(&rewards), behind)
    };
    let plus = |one: (f64, f64), other: (f64, f64)| (one.0 + other.0, one.1 + other.1);
    let (all, behind) = (0..LIVES).into_par_iter().map(one).reduce(|| (0.0, 0.0), plus);
    (all / LIVES as f64, behind / LIVES as f64)
}

#[test]
fn policies_have_the_published_rewards() {
    let reward = |make: Make| mean_rewards(&BanditParameters::default(), &make, Purpose::Test).0;
    let (random, thompson, greedy) = (reward(RANDOM), reward(THOMPSON), reward(GREEDY));
    println!("random {random:.3}, Thompson {thompson:.3}, greedy {greedy:.3}");
    let is_near = |reward: f64, published: f64| (reward - published).abs() < 0.1;
    assert!(is_near(random, 5.0) && is_near(thompson, 5.8) && is_near(greedy, 6.6));
}

#[test]
fn the_discount_of_the_reversal_is_the_best_of_the_search() {
    let reward = |discount: f64| {
        let make = |arms| Box::new(Greedy::new(arms, discount)) as Box<dyn BanditPolicy>;
        mean_rewards(&BanditParameters::reversal(), &make, Purpose::Training).0
    };
    let rewards = [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0].map(|discount| (discount, reward(discount)));
    let best = rewards.into_iter().max_by(|one, other| one.1.total_cmp(&other.1)).unwrap();
    assert_eq!(best.0, Greedy::REVERSAL_DISCOUNT, "{rewards:?}");
}

#[test]
fn a_discounting_policy_recovers_behind_the_reversal() {
    let behind = |discount| {
        let make = move |arms| Box::new(Greedy::new(arms, discount)) as Box<dyn BanditPolicy>;
        mean_rewards(&BanditParameters::reversal(), &make, Purpose::Test)
    };
    let (discounted, greedy) = (behind(Greedy::REVERSAL_DISCOUNT), behind(1.0));
    println!("reversal, a life and ten pulls behind: discounted {discounted:.3?}, greedy {greedy:.3?}");
    assert!(discounted.0 > 27.0 && discounted.1 > 5.8 && greedy.1 < 4.2, "{discounted:?} {greedy:?}");
}

#[test]
fn best_and_worst_arm_are_swapped_and_others_stay() {
    let parameters = BanditParameters::reversal();
    let mut pulls = std::collections::BTreeSet::new();
    for index in 0..500 {
        let arms = BanditArms::draw(&parameters, &mut rng(0, Purpose::Test, index));
        let reversal = arms.reversal().unwrap();
        let at = |pull| (0..5).map(|arm| arms.probability(pull, arm)).collect::<Vec<_>>();
        let (before, behind) = (at(reversal - 1), at(reversal));
        let sorted = |mut values: Vec<f64>| {
            values.sort_by(f64::total_cmp);
            values
        };
        assert_eq!(sorted(before.clone()), sorted(behind.clone()));
        let changed: Vec<usize> = (0..5).filter(|arm| before[*arm] != behind[*arm]).collect();
        let extremes = [sorted(before.clone())[0], sorted(before.clone())[4]];
        assert!(changed.len() == 2 && changed.iter().all(|arm| extremes.contains(&before[*arm])));
        assert_eq!((at(0), at(39)), (before, behind));
        pulls.insert(reversal);
    }
    assert_eq!(pulls.into_iter().collect::<Vec<_>>(), (10..=30).collect::<Vec<_>>());
}

/// The channels that spike in the coming step.
fn spiking(life: &mut BanditLife) -> Vec<usize> {
    let channels = life.shape().spikes;
    let mut spikes = vec![0xff; channels.div_ceil(8)];
    life.observe(&mut [], &mut spikes);
    let all = (0..spikes.len() * 8).filter(|channel| spikes[channel / 8] >> (channel % 8) & 1 == 1);
    all.collect()
}

#[test]
fn a_pull_has_silence_a_cue_a_choice_and_feedback() {
    let parameters = BanditParameters {
        arms: 3,
        pulls: 2,
        silent_steps: 2,
        cue_steps: 3,
        feedback_steps: 2,
        cue_channels: 1,
        arm_channels: 2,
        reward_channels: 1,
        ..BanditParameters::apart()
    };
    let mut life = BanditLife::new(parameters, rng(0, Purpose::Test, 0));
    life = life.with_arms(BanditArms::given(vec![0.0, 1.0, 0.0]));
    assert_eq!((life.shape().steps, life.shape().spikes, life.shape().choices), (14, 9, 3));
    for (arm, efference_copy) in [(1, [3, 4, 7]), (2, [5, 6, 8])] {
        let cue = vec![0];
        for (step, expected) in [vec![], vec![], cue.clone(), cue.clone(), cue].into_iter().enumerate() {
            assert_eq!(spiking(&mut life), expected, "{step}");
            assert_eq!(life.is_choice_due(), step == 4);
            assert_eq!(life.decide(arm), if step == 4 && arm == 1 { 1.0 } else { 0.0 });
            assert_eq!((life.is_choice_due(), life.decide(1)), (false, 0.0), "a pull has one choice");
            life.act(&[]);
        }
        for _ in 0..2 {
            assert_eq!(spiking(&mut life), efference_copy.to_vec());
            life.act(&[]);
        }
    }
    assert!(spiking(&mut life).is_empty() && !life.is_choice_due());
}

/// The mean reward of a control in the lives of a task.
fn control_reward(parameters: BanditParameters, name: &str, lives: u64) -> f64 {
    let task = BanditTask::from(parameters);
    let mut controls = task.controls();
    controls.retain(|control| control.name() == name);
    let scores = control_scores(&controls, &Unseen { task: &task, seed: 1, episodes: lives });
    scores[0].estimate(0).unwrap().mean
}

#[test]
fn controls_have_the_published_rewards_by_what_they_see() {
    for (name, published) in [("random", 5.0), ("thompson", 5.8), ("greedy", 6.6)] {
        let reward = control_reward(BanditParameters::default(), name, 4000);
        println!("{name} {reward:.3}");
        assert!((reward - published).abs() < 0.12, "{name} {reward}");
    }
    let reversal = control_reward(BanditParameters::reversal(), "greedy", 2000);
    assert!((27.0..30.0).contains(&reversal), "greedy with discount {reversal}");
}

#[test]
fn only_the_actual_reward_can_be_learned_from() {
    for reward_signal in [RewardSignal::Scrambled, RewardSignal::Never] {
        let parameters = BanditParameters { reward_signal, ..BanditParameters::default() };
        let reward = control_reward(parameters, "greedy", 4000);
        assert!((reward - 5.0).abs() < 0.15, "{reward_signal:?} {reward}");
    }
}

#[test]
fn the_decisions_of_an_episode_end_where_its_world_takes_a_choice() {
    for parameters in
        [BanditParameters::default(), BanditParameters { silent_steps: 3, ..BanditParameters::apart() }]
    {
        let episode = Unseen { task: &BanditTask::from(parameters.clone()), seed: 0, episodes: 1 }.episode(0);
        let mut life = BanditLife::new(parameters.clone(), rng(0, Purpose::Test, 0));
        let due = (0..episode.steps).filter(|_| {
            let is_due = life.is_choice_due();
            life.act(&[]);
            is_due
        });
        let ends: Vec<_> = episode.decisions.iter().map(|decision| decision.end - 1).collect();
        assert_eq!(due.collect::<Vec<_>>(), ends);
        let resets: Vec<_> = (1..10).map(|pull| pull * parameters.pull_steps()).collect();
        assert_eq!(episode.state_resets, if parameters.resets_state { resets } else { Vec::new() });
    }
}

#[test]
fn every_number_has_limits_and_a_reversal_needs_pulls_on_both_sides() {
    assert_all_numbers_have_limits::<BanditParameters>(&BanditParameters::LIMITS);
    for preset in [BanditParameters::default(), BanditParameters::apart(), BanditParameters::reversal()] {
        assert_eq!(preset.clone().checked(), Ok(preset));
    }
    let short = BanditParameters { pulls: 19, ..BanditParameters::reversal() };
    assert_eq!(short.checked().unwrap_err().to_string(), "task.pulls = 19 is not in 20..=10000");
    let none = BanditParameters { arms: 1, ..BanditParameters::default() };
    assert_eq!(none.checked().unwrap_err().to_string(), "task.arms = 1 is not in 2..=64");
}
