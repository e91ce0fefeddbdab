//! Accuracy of the float network on unseen episodes; the same for any number of threads.
//!
//! ```
//! use metaplastic_learn::evaluate::evaluate;
//! use metaplastic_learn::experiment::Experiment;
//! use metaplastic_shared::freeze::Freeze;
//! use metaplastic_task::unseen::Unseen;
//!
//! let experiment = Experiment::load("cue-association").unwrap();
//! let unseen = Unseen { task: &*experiment.task, seed: 1, episodes: 32 };
//! let score = evaluate(&experiment.model, &experiment.initial(1), &unseen, Freeze::Nothing);
//! // Four cues and two actions: a network that is not trained guesses.
//! assert_eq!(score.decisions, 4 * 32);
//! assert!((score.accuracy() - experiment.task.chance()).abs() < 0.2);
//! ```

use std::ops::Range;

use metaplastic_shared::freeze::Freeze;
use metaplastic_task::score::Score;
use metaplastic_task::unseen::Episodes;
use rayon::prelude::*;

use crate::lifetime::simulate::{SimulatedEpisode, Simulator};
use crate::model::Model;

/// Right decisions of the float network, or what is measured of it.
#[must_use]
pub fn evaluate(model: &Model, flat: &[f32], episodes: &dyn Episodes, freeze: Freeze) -> Score {
    let simulator = Simulator::new(model, flat, freeze);
    let evaluate = |chunk: Range<u64>| {
        let mut score = Score::default();
        for index in chunk {
            let episode = episodes.episode(index);
            match simulator.begin(None).run_episode(&episode, &mut ()) {
                SimulatedEpisode { life: Some(life), .. } => score.add_life(&life),
                SimulatedEpisode { class_scores, .. } => {
                    score.add(&episode, &class_scores);
                }
            }
        }
        score
    };
    episodes.chunks().into_par_iter().map(evaluate).reduce(Score::default, Score::plus)
}
