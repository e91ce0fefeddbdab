//! An engine for tests: the loss is the distance of the meta-parameters from a point that depends on the episodes.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crate::lifetime::carried::{CarriedState, LaneBatch};
use crate::lifetime::{BatchSize, Engine, EngineError, Gradient, NetworkBytes};
use crate::model::{Model, Parameter};

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

impl Fake {
    /// Every number of a state is higher at its end by a number that depends on the episodes.
    fn ends(model: &Model, target: f32, batch: LaneBatch<'_>) -> Vec<Option<CarriedState>> {
        let raise = |values: &mut Vec<f32>| {
            values.iter_mut().for_each(|value| *value = (*value + 0.01 * target).min(model.plastic_limit));
        };
        let end = |lane| {
            let mut end = batch.whole_start(lane, model);
            end.plastic.iter_mut().for_each(raise);
            (0..model.network.populations.len()).for_each(|index| {
                end.neurons_mut(index).into_iter().for_each(|neurons| raise(&mut neurons.potential));
            });
            end
        };
        let ends = |part| (0..batch.episodes.len()).map(|lane| end(lane).carried(part)).collect();
        batch.carried.map(ends).unwrap_or_default()
    }
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

    fn gradient(&self, model: &Model, flat: &[f32], batch: LaneBatch<'_>) -> Result<Gradient, EngineError> {
        let episodes = batch.episodes;
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
        let ends = Self::ends(model, target, batch);
        Ok(Gradient { loss, decisions, correct: decisions / 2, measured: None, values, ends })
    }
}
