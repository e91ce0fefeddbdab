//! The regulariser of modulation, a term of the loss: it makes training leave the third factor at zero.
//!
//! ```text
//! cost = c / (episodes steps) sum over steps t without a label, and over modulator populations, of |m(t)|
//! |m|  = sqrt(sum_k m_k^2 + s^2) - s,  s = 1/1000
//! ```
//!
//! The norm is not squared and is of the whole population (the group lasso of Yuan and Lin 2006), so that all of
//! its modulators become zero together: a chip saves a step's learning only where every one is zero. `s` makes it
//! smooth there.

use metaplastic_task::episode::Episode;

/// s.
pub(crate) const SMOOTHING: f32 = 1e-3;

/// `sqrt(sum_k m_k^2 + s^2)`: the norm's value is less by `s`, its gradient is `m_k` over it.
pub(crate) fn magnitude(values: &[f32]) -> f32 {
    (values.iter().map(|m| m * m).sum::<f32>() + SMOOTHING * SMOOTHING).sqrt()
}

/// The weight of `|m|` in a step of one of some episodes.
pub(crate) fn regulariser_weight(cost: f32, episode: &Episode, step: usize, episodes: usize) -> f32 {
    if cost == 0.0 || episode.is_labelled(step) { 0.0 } else { cost / (episodes * episode.steps) as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use metaplastic_task::phase::{Phase, PhaseKind};

    #[test]
    fn a_silent_population_costs_nothing_and_the_norm_is_of_all_together() {
        assert!((magnitude(&[0.0; 3]) - SMOOTHING).abs() < 1e-9);
        assert!((magnitude(&[0.3, 0.0, -0.4]) - 0.5).abs() < 1e-5);
    }

    #[test]
    fn only_steps_without_the_answer_have_a_regulariser_weight() {
        let phases = vec![Phase { steps: 1..2, kind: PhaseKind::Label { class: 0 } }];
        let episode = Episode { steps: 4, phases, ..Episode::default() };
        assert_eq!([0, 1, 2].map(|step| regulariser_weight(0.8, &episode, step, 2)), [0.1, 0.0, 0.1]);
        assert_eq!(regulariser_weight(0.0, &episode, 0, 2), 0.0);
    }
}
