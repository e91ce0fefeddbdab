//! What a visitor did in a life, with the steps at which it was done, as a file from which the life is run again.
//!
//! ```text
//! { "seed": 1, "freeze": "nothing", "keeps_weights": true,
//!   "controls": [{ "step": 118, "control": "swap", "one": 0, "other": 1 }, ...] }
//! ```

use std::collections::VecDeque;
use std::path::Path;

use metaplastic_files::regular;
use metaplastic_shared::freeze::Freeze;
use serde::{Deserialize, Serialize};

use crate::control::PageControl;

/// The largest file, bytes.
const MOST_BYTES: u64 = 1 << 24;

/// A control and when it was carried out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct TimedControl {
    /// Steps of the life before it.
    pub(crate) step: u64,
    #[serde(flatten)]
    pub(crate) control: PageControl,
}

/// How a life began, and what was done in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WatchedLife {
    /// Seed of the episodes.
    pub(crate) seed: u64,
    /// What was frozen.
    pub(crate) freeze: Freeze,
    /// Whether plastic weights stayed from episode to episode.
    pub(crate) keeps_weights: bool,
    /// What was done, in its order.
    pub(crate) controls: VecDeque<TimedControl>,
}

/// Why what was done cannot be done again; names the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// The file cannot be read.
    #[error("{path}: cannot be read")]
    Read {
        /// The file.
        path: String,
        /// What the operating system reports.
        source: std::io::Error,
    },
    /// It is not what a page saves.
    #[error("{path}: not what a page of `metaplastic watch` saves of what was done: {why}")]
    Unusable {
        /// The file.
        path: String,
        /// What is wrong.
        why: String,
    },
}

/// What is still to be done, by the steps at which it was done; nothing by default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Replay(Option<WatchedLife>);

impl Replay {
    /// Reads what a page saved.
    ///
    /// # Errors
    /// If the file cannot be read, is none of a page, or has a control with a number out of its range.
    pub fn read(path: &Path) -> Result<Self, ReplayError> {
        let name = || path.display().to_string();
        let bytes = regular::read(path, MOST_BYTES).map_err(|source| ReplayError::Read { path: name(), source })?;
        Self::from_bytes(&bytes).map_err(|why| ReplayError::Unusable { path: name(), why })
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let life: WatchedLife = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        for control in &life.controls {
            control.control.check().map_err(|error| error.to_string())?;
        }
        Ok(Self(Some(life)))
    }

    /// How the life began; nothing where none is run again.
    pub(crate) fn life(&self) -> Option<&WatchedLife> {
        self.0.as_ref()
    }

    /// The next control that was carried out before the step behind so many.
    pub(crate) fn due(&mut self, steps: u64) -> Option<PageControl> {
        let controls = &mut self.0.as_mut()?.controls;
        let is_due = controls.front().is_some_and(|control| control.step <= steps);
        is_due.then(|| controls.pop_front())?.map(|control| control.control)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGIN: &str = r#"{"seed":1,"freeze":"nothing","keeps_weights":true,"controls":"#;

    #[test]
    fn what_was_done_is_done_again_at_its_step() {
        let controls =
            r#"[{"step":3,"control":"noise","rate":0.1},{"step":7,"control":"swap","one":0,"other":1}]}"#;
        let mut replay = Replay::from_bytes((BEGIN.to_owned() + controls).as_bytes()).unwrap();
        assert_eq!(replay.due(2), None);
        assert_eq!(replay.due(3), Some(PageControl::Noise { rate: 0.1 }));
        assert_eq!((replay.due(3), replay.due(9)), (None, Some(PageControl::Swap { one: 0, other: 1 })));
        assert_eq!((replay.due(99), replay.life().map(|life| life.seed)), (None, Some(1)));
    }

    #[test]
    fn what_no_page_saved_is_refused() {
        let controls =
            [r#"[{"step":1}]"#, r#"[{"step":1,"control":"noise","rate":7}]"#, r#"[{"step":1,"control":"load"}]"#];
        let wrong = controls.map(|controls| format!("{BEGIN}{controls}}}"));
        for wrong in wrong.iter().map(String::as_str).chain(["", "{}", "[]"]) {
            assert!(Replay::from_bytes(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
