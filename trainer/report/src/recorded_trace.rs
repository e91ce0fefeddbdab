//! A quantity over an episode, as plain values.

use serde::{Deserialize, Serialize};

/// A quantity over an episode, one value per step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecordedTrace {
    /// Its name.
    pub label: String,
    /// One value per step.
    pub values: Vec<f32>,
}
