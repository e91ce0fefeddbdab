//! A life with the bandit as a world: cues, efference copies and rewards as spikes. This file may not know how an arm is
//! chosen.

use std::ops::Range;

use super::arms::BanditArms;
use super::parameters::{BanditParameters, RewardSignal};
use crate::seed::TaskRng;
use crate::world::changeable::Changeable;
use crate::world::closed_loop::{World, WorldShape};
use crate::world::record::LifeRecord;

/// A life in progress.
#[derive(Clone, Debug)]
pub struct BanditLife {
    parameters: BanditParameters,
    arms: BanditArms,
    /// Of another life, whose rewards are shown in the control.
    other_arms: BanditArms,
    rng: TaskRng,
    step: usize,
    /// The choice of this pull and what is shown of its reward.
    feedback: Option<PullFeedback>,
}

/// What comes back of a pull.
#[derive(Clone, Copy, Debug)]
struct PullFeedback {
    arm: usize,
    /// None if nothing is shown.
    reward: Option<bool>,
}

impl BanditLife {
    /// A life with arms from the stream.
    #[must_use]
    pub fn new(parameters: BanditParameters, mut rng: TaskRng) -> Self {
        let arms = BanditArms::draw(&parameters, &mut rng);
        let other_arms = BanditArms::draw(&parameters, &mut rng);
        Self { parameters, arms, other_arms, rng, step: 0, feedback: None }
    }

    /// The arms.
    #[must_use]
    pub fn arms(&self) -> &BanditArms {
        &self.arms
    }

    /// The same life with other arms.
    #[must_use]
    pub fn with_arms(self, arms: BanditArms) -> Self {
        Self { arms, ..self }
    }

    fn pull(&self) -> usize {
        self.step / self.parameters.pull_steps()
    }

    /// The step within the pull.
    fn phase(&self) -> usize {
        self.step % self.parameters.pull_steps()
    }

    fn is_over(&self) -> bool {
        self.pull() >= usize::from(self.parameters.pulls)
    }

    /// Whether the arm of the pull is chosen in this step.
    pub(super) fn is_choice_due(&self) -> bool {
        self.phase() + 1 == self.cue_phases().end && self.feedback.is_none() && !self.is_over()
    }

    /// The steps of a pull that have the go cue.
    fn cue_phases(&self) -> Range<usize> {
        let first = usize::from(self.parameters.silent_steps);
        first..first + usize::from(self.parameters.cue_steps)
    }

    /// The channels that spike in this step.
    fn spiking(&self) -> Vec<Range<usize>> {
        if self.is_over() {
            return Vec::new();
        }
        let BanditParameters { cue_channels, arm_channels, reward_channels, .. } = self.parameters;
        let [cue, arm, reward] = [cue_channels, arm_channels, reward_channels].map(usize::from);
        if self.cue_phases().contains(&self.phase()) {
            return std::iter::once(0..cue).collect();
        }
        let Some(feedback) = self.feedback else { return Vec::new() };
        let efference_copy = block(cue + feedback.arm * arm, arm);
        let rewards = self.parameters.first_reward_channel();
        let shown = feedback.reward.map(|is_paid| block(rewards + usize::from(!is_paid) * reward, reward));
        std::iter::once(efference_copy).chain(shown).collect()
    }

    /// What is shown of a reward.
    fn shown(&mut self, arm: usize, reward: bool) -> Option<bool> {
        let pull = self.pull();
        match self.parameters.reward_signal {
            RewardSignal::Actual => Some(reward),
            RewardSignal::Scrambled => Some(self.other_arms.pull(pull, arm, &mut self.rng)),
            RewardSignal::Never => None,
        }
    }
}

impl World for BanditLife {
    fn shape(&self) -> WorldShape {
        WorldShape {
            spikes: self.parameters.channels(),
            choices: self.arms.count(),
            steps: usize::from(self.parameters.pulls) * self.parameters.pull_steps(),
            ..WorldShape::default()
        }
    }

    fn observe(&mut self, _analog: &mut [f32], spikes: &mut [u8]) {
        spikes.fill(0);
        for channel in self.spiking().into_iter().flatten() {
            spikes[channel / 8] |= 1 << (channel % 8);
        }
    }

    fn act(&mut self, _commands: &[f32]) -> f64 {
        self.step += 1;
        if self.phase() == 0 {
            self.feedback = None;
        }
        0.0
    }

    fn decide(&mut self, action: usize) -> f64 {
        if !self.is_choice_due() {
            return 0.0;
        }
        let reward = self.arms.pull(self.pull(), action, &mut self.rng);
        self.feedback = Some(PullFeedback { arm: action, reward: self.shown(action, reward) });
        f64::from(u8::from(reward))
    }

    fn changeable(&self) -> Vec<Changeable> {
        let arm = |arm| {
            let probability = self.arms.probability(self.pull(), arm);
            Changeable::new(format!("machine {}", arm + 1), "", probability, 0.0..=1.0)
        };
        (0..self.arms.count()).map(arm).collect()
    }

    fn change(&mut self, index: usize, value: f64) {
        let pull = self.pull();
        if index < self.arms.count() {
            self.arms.change(pull, index, value);
        }
    }

    fn copy(&self) -> Box<dyn World> {
        Box::new(self.clone())
    }

    /// The reward, and with a reversal that of the pulls behind it, as many as its margin.
    fn measured(&self, record: &LifeRecord) -> Vec<f64> {
        let behind = self.arms.reversal().map(|pull| {
            let pulls = record.choices.iter().skip(pull).take(self.parameters.reversal_margin.into());
            pulls.map(|choice| choice.reward).sum()
        });
        std::iter::once(record.reward()).chain(behind).collect()
    }

    fn changes(&self) -> Vec<usize> {
        self.arms.reversal().map(|pull| pull * self.parameters.pull_steps()).into_iter().collect()
    }
}

/// `count` channels from `first` on.
fn block(first: usize, count: usize) -> Range<usize> {
    first..first + count
}
