//! Which part of a network's state carries over from an episode to the next one of its lane.
//!
//! ```
//! use metaplastic_learn::experiment::CarryOver;
//! use metaplastic_learn::lifetime::carried_part::CarriedPart;
//!
//! // As `[meta.carry_over]` of an experiment has it.
//! let read = |text: &str| toml::from_str::<CarryOver>(text).unwrap().state;
//! assert_eq!([read(""), read("state = \"all\"")], [CarriedPart::PlasticWeights, CarriedPart::All]);
//! ```

use serde::{Deserialize, Serialize};

/// The part of the state that carries over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CarriedPart {
    /// The plastic weights P; all else is zero at the start of an episode.
    #[default]
    PlasticWeights,
    /// All state.
    All,
}
