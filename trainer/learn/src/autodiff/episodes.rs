//! What a batch of episodes feeds into one step, as rows of numbers: spikes as 0 and 1, and analog values.
//!
//! It knows neither tensors nor the network.

use std::ops::Range;

use metaplastic_task::episode::{Decision, Episode};

/// Spikes of the input neurons in `range` of all input neurons: `[episodes, range]`.
pub(super) fn input_spikes<E: Copy + From<f32>>(episodes: &[Episode], step: usize, range: &Range<usize>) -> Vec<E> {
    let mut spikes = vec![E::from(0.0); episodes.len() * range.len()];
    for (row, episode) in spikes.chunks_exact_mut(range.len()).zip(episodes) {
        for neuron in episode.spiking_at(step).filter(|neuron| range.contains(neuron)) {
            row[neuron - range.start] = E::from(1.0);
        }
    }
    spikes
}

/// The values in `range` of all analog values: `[episodes, range]`.
pub(super) fn analog_values<E: From<f32>>(episodes: &[Episode], step: usize, range: &Range<usize>) -> Vec<E> {
    let values = episodes.iter().flat_map(|episode| &episode.analog_at(step)[range.clone()]);
    values.map(|value| E::from(*value)).collect()
}

/// The decisions: `[windows, episodes]` of episodes alike in their windows.
pub(super) fn decisions_by_window(episodes: &[Episode]) -> Vec<Decision> {
    let windows = episodes.first().map_or(0, |episode| episode.decisions.len());
    (0..windows).flat_map(|window| episodes.iter().map(move |episode| episode.decisions[window])).collect()
}

/// Whether all episodes have the same length, the same state resets and the same decision windows.
pub(super) fn are_alike(episodes: &[Episode]) -> bool {
    let window = |decision: &Decision| (decision.start, decision.end);
    let shape = |episode: &Episode| {
        (episode.steps, episode.state_resets.clone(), episode.decisions.iter().map(window).collect::<Vec<_>>())
    };
    episodes.windows(2).all(|pair| shape(&pair[0]) == shape(&pair[1]))
}
