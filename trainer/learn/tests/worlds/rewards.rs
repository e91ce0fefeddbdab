//! The gradient of rewards: its expectation over all actions and rewards, enumerated, is the gradient of the expected
//! reward, enumerated.
//!
//! A batch's baseline is the mean over all its episodes, the episode itself included. So the expectation over batches of n
//! lives of the same world is `(1 - 1/n)` times the gradient of the expected reward, and has no other bias; here n is 2.

use metaplastic_learn::autodiff::FusedEngine;
use metaplastic_learn::lifetime::carried::LaneBatch;
use metaplastic_learn::lifetime::fused::FusedLifetime;
use metaplastic_learn::lifetime::{Engine, Lifetime, Spiking};
use metaplastic_learn::model::Parameter;
use metaplastic_task::episode::{Decision, Episode};
use metaplastic_task::seed::{Purpose, rng};
use metaplastic_task::world::closed_loop::{World, WorldShape};
use metaplastic_task::world::life::WorldLife;
use metaplastic_task::world::start::WorldStart;

use crate::networks::TestNetwork;

/// The probability that each arm pays.
const PROBABILITIES: [f64; 2] = [0.3, 0.8];
const PULL_STEPS: usize = 7;
const CUE_STEPS: usize = 4;
const PULLS: usize = 2;
/// The go cue, two arms, a reward and its absence.
const CHANNELS: usize = 5;

/// Two pulls of two arms that pay what was decided beforehand.
#[derive(Clone, Debug)]
struct GivenRewards {
    rewards: [bool; PULLS],
    step: usize,
    action: usize,
}

impl World for GivenRewards {
    fn shape(&self) -> WorldShape {
        WorldShape { spikes: CHANNELS, choices: 2, steps: PULLS * PULL_STEPS, ..WorldShape::default() }
    }

    fn observe(&mut self, _: &mut [f32], spikes: &mut [u8]) {
        let is_cue = self.step % PULL_STEPS < CUE_STEPS;
        let reward = if self.rewards[self.step / PULL_STEPS] { 3 } else { 4 };
        spikes[0] = if is_cue { 1 } else { 1 << (1 + self.action) | 1 << reward };
    }

    fn act(&mut self, _: &[f32]) -> f64 {
        self.step += 1;
        0.0
    }

    fn decide(&mut self, action: usize) -> f64 {
        self.action = action;
        f64::from(u8::from(self.rewards[self.step / PULL_STEPS]))
    }

    fn copy(&self) -> Box<dyn World> {
        Box::new(self.clone())
    }
}

/// What happens in a life.
#[derive(Clone, Copy, Debug)]
struct History {
    actions: [usize; PULLS],
    rewards: [bool; PULLS],
}

impl History {
    fn all() -> impl Iterator<Item = Self> {
        (0..16_usize)
            .map(|bits| Self { actions: [bits & 1, bits >> 1 & 1], rewards: [bits & 4 != 0, bits & 8 != 0] })
    }

    fn reward(self) -> f64 {
        self.rewards.iter().filter(|is_paid| **is_paid).count() as f64
    }

    /// The probability of the rewards of the actions.
    fn reward_probability(self) -> f64 {
        let paid = |(action, is_paid): (usize, bool)| {
            let probability = PROBABILITIES[action];
            if is_paid { probability } else { 1.0 - probability }
        };
        self.actions.into_iter().zip(self.rewards).map(paid).product()
    }

    fn episode(self, chance: u64) -> Episode {
        let world = GivenRewards { rewards: self.rewards, step: 0, action: 0 };
        let decision = |pull| {
            let start = pull * PULL_STEPS;
            Decision { start, end: start + CUE_STEPS, target: 0, among: 2 }
        };
        let decisions = (0..PULLS).map(decision).collect();
        let start = WorldStart::new(Box::new(world), rng(0, Purpose::Test, chance));
        Episode { decisions, ..Episode::in_world(start) }
    }

    /// The inputs of the life, without its world.
    fn recorded(self) -> Episode {
        let mut life = WorldLife::begin(&self.episode(0)).unwrap();
        for step in 0..PULLS * PULL_STEPS {
            life.sense(step);
            life.answer(step, &[0.0, 0.0], |_, _| self.actions[step / PULL_STEPS]);
        }
        Episode { world: None, ..life.end().episode }
    }

    /// A life in which the network draws these actions by its own chance.
    fn drawn(self, network: &TestNetwork) -> Episode {
        let is_this = |episode: &Episode| {
            let batch = std::slice::from_ref(episode);
            let lives = smooth().forward(&network.model, &network.flat, LaneBatch::fresh(batch)).lives;
            let choices = &lives[0].as_ref().unwrap().record.choices;
            choices.iter().map(|choice| choice.action).eq(self.actions)
        };
        (0..10_000).map(|chance| self.episode(chance)).find(is_this).expect("every action has a chance")
    }
}

fn smooth() -> FusedLifetime {
    FusedLifetime::default().with_spiking(Spiking::Smooth)
}

/// The probability of each history, in order, for a network.
fn probabilities(network: &TestNetwork, flat: &[f32], recorded: &[Episode]) -> Vec<f64> {
    let gain = f64::from(network.model.positive(Parameter::ReadoutGain, flat));
    let counts = smooth().forward(&network.model, flat, LaneBatch::fresh(recorded)).counts;
    let probability = |(history, counts): (History, &[f32])| {
        let chosen = |(counts, action): (&[f32], usize)| {
            let other = f64::from(counts[1 - action]) - f64::from(counts[action]);
            (1.0 + (gain * other).exp()).recip()
        };
        let actions = counts.chunks_exact(2).zip(history.actions).map(chosen).product::<f64>();
        actions * history.reward_probability()
    };
    History::all().zip(counts.chunks_exact(2 * PULLS)).map(probability).collect()
}

/// The expectation of the engine's gradient over all batches of two lives.
fn expected_gradient(network: &TestNetwork, probabilities: &[f64]) -> Vec<f64> {
    let lives: Vec<_> = History::all().map(|history| history.drawn(network)).collect();
    let engine = FusedEngine::new(smooth());
    let mut expected = vec![0.0; network.flat.len()];
    for (one, first) in lives.iter().zip(probabilities) {
        for (other, second) in lives.iter().zip(probabilities) {
            let batch = [one.clone(), other.clone()];
            let gradient = engine.gradient(&network.model, &network.flat, LaneBatch::fresh(&batch)).unwrap();
            let weighed = gradient.values.iter().map(|value| first * second * f64::from(*value));
            expected.iter_mut().zip(weighed).for_each(|(sum, value)| *sum += value);
        }
    }
    expected
}

/// `-(1 - 1/n) / decisions` times the gradient of the expected reward, at one parameter.
fn difference(expected_reward: impl Fn(&[f32]) -> f64, flat: &[f32], index: usize) -> f64 {
    let at = |step: f32| {
        let mut flat = flat.to_vec();
        flat[index] += step;
        expected_reward(&flat)
    };
    let step = 1.0 / 128.0;
    let slope = (at(step) - at(-step)) / f64::from(2.0 * step);
    -slope / 2.0 / PULLS as f64
}

#[test]
fn the_expected_gradient_is_that_of_the_expected_reward() {
    for seed in 0..3 {
        let network = TestNetwork::of_choices(CHANNELS as u16, seed);
        let recorded: Vec<_> = History::all().map(History::recorded).collect();
        let probabilities = |flat: &[f32]| probabilities(&network, flat, &recorded);
        let now = probabilities(&network.flat);
        assert!((now.iter().sum::<f64>() - 1.0).abs() < 1e-5, "{now:?}");
        let gradient = expected_gradient(&network, &now);
        let expected_reward = |flat: &[f32]| {
            let all = probabilities(flat).into_iter().zip(History::all());
            all.map(|(probability, history)| probability * history.reward()).sum::<f64>()
        };
        let differences: Vec<_> =
            (0..gradient.len()).map(|index| difference(expected_reward, &network.flat, index)).collect();
        let norm = |values: &mut dyn Iterator<Item = f64>| values.map(|value| value * value).sum::<f64>().sqrt();
        let length = norm(&mut differences.iter().copied());
        let error = norm(&mut gradient.iter().zip(&differences).map(|(value, other)| value - other));
        println!("{seed}: {length:.5} {error:.6}");
        assert!(length > 0.01 && error < 0.002 * length, "{seed}: {error} of {length}");
    }
}

#[test]
fn choices_are_drawn_as_often_as_their_probability_says() {
    const LIVES: u64 = 4000;
    let network = TestNetwork::of_choices(CHANNELS as u16, 0);
    let recorded: Vec<_> = History::all().map(History::recorded).collect();
    let all = probabilities(&network, &network.flat, &recorded).into_iter().zip(History::all());
    let probability: f64 =
        all.filter(|(_, history)| history.actions[0] == 1).map(|(probability, _)| probability).sum();
    let of_any = History { actions: [0; PULLS], rewards: [true; PULLS] };
    let episodes: Vec<_> = (0..LIVES).map(|chance| of_any.episode(chance)).collect();
    let lives = smooth().forward(&network.model, &network.flat, LaneBatch::fresh(&episodes)).lives;
    let drawn = lives.iter().flatten().filter(|life| life.record.choices[0].action == 1).count();
    let deviation = (probability * (1.0 - probability) / LIVES as f64).sqrt();
    let error = (drawn as f64 / LIVES as f64 - probability).abs();
    assert!((probability - 0.5).abs() > 0.1, "{probability} is that of any gain");
    assert!(error < 4.0 * deviation, "{drawn} of {LIVES}, {probability}");
}
