//! The price of spikes, a term of the loss: what makes training spread activity over steps and neurons.
//!
//! ```text
//! cost = c / (episodes steps) sum over steps and over LIF populations of (sum_j s_j / n)^2
//! ```
//!
//! The share of a population that spikes is squared, so that a crowded step costs more than the same spikes one by one:
//! what a chip must have time for is the busiest step, whose work grows with its spikes.

use metaplastic_task::episode::Episode;

/// What the spikes of a population cost at a price of one, and the gradient with respect to each of its spikes.
pub(crate) fn crowding(spikes: &[f32]) -> (f32, f32) {
    let share = spikes.iter().sum::<f32>() / spikes.len().max(1) as f32;
    (share * share, 2.0 * share / spikes.len().max(1) as f32)
}

/// What a step costs in which all neurons of a population spike, in one of some episodes.
pub(crate) fn price(cost: f32, episode: &Episode, episodes: usize) -> f32 {
    cost / (episodes * episode.steps).max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowded_step_costs_more_than_its_spikes_one_by_one() {
        assert_eq!(crowding(&[0.0; 4]), (0.0, 0.0));
        assert_eq!(crowding(&[1.0, 0.0, 0.0, 0.0]), (1.0 / 16.0, 1.0 / 8.0));
        assert_eq!(crowding(&[1.0, 0.0, 1.0, 0.0]), (1.0 / 4.0, 1.0 / 4.0));
    }

    #[test]
    fn the_price_is_shared_by_steps_and_episodes() {
        assert_eq!(price(0.8, &Episode { steps: 4, ..Episode::default() }, 2), 0.1);
        assert_eq!(price(0.0, &Episode::default(), 2), 0.0);
    }
}
