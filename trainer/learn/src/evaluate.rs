//! Accuracy of the float network on unseen episodes; the same for any number of threads.

use std::ops::Range;

use metaplastic_shared::freeze::Freeze;
use metaplastic_task::score::Score;
use metaplastic_task::unseen::Episodes;
use rayon::prelude::*;

use crate::lifetime::simulate::simulate;
use crate::model::Model;

/// Right decisions of the float network.
#[must_use]
pub fn evaluate(model: &Model, flat: &[f32], episodes: &dyn Episodes, freeze: Freeze) -> Score {
    let evaluate = |chunk: Range<u64>| {
        let mut score = Score::none();
        for index in chunk {
            let episode = episodes.episode(index);
            score.add(&episode, &simulate(model, flat, &episode, freeze, &mut ()));
        }
        score
    };
    episodes.chunks().into_par_iter().map(evaluate).reduce(Score::none, Score::plus)
}
