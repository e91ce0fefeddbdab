//! What controls reach in episodes; the same for any number of threads. This file may not know which controls there are.

use std::ops::Range;

use rayon::prelude::*;

use crate::control::Control;
use crate::score::Score;
use crate::unseen::Episodes;

/// The scores of controls, in their order, each in all of the episodes; an episode without a world adds nothing.
#[must_use]
pub fn control_scores(controls: &[Box<dyn Control>], episodes: &dyn Episodes) -> Vec<Score> {
    let run = |chunk: Range<u64>| {
        let mut scores = none(controls);
        for index in chunk {
            let episode = episodes.episode(index);
            let results = controls.iter().map(|control| control.run(&episode));
            scores
                .iter_mut()
                .zip(results)
                .for_each(|(score, life)| life.iter().for_each(|life| score.add_life(life)));
        }
        scores
    };
    // Means depend on the order of their sum, so chunks are joined in theirs.
    let chunks: Vec<_> = episodes.chunks().into_par_iter().map(run).collect();
    chunks.into_iter().fold(none(controls), plus)
}

fn none(controls: &[Box<dyn Control>]) -> Vec<Score> {
    vec![Score::default(); controls.len()]
}

fn plus(scores: Vec<Score>, later: Vec<Score>) -> Vec<Score> {
    scores.into_iter().zip(later).map(|(score, later)| score.plus(later)).collect()
}
