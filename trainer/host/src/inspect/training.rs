//! How an artifact's network was trained, as JSON.

use metaplastic_shared::artifact::{Reached, Training};
use serde::Serialize;

/// A training.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrainingLine {
    /// Seed of initialisation and of the training episodes.
    pub seed: u64,
    /// Optimiser steps.
    pub meta_steps: u32,
    /// What it reached in unseen episodes.
    #[serde(flatten)]
    pub reached: ReachedLine,
}

/// What a training reached.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum ReachedLine {
    /// Fractions of right decisions, 0 to 1.
    Accuracy {
        /// In float32.
        float_accuracy: f64,
        /// In chip arithmetic.
        chip_accuracy: f64,
        /// Of a random guess.
        chance: f64,
        /// Decisions that both were counted over.
        decisions: u32,
    },
    /// Means of the first thing that the task measures.
    Measured {
        /// In float32.
        float_mean: f64,
        /// In chip arithmetic.
        chip_mean: f64,
        /// Episodes that both were measured over.
        episodes: u32,
    },
}

impl From<Training> for TrainingLine {
    fn from(training: Training) -> Self {
        let Training { seed, meta_steps, reached } = training;
        let reached = match reached {
            Reached::Accuracy { float, chip, chance, decisions } => ReachedLine::Accuracy {
                float_accuracy: float.into(),
                chip_accuracy: chip.into(),
                chance: chance.into(),
                decisions,
            },
            Reached::Measured { float, chip, episodes } => {
                ReachedLine::Measured { float_mean: float.into(), chip_mean: chip.into(), episodes }
            }
        };
        Self { seed, meta_steps, reached }
    }
}
