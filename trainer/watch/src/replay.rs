//! What a visitor did, with the steps at which it was done, as a file from which it is done again.
//!
//! ```text
//! [{ "step": 118, "control": "swap", "one": 0, "other": 1 }, ...]
//! ```

use std::collections::VecDeque;
use std::path::Path;

use metaplastic_files::regular;
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

/// What is still to be done, by the steps at which it was done.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Replay(VecDeque<TimedControl>);

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

    fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let controls: VecDeque<TimedControl> = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        for control in &controls {
            control.control.check().map_err(|error| error.to_string())?;
        }
        Ok(Self(controls))
    }

    /// The next control that was carried out before the step behind so many.
    pub(crate) fn due(&mut self, steps: u64) -> Option<PageControl> {
        let is_due = self.0.front().is_some_and(|control| control.step <= steps);
        is_due.then(|| self.0.pop_front())?.map(|control| control.control)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_done_again_at_its_step() {
        let text = br#"[{"step":3,"control":"noise","rate":0.1},{"step":7,"control":"swap","one":0,"other":1}]"#;
        let mut replay = Replay::from_bytes(text).unwrap();
        assert_eq!(replay.due(2), None);
        assert_eq!(replay.due(3), Some(PageControl::Noise { rate: 0.1 }));
        assert_eq!((replay.due(3), replay.due(9)), (None, Some(PageControl::Swap { one: 0, other: 1 })));
        assert_eq!(replay, Replay::default());
    }

    #[test]
    fn what_no_page_saved_is_refused() {
        for wrong in ["", "{}", r#"[{"step":1}]"#, r#"[{"step":1,"control":"noise","rate":7}]"#] {
            assert!(Replay::from_bytes(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
