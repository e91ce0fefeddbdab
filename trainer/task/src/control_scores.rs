//! What controls reach in episodes; the same for any number of threads. This file may not know which controls there are.

use std::ops::Range;

use rayon::prelude::*;

use crate::control::Control;
use crate::episode::Episode;
use crate::score::Score;
use crate::unseen::Episodes;

/// The scores of controls, in their order, each in all of the episodes; an episode in which one does nothing adds nothing.
#[must_use]
pub fn control_scores(controls: &[Box<dyn Control>], episodes: &dyn Episodes) -> Vec<Score> {
    let run = |chunk: Range<u64>| {
        let mut scores = none(controls);
        for index in chunk {
            let episode = episodes.episode(index);
            scores.iter_mut().zip(controls).for_each(|(score, control)| add(score, &**control, &episode));
        }
        scores
    };
    // Means depend on the order of their sum, so chunks are joined in theirs.
    let chunks: Vec<_> = episodes.chunks().into_par_iter().map(run).collect();
    chunks.into_iter().fold(none(controls), plus)
}

/// Adds what a control does in an episode.
fn add(score: &mut Score, control: &dyn Control, episode: &Episode) {
    if let Some(life) = control.run(episode) {
        score.add_life(&life);
    }
    if let Some(answers) = control.answers(episode) {
        let decisions = episode.decisions.iter().zip(answers);
        let class_scores = decisions.map(|(decision, answer)| {
            (0..decision.among).map(|class| u8::from(class == answer)).collect::<Vec<_>>()
        });
        score.add(episode, &class_scores.collect::<Vec<_>>());
    }
}

fn none(controls: &[Box<dyn Control>]) -> Vec<Score> {
    vec![Score::default(); controls.len()]
}

fn plus(scores: Vec<Score>, later: Vec<Score>) -> Vec<Score> {
    scores.into_iter().zip(later).map(|(score, later)| score.plus(later)).collect()
}
