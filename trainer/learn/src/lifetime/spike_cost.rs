//! The regulariser of spikes, a term of the loss: it makes training spread activity over steps and neurons.
//!
//! ```text
//! cost = c / (episodes steps) sum over steps and over LIF populations of (sum_j s_j / n)^2
//! ```
//!
//! The fraction of a population that spikes is squared, so that a step of many spikes costs more than the same
//! spikes one by one: a chip must have time for the busiest step, whose work grows with its spikes.

use metaplastic_task::episode::Episode;

/// The regulariser of a population in a step at a weight of one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SpikeRegulariser {
    /// Its value, 0 to 1.
    pub(crate) value: f32,
    /// Its gradient with respect to each of the spikes.
    pub(crate) gradient: f32,
}

/// The regulariser of the spikes of a population.
pub(crate) fn spike_regulariser(spikes: &[f32]) -> SpikeRegulariser {
    let fraction = spikes.iter().sum::<f32>() / spikes.len().max(1) as f32;
    SpikeRegulariser { value: fraction * fraction, gradient: 2.0 * fraction / spikes.len().max(1) as f32 }
}

/// The weight of the regulariser in a step of one of some episodes: what a step costs in which all neurons of a
/// population spike.
pub(crate) fn regulariser_weight(cost: f32, episode: &Episode, episodes: usize) -> f32 {
    cost / (episodes * episode.steps).max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_of_many_spikes_costs_more_than_its_spikes_one_by_one() {
        let of = |spikes: &[f32]| {
            let SpikeRegulariser { value, gradient } = spike_regulariser(spikes);
            (value, gradient)
        };
        assert_eq!(of(&[0.0; 4]), (0.0, 0.0));
        assert_eq!(of(&[1.0, 0.0, 0.0, 0.0]), (1.0 / 16.0, 1.0 / 8.0));
        assert_eq!(of(&[1.0, 0.0, 1.0, 0.0]), (1.0 / 4.0, 1.0 / 4.0));
    }

    #[test]
    fn the_weight_is_divided_by_steps_and_episodes() {
        assert_eq!(regulariser_weight(0.8, &Episode { steps: 4, ..Episode::default() }, 2), 0.1);
        assert_eq!(regulariser_weight(0.0, &Episode::default(), 2), 0.0);
    }
}
