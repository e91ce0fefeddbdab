//! What of the bandit can be chosen. This file may not know how a life runs.

use serde::{Deserialize, Serialize};

use metaplastic_files::limit::{OutOfRange, within};

use crate::table::{KeyLimits, check};

/// What the network sees of the reward. The reward that is scored is always the actual one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RewardSignal {
    /// The reward.
    #[default]
    Actual,
    /// What the same arm pays in another life: a control, in which nothing can be learned.
    Scrambled,
    /// Neither reward nor its absence: a control.
    Never,
}

/// The parameters of the bandit; the default is that of RL^2, whose pulls are close together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BanditParameters {
    /// Arms.
    pub arms: u8,
    /// Pulls of a life.
    pub pulls: u16,
    /// Whether the best and the worst arm change places at a random pull.
    pub reversal: bool,
    /// Pulls before the earliest and behind the latest reversal.
    pub reversal_margin: u16,
    /// Steps without input before each pull.
    pub silent_steps: u16,
    /// Steps with the go cue; the arm is chosen in the last one.
    pub cue_steps: u16,
    /// Steps with efference copy and reward.
    pub feedback_steps: u16,
    /// Whether all state but the plastic weights is reset before each pull.
    pub resets_state: bool,
    /// What the network sees of the reward.
    pub reward_signal: RewardSignal,
    /// Input neurons of the go cue.
    pub cue_channels: u8,
    /// Input neurons of each arm's efference copy.
    pub arm_channels: u8,
    /// Input neurons of a reward, and as many of its absence.
    pub reward_channels: u8,
}

impl Default for BanditParameters {
    fn default() -> Self {
        Self {
            arms: 5,
            pulls: 10,
            reversal: false,
            reversal_margin: 10,
            silent_steps: 0,
            cue_steps: 5,
            feedback_steps: 5,
            resets_state: false,
            reward_signal: RewardSignal::Actual,
            cue_channels: 4,
            arm_channels: 4,
            reward_channels: 4,
        }
    }
}

impl BanditParameters {
    /// The limits of the numbers.
    pub const LIMITS: [KeyLimits; 9] = [
        ("arms", 2.0..=64.0),
        ("pulls", 1.0..=10_000.0),
        ("reversal_margin", 1.0..=1000.0),
        ("silent_steps", 0.0..=1000.0),
        ("cue_steps", 1.0..=1000.0),
        ("feedback_steps", 1.0..=1000.0),
        ("cue_channels", 1.0..=64.0),
        ("arm_channels", 1.0..=64.0),
        ("reward_channels", 1.0..=64.0),
    ];

    /// Pulls apart: all state but the plastic weights is reset before each, so that only synapses can remember.
    #[must_use]
    pub fn apart() -> Self {
        Self { resets_state: true, ..Self::default() }
    }

    /// Best and worst arm change places at a random pull of 40.
    #[must_use]
    pub fn reversal() -> Self {
        Self { pulls: 40, reversal: true, ..Self::apart() }
    }

    /// The parameters, if each is within its limits and they fit each other.
    ///
    /// # Errors
    /// [`OutOfRange`] names the first that is not.
    pub fn checked(self) -> Result<Self, OutOfRange> {
        check(&self, &Self::LIMITS)?;
        if self.reversal {
            within("task.pulls", self.pulls, 2.0 * f64::from(self.reversal_margin)..=10_000.0)?;
        }
        Ok(self)
    }

    /// Steps of a pull.
    #[must_use]
    pub fn pull_steps(&self) -> usize {
        usize::from(self.silent_steps) + usize::from(self.cue_steps) + usize::from(self.feedback_steps)
    }

    /// The first input neuron of a reward; as many further on as a reward has, that of its absence.
    #[must_use]
    pub fn first_reward_channel(&self) -> usize {
        usize::from(self.cue_channels) + usize::from(self.arms) * usize::from(self.arm_channels)
    }

    /// Input neurons.
    #[must_use]
    pub fn channels(&self) -> usize {
        self.first_reward_channel() + 2 * usize::from(self.reward_channels)
    }
}
