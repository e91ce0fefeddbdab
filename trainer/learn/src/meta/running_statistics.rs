//! Running statistics of batch normalisation during a training.
//!
//! After every meta-step they move towards the statistics of its first episodes, run on the updated network. The
//! momentum grows with the learning rate: weights that change fast have recent statistics, weights that hardly
//! change have statistics of many episodes.

use super::state::TrainingState;
use crate::constraints::BatchNormalisation;
use crate::experiment::Experiment;
use crate::lifetime::carried::LaneBatch;
use crate::lifetime::input_statistics::input_statistics;
use crate::optimiser::Adam;
use metaplastic_task::episode::Episode;

/// The momentum at the peak of the learning rate.
const MAX_MOMENTUM: f32 = 0.5;
/// The smallest momentum.
const MIN_MOMENTUM: f32 = 0.01;
/// Episodes of a meta-step that update the statistics. Few are enough, since the statistics average many
/// meta-steps, and each is run once more.
const STATISTICS_EPISODES: usize = 2;

/// The state of a training at its start: statistics are those of some episodes, map by map in the order of the
/// network.
pub(super) fn initial_state(experiment: &Experiment, episodes: impl FnOnce() -> Vec<Episode>) -> TrainingState {
    let parameters = experiment.constraints.free(experiment.initial(experiment.meta.seed));
    let tensors = &experiment.constraints.batch_normalised;
    let statistics = tensors.iter().map(BatchNormalisation::neutral).collect();
    let adam = Adam::new(parameters.count());
    let mut state = TrainingState { parameters, statistics, adam, lanes: Vec::new(), metrics: Vec::new() };
    if !tensors.is_empty() {
        let episodes = episodes();
        tensors.iter().for_each(|_| update(experiment, &mut state, LaneBatch::fresh(&episodes), 1.0));
    }
    state
}

/// Updates the statistics after a meta-step that was taken at a learning rate.
pub(super) fn update_after_step(
    experiment: &Experiment,
    state: &mut TrainingState,
    batch: LaneBatch<'_>,
    rate: f64,
) {
    if !experiment.constraints.batch_normalised.is_empty() {
        let momentum = MAX_MOMENTUM * (rate / experiment.meta.schedule.peak_rate) as f32;
        let episodes = &batch.episodes[..STATISTICS_EPISODES.min(batch.episodes.len())];
        update(experiment, state, LaneBatch { episodes, ..batch }, momentum.max(MIN_MOMENTUM));
    }
}

fn update(experiment: &Experiment, state: &mut TrainingState, batch: LaneBatch<'_>, momentum: f32) {
    let constraints = &experiment.constraints;
    let received = input_statistics(&experiment.model, &state.network(constraints), batch);
    for (tensor, statistics) in constraints.batch_normalised.iter().zip(&mut state.statistics) {
        tensor.update(statistics, &received[tensor.population], &state.parameters, momentum);
    }
}
