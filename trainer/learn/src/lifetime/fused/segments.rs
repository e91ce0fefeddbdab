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

/// The shortest segment, from `wanted` on, with which the checkpoints of all episodes fit `limit` bytes.
pub(crate) fn segment_length(episodes: &[Episode], state_bytes: usize, wanted: usize, limit: usize) -> usize {
    let steps = episodes.iter().map(|episode| episode.steps).sum::<usize>();
    wanted.max((steps * state_bytes).div_ceil(limit.max(1))).min(steps.max(1))
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
        let episodes = vec![Episode { steps: 1000, ..Episode::default() }; 4];
        assert_eq!(segment_length(&episodes, 100, 16, 1 << 30), 16);
        assert_eq!(segment_length(&episodes, 100, 16, 10_000), 40);
        assert_eq!(segment_length(&[], 100, 16, 10_000), 1);
    }
}
