//! The part of a network that is frozen during an episode, for ablations. It is a property of a run, not of a
//! network.

use serde::{Deserialize, Serialize};

/// The part that is frozen during an episode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Freeze {
    /// Nothing.
    #[default]
    Nothing,
    /// `P` is frozen at its value at the start of the episode: zero, unless it was written or loaded.
    Plasticity,
    /// Every modulator value `m` is frozen at one.
    ThirdFactor,
}
