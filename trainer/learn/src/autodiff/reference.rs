//! The engine that other engines are compared with: lifetimes in plain dfdx operations, in `f32` or `f64`.
//!
//! A batch is cut into chunks of a fixed size that share nothing, so that any number of threads makes the same
//! sums. It knows no equation of the network.

use dfdx::prelude::*;
use rayon::prelude::*;

use super::episodes;
use super::gradient::ExactGradient;
use super::lifetimes::Lifetimes;
use super::tensor::Precision;
use crate::lifetime::carried::LaneBatch;
use crate::lifetime::fused::FusedLifetime;
use crate::lifetime::{BatchSize, Engine, EngineError, Gradient, NetworkBytes, Spiking};
use crate::model::Model;
use metaplastic_shared::network::Population;
use metaplastic_task::episode::Episode;

/// Episodes that share one tape.
const CHUNK: usize = 8;

/// Bytes a synapse and step that a chunk's tape takes, measured.
const TAPE_BYTES: u64 = 512;

/// The reference engine. A chunk in flight with 5120 plastic synapses takes 2.5 MB per step; every thread has one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reference {
    /// How spikes are made; [`Spiking::Smooth`] is for finite differences.
    pub spiking: Spiking,
}

impl Engine for Reference {
    fn name(&self) -> &'static str {
        "reference"
    }

    /// dfdx chooses its matrix products, and the C library its functions, by the same instructions as the fused engine.
    fn facts(&self) -> Vec<(&'static str, String)> {
        vec![FusedLifetime::default().arithmetic()]
    }

    fn memory(&self, model: &Model, batch: BatchSize) -> NetworkBytes {
        let chunks = batch.episodes.div_ceil(CHUNK).min(rayon::current_num_threads()) as u64;
        let each = TAPE_BYTES.saturating_mul(chunks).saturating_mul(batch.steps as u64);
        let of_projection = |projection| {
            let (pre, post) = model.network.shape(projection);
            each.saturating_mul((pre * post) as u64)
        };
        let projections = model.network.projections.iter().map(of_projection).collect();
        let of_population = |population: &Population| each.saturating_mul(population.size.into());
        let populations = model.network.populations.iter().map(of_population).collect();
        NetworkBytes { populations, projections }
    }

    fn gradient(&self, model: &Model, flat: &[f32], batch: LaneBatch<'_>) -> Result<Gradient, EngineError> {
        let ExactGradient { loss, correct, values, ends } = self.differentiate(model, flat, batch)?;
        let values = values.into_iter().map(|value| value as f32).collect();
        Ok(Gradient { loss, decisions: count_decisions(batch.episodes), correct, measured: None, values, ends })
    }
}

impl Reference {
    /// Like [`Engine::gradient`], computed in `f64`.
    ///
    /// # Errors
    /// As [`Engine::gradient`].
    pub fn exact_gradient(
        &self,
        model: &Model,
        flat: &[f64],
        batch: LaneBatch<'_>,
    ) -> Result<ExactGradient, EngineError> {
        self.differentiate(model, flat, batch)
    }

    /// Chunks in parallel, each in the precision `E`; their sums in `f64`, in the order of the episodes.
    fn differentiate<E: Precision>(
        &self,
        model: &Model,
        flat: &[E],
        batch: LaneBatch<'_>,
    ) -> Result<ExactGradient, EngineError>
    where
        Cpu: Device<E>,
    {
        let episodes = batch.episodes;
        let decisions = count_decisions(episodes);
        if episodes.iter().any(|episode| episode.world.is_some()) {
            return Err(EngineError::World);
        }
        if decisions == 0 {
            return Err(EngineError::NoDecisions);
        }
        if !episodes::are_alike(episodes) {
            return Err(EngineError::UnlikeEpisodes);
        }
        let chunk = |chunk| Lifetimes::new(model, flat, chunk, self.spiking).gradient(decisions, episodes.len());
        let parts = batch.chunks(CHUNK).into_par_iter().map(chunk).collect::<Vec<_>>();
        let zero = ExactGradient { loss: 0.0, correct: 0, values: vec![0.0; flat.len()], ends: Vec::new() };
        Ok(parts.into_iter().fold(zero, ExactGradient::plus))
    }
}

fn count_decisions(episodes: &[Episode]) -> usize {
    episodes.iter().map(|episode| episode.decisions.len()).sum()
}
