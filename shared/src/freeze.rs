//! What is frozen during an episode, so that an ablation shows what it is worth: a property of a run.

use serde::{Deserialize, Serialize};

/// What is frozen during an episode, for ablations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Freeze {
    /// Nothing.
    #[default]
    Nothing,
    /// `P` is frozen at what the episode begins with: zero, unless it was written or loaded.
    Plasticity,
    /// Every modulator value `m` is frozen at one.
    ThirdFactor,
}
