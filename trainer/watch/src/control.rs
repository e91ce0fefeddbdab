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
use serde::Deserialize;

/// Limits of the speed, steps a second.
const SPEED: RangeInclusive<f64> = 0.1..=1e6;

/// What a visitor asks for.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
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
        if let Self::Speed { steps_per_second: Some(speed) } = control {
            within("steps_per_second", speed, SPEED)?;
        }
        Ok(control)
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
        for wrong in ["0", "-1", "1e9"] {
            let text = format!(r#"{{"control":"speed","steps_per_second":{wrong}}}"#);
            assert!(matches!(PageControl::parse(&text), Err(PageControlError::Range(_))), "{wrong}");
        }
    }
}
