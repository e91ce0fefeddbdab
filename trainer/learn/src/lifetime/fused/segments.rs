//! The segments of an episode between the states that the forward pass keeps.

use std::ops::Range;

use metaplastic_task::episode::Episode;

/// The steps of each segment: they end at every state reset, and are not longer than `longest`.
pub(crate) fn segments(episode: &Episode, longest: usize) -> Vec<Range<usize>> {
    let resets = episode.state_resets.iter().copied().filter(|step| (1..episode.steps).contains(step));
    let starts = std::iter::once(0).chain(resets.clone());
    let runs = starts.zip(resets.chain([episode.steps]));
    let cut = |(start, end): (usize, usize)| {
        (start..end).step_by(longest).map(move |from| from..(from + longest).min(end))
    };
    runs.flat_map(cut).collect()
}

/// The shortest segment, from `wanted` on, with which the checkpoints of episodes of `steps` steps in all fit `limit`
/// bytes.
pub(crate) fn segment_length(steps: usize, state_bytes: usize, wanted: usize, limit: usize) -> usize {
    wanted.max(steps.saturating_mul(state_bytes).div_ceil(limit.max(1))).min(steps.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_end_at_state_resets() {
        let episode = Episode { steps: 9, state_resets: vec![0, 2, 7], ..Episode::default() };
        assert_eq!(segments(&episode, 3), [0..2, 2..5, 5..7, 7..9]);
        assert_eq!(segments(&Episode { steps: 5, ..Episode::default() }, 3), [0..3, 3..5]);
    }

    #[test]
    fn segments_grow_when_checkpoints_would_not_fit() {
        assert_eq!(segment_length(4000, 100, 16, 1 << 30), 16);
        assert_eq!(segment_length(4000, 100, 16, 10_000), 40);
        assert_eq!(segment_length(0, 100, 16, 10_000), 1);
    }
}
