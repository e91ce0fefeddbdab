//! Running statistics of normalised currents, while a training goes on.
//!
//! Behind every meta-step they move towards what its first episodes bring to the network as it is then, the faster the
//! larger the step was: weights that move fast have young statistics, weights that hardly move have statistics of many
//! episodes.

use super::adam::Adam;
use super::checkpoint::State;
use super::normalised::Normalised;
use crate::experiment::Experiment;
use crate::lifetime::input_statistics::input_statistics;
use metaplastic_task::episode::Episode;

/// The part of the way that statistics go at the peak of the learning rate.
const LARGEST_SHARE: f32 = 0.5;
/// The part of the way that they go at least.
const SMALLEST_SHARE: f32 = 0.01;
/// Episodes of a meta-step that they follow: living them once more takes time, and statistics are of many meta-steps.
const FOLLOWED: usize = 2;

/// What a training begins with: statistics are those of some episodes, map by map in the order of the network.
pub(super) fn birth(experiment: &Experiment, episodes: impl FnOnce() -> Vec<Episode>) -> State {
    let mut parameters = experiment.initial(experiment.meta.seed);
    parameters.resize(parameters.len() + experiment.constraints.gain_count(), 0.0);
    let tensors = &experiment.constraints.normalised;
    let statistics = tensors.iter().map(Normalised::neutral).collect();
    let mut state = State { adam: Adam::new(parameters.len()), parameters, statistics, metrics: Vec::new() };
    if !tensors.is_empty() {
        let episodes = episodes();
        tensors.iter().for_each(|_| follow(experiment, &mut state, &episodes, 1.0));
    }
    state
}

/// Lets the statistics follow behind a meta-step that was taken at a learning rate.
pub(super) fn follow_step(experiment: &Experiment, state: &mut State, episodes: &[Episode], rate: f64) {
    if !experiment.constraints.normalised.is_empty() {
        let share = LARGEST_SHARE * (rate / experiment.meta.schedule.peak_rate) as f32;
        follow(experiment, state, &episodes[..FOLLOWED.min(episodes.len())], share.max(SMALLEST_SHARE));
    }
}

fn follow(experiment: &Experiment, state: &mut State, episodes: &[Episode], share: f32) {
    let constraints = &experiment.constraints;
    let received = input_statistics(&experiment.model, &state.network(constraints), episodes);
    for (tensor, statistics) in constraints.normalised.iter().zip(&mut state.statistics) {
        tensor.follow(statistics, &received[tensor.population], &state.parameters, share);
    }
}
