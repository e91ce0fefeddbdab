//! The part of a network that is frozen during an episode, for ablations. It is a property of a run, not of a
//! network.
//!
//! ```
//! use metaplastic_shared::freeze::Freeze;
//!
//! // A chip is told by one byte.
//! let byte = |freeze: Freeze| postcard::to_slice(&freeze, &mut [0]).unwrap()[0];
//! assert_eq!([Freeze::default(), Freeze::Plasticity, Freeze::ThirdFactor].map(byte), [0, 1, 2]);
//! assert!(postcard::from_bytes::<Freeze>(&[3]).is_err());
//! ```

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
