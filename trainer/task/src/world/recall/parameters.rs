//! What of recall can be chosen. This file may not know how an episode runs.

use serde::{Deserialize, Serialize};

use metaplastic_files::limit::{OutOfRange, within};

use crate::table::{KeyLimits, check};

/// The parameters of recall.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RecallParameters {
    /// Values, each with a cue of its own.
    pub values: u8,
    /// The largest magnitude of a value; values are uniform.
    pub largest: f64,
    /// Steps in which a value is shown.
    pub show_steps: u16,
    /// Steps in which a value is due.
    pub query_steps: u16,
    /// The first of these steps, in which the command does not count yet.
    pub settling_steps: u16,
    /// Whether all state but the plastic weights is reset between showing and recalling, so that only synapses remember.
    pub resets_state: bool,
}

impl Default for RecallParameters {
    fn default() -> Self {
        Self { values: 3, largest: 1.0, show_steps: 15, query_steps: 15, settling_steps: 5, resets_state: true }
    }
}

impl RecallParameters {
    /// The limits of the numbers.
    pub const LIMITS: [KeyLimits; 5] = [
        ("values", 1.0..=32.0),
        ("largest", 1e-3..=1000.0),
        ("show_steps", 1.0..=1000.0),
        ("query_steps", 1.0..=1000.0),
        ("settling_steps", 0.0..=999.0),
    ];

    /// The parameters, if each is within its limits and they fit each other.
    ///
    /// # Errors
    /// [`OutOfRange`] names the first that is not.
    pub fn checked(self) -> Result<Self, OutOfRange> {
        check(&self, &Self::LIMITS)?;
        within("task.settling_steps", self.settling_steps, 0.0..=f64::from(self.query_steps - 1))?;
        Ok(self)
    }

    /// Steps in which values are shown; behind them they are due.
    #[must_use]
    pub fn shown_steps(&self) -> usize {
        usize::from(self.values) * usize::from(self.show_steps)
    }

    /// Steps of an episode.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.shown_steps() + usize::from(self.values) * usize::from(self.query_steps)
    }

    /// Analog values that are sensed: the cues, the value, and whether one is shown.
    #[must_use]
    pub fn channels(&self) -> usize {
        usize::from(self.values) + 2
    }
}
