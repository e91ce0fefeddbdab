//! How well a value was where it had to be: the root mean square error over the second half of an episode, plain and with
//! the best delay taken out. This file may not know which plant moved.
//!
//! With a delay of `o` steps the desired value of step `t` is compared with the actual one of step `t + o`, and the
//! first half of what is left is dropped as long as the whole episode's, as the benchmark of Stewart et al. has it.
//!
//! ```
//! use metaplastic_task::world::record::Tracking;
//! use metaplastic_task::world::tracking_score::TrackingScore;
//!
//! // A value that is where it had to be three steps ago.
//! let at = |step: usize| (0.1 * step as f64).sin();
//! let episode: Vec<_> =
//!     (0..200).map(|step| Tracking { desired: at(step), actual: at(step.saturating_sub(3)) }).collect();
//! let score = TrackingScore::new(&episode, 10);
//! assert!(score.rmse > 0.1);
//! assert_eq!((score.delay, score.aligned_rmse), (3, 0.0));
//! ```

use super::record::Tracking;

/// The errors of one episode.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TrackingScore {
    /// Root mean square error.
    pub rmse: f64,
    /// The same with the best delay taken out.
    pub aligned_rmse: f64,
    /// That delay, steps.
    pub delay: usize,
}

impl TrackingScore {
    /// The score of an episode; delays of `1..=most_delay` steps are tried.
    #[must_use]
    pub fn new(episode: &[Tracking], most_delay: usize) -> Self {
        let half = episode.len() / 2;
        let aligned = |delay: usize| {
            let errors = (half..episode.len() - delay).map(|at| episode[at].desired - episode[at + delay].actual);
            root_mean_square(errors)
        };
        let tried = (1..=most_delay.min(episode.len() - half - 1)).map(|delay| (aligned(delay), delay));
        let rmse = root_mean_square(episode[half..].iter().map(|step| step.error()));
        let best = tried.min_by(|one, other| one.0.total_cmp(&other.0));
        let (aligned_rmse, delay) = best.unwrap_or((rmse, 0));
        Self { rmse, aligned_rmse, delay }
    }
}

/// The scores of the episodes that follow one another in a life.
#[must_use]
pub fn episode_scores(life: &[Tracking], episode_steps: usize, most_delay: usize) -> Vec<TrackingScore> {
    life.chunks_exact(episode_steps).map(|episode| TrackingScore::new(episode, most_delay)).collect()
}

/// The root mean square errors of windows of as many values, one behind the other; one that is not full is left out.
#[must_use]
pub fn window_errors(values: &[Tracking], window: usize) -> Vec<f64> {
    values.chunks_exact(window).map(|window| root_mean_square(window.iter().map(|step| step.error()))).collect()
}

/// The root of the mean square; 0 of no number.
pub fn root_mean_square(values: impl Iterator<Item = f64>) -> f64 {
    let (count, sum) = values.fold((0_u64, 0.0), |(count, sum), value| (count + 1, sum + value * value));
    (sum / count.max(1) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delayed_copy_has_no_aligned_error() {
        let at = |step: usize| (step as f64 * 0.05).sin();
        let episode: Vec<_> =
            (0..400).map(|step| Tracking { desired: at(step), actual: at(step.saturating_sub(7)) }).collect();
        let score = TrackingScore::new(&episode, 30);
        assert_eq!(score.delay, 7);
        assert!(score.aligned_rmse < 1e-12 && (score.rmse - 0.2467).abs() < 0.01, "{score:?}");
        assert_eq!(episode_scores(&episode, 200, 30).len(), 2);
    }

    #[test]
    fn windows_are_consecutive_and_full() {
        let step = |at: usize| Tracking {
            desired: 0.0,
            actual: (at / 10) as f64 * if at.is_multiple_of(2) { 1.0 } else { -1.0 },
        };
        assert_eq!(window_errors(&(0..55).map(step).collect::<Vec<_>>(), 20), [0.5_f64.sqrt(), 6.5_f64.sqrt()]);
        assert!(window_errors(&[], 10).is_empty());
    }

    #[test]
    fn only_the_second_half_counts() {
        let step = |at: usize| Tracking { desired: 0.0, actual: if at < 50 { 9.0 } else { 0.5 } };
        let score = TrackingScore::new(&(0..100).map(step).collect::<Vec<_>>(), 0);
        assert_eq!((score.rmse, score.aligned_rmse, score.delay), (0.5, 0.5, 0));
    }
}
