//! What a visitor of the page may ask for: messages from the page, checked before anything acts on them.
//!
//! It knows neither how they arrive nor what is done about them.
//!
//! ```
//! use metaplastic_watch::PageControl;
//!
//! assert_eq!(PageControl::parse(r#"{ "control": "speed", "steps_per_second": 50 }"#), Ok(PageControl::Speed { steps_per_second: Some(50.0) }));
//! let refused = PageControl::parse(r#"{ "control": "speed", "steps_per_second": 0 }"#).unwrap_err();
//! assert_eq!(refused.to_string(), "steps_per_second = 0 is not in 0.1..=1000000");
//! assert!(PageControl::parse(r#"{ "control": "erase" }"#).is_err());
//! ```

use std::ops::RangeInclusive;

use metaplastic_files::limit::{OutOfRange, within};
use metaplastic_shared::freeze::Freeze;
use serde::{Deserialize, Serialize};

/// Limits of the speed, steps a second.
const SPEED: RangeInclusive<f64> = 0.1..=1e6;
/// Limits of the rate of noise.
const NOISE: RangeInclusive<f64> = 0.0..=0.5;
/// Limits of a part, per cent.
const PERCENT: RangeInclusive<f64> = 0.0..=100.0;

/// What a visitor asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "control", rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum PageControl {
    /// Goes on, at its speed.
    Run,
    /// Stops behind the present step.
    Pause,
    /// Runs one step, then stops.
    Step,
    /// Runs to the end of the present episode, then stops.
    Episode,
    /// Changes the speed.
    Speed {
        /// Steps a second, 0.1 to 1,000,000; none: as many as the body can.
        steps_per_second: Option<f64>,
    },
    /// Begins anew from the initial state, in the first episode of a seed.
    Reset {
        /// Seed of the episodes.
        seed: u64,
    },
    /// Begins anew with a part of the learning frozen, in the first episode of the present seed.
    Freeze {
        /// What is frozen.
        what: Freeze,
    },
    /// Begins anew; from then on plastic weights stay from episode to episode, or every episode begins in the initial state.
    Keep {
        /// Whether they stay.
        weights: bool,
    },
    /// From now on, inverts input spikes at random, and adds to what is sensed.
    Noise {
        /// The fraction of spikes that are inverted, and the standard deviation of what is added, 0 to 0.5.
        rate: f64,
    },
    /// From now on, exchanges the labels of two classes, as they are shown and as they are expected.
    Swap {
        /// A class.
        one: usize,
        /// The other.
        other: usize,
    },
    /// Takes away a part of the network's synapses, or gives them back.
    Lesion {
        /// Which.
        what: LesionedPart,
        /// How many of them, per cent.
        percent: f64,
    },
    /// Changes a number of the world.
    Change {
        /// Its index among those of the world.
        index: usize,
        /// Its new value; it is kept within its limits.
        value: f64,
    },
    /// Ends the episode, shows the network inputs of the visitor's own, and then waits.
    Present {
        /// Input spikes of all steps, packed as in an episode, in base64.
        inputs: String,
        /// How many steps they are.
        steps: usize,
        /// The class whose label is shown with them; none: they are a query.
        label: Option<usize>,
        /// Candidates of the query.
        among: usize,
    },
    /// Sends all pages the plastic weights, as a state file.
    Save,
    /// Sends all pages what was done since the life began.
    Log,
    /// Replaces the plastic weights by those of a state file.
    #[serde(skip_deserializing)]
    Load {
        /// The file's bytes; a list of what was done does not have them, and cannot be done again.
        #[serde(skip)]
        state: Vec<u8>,
    },
}

/// What of a network a lesion takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum LesionedPart {
    /// Hidden neurons with all their synapses.
    Neurons,
    /// Single synapses.
    Weights,
}

/// Why a message of the page is refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PageControlError {
    /// It is no control.
    #[error("not a control: {0}")]
    Unknown(String),
    /// A number is out of its range.
    #[error("{0}")]
    Range(String),
}

impl From<OutOfRange> for PageControlError {
    fn from(range: OutOfRange) -> Self {
        Self::Range(range.to_string())
    }
}

impl PageControl {
    /// Reads a message of the page.
    ///
    /// # Errors
    /// If it is no control, or a number in it is out of its range.
    pub fn parse(text: &str) -> Result<Self, PageControlError> {
        let control: Self =
            serde_json::from_str(text).map_err(|error| PageControlError::Unknown(error.to_string()))?;
        control.check()?;
        Ok(control)
    }

    /// Checks its numbers.
    pub(crate) fn check(&self) -> Result<(), PageControlError> {
        match *self {
            Self::Speed { steps_per_second: Some(speed) } => within("steps_per_second", speed, SPEED)?,
            Self::Noise { rate } => within("rate", rate, NOISE)?,
            Self::Lesion { percent, .. } => within("percent", percent, PERCENT)?,
            Self::Change { value, .. } => within("value", value, f64::MIN..=f64::MAX)?,
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_read_and_others_refused() {
        assert_eq!(PageControl::parse(r#"{"control":"run"}"#), Ok(PageControl::Run));
        assert_eq!(PageControl::parse(r#"{"control":"reset","seed":7}"#), Ok(PageControl::Reset { seed: 7 }));
        let freeze = PageControl::parse(r#"{"control":"freeze","what":"third-factor"}"#);
        assert_eq!(freeze, Ok(PageControl::Freeze { what: Freeze::ThirdFactor }));
        for wrong in ["", "[]", "{}", r#"{"control":"reset","seed":-1}"#, r#"{"control":"speed"#] {
            assert!(matches!(PageControl::parse(wrong), Err(PageControlError::Unknown(_))), "{wrong}");
        }
        let numbers =
            ["\"speed\",\"steps_per_second\":0", "\"speed\",\"steps_per_second\":1e9", "\"noise\",\"rate\":0.6"];
        for wrong in numbers.into_iter().chain(["\"lesion\",\"what\":\"weights\",\"percent\":101"]) {
            let text = format!(r#"{{"control":{wrong}}}"#);
            assert!(matches!(PageControl::parse(&text), Err(PageControlError::Range(_))), "{wrong}");
        }
    }
}
