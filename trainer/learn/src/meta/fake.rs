//! An engine for tests: the loss is the distance of the meta-parameters from a point that depends on the episodes.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crate::lifetime::{BatchSize, Engine, EngineError, Gradient, NetworkBytes};
use crate::model::{Model, Parameter};
use metaplastic_task::episode::Episode;

/// `loss = mean over parameters of (p - t)^2`, with t the spikes per input neuron and step of the episodes.
#[derive(Default)]
pub(super) struct Fake {
    /// Calls, from 1, whose gradient has a NaN among the biases of population 1.
    pub(super) broken: std::ops::Range<u32>,
    /// Set once `stop_after` calls have been answered.
    pub(super) stop: AtomicBool,
    pub(super) stop_after: Option<u32>,
    /// Calls answered so far.
    pub(super) calls: AtomicU32,
}

impl Engine for Fake {
    fn memory(&self, _: &Model, _: BatchSize) -> NetworkBytes {
        NetworkBytes::default()
    }

    fn name(&self) -> &'static str {
        "fake"
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn gradient(&self, model: &Model, flat: &[f32], episodes: &[Episode]) -> Result<Gradient, EngineError> {
        let spikes: usize =
            episodes.iter().flat_map(|episode| &episode.inputs).map(|byte| byte.count_ones() as usize).sum();
        let steps: usize = episodes.iter().map(|episode| episode.steps).sum();
        let target = spikes as f32 / (steps * model.network.input_size()) as f32;
        let mut values: Vec<_> = flat.iter().map(|value| 2.0 * (value - target) / flat.len() as f32).collect();
        let loss = flat.iter().map(|value| f64::from(value - target).powi(2)).sum::<f64>() / flat.len() as f64;
        let call = self.calls.fetch_add(1, Ordering::Relaxed) + 1;
        if let Some(slot) = model.slot(Parameter::Bias(1)).filter(|_| self.broken.contains(&call)) {
            values[slot.range.start] = f32::NAN;
        }
        self.stop.store(self.stop_after == Some(call), Ordering::Relaxed);
        let decisions = episodes.iter().map(|episode| episode.decisions.len()).sum();
        Ok(Gradient { loss, decisions, correct: decisions / 2, values })
    }
}
