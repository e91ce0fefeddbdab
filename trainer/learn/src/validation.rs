//! The float network in validation episodes: the ranges that number formats are chosen by, and, of a network that was
//! trained with carry over, how well it still learns after some episodes without a reset.
//!
//! What a network keeps for good must fit its format for good: with carry over, the ranges are those of episodes in a row,
//! without any reset in between, as on a board.
//!
//! ```
//! use metaplastic_learn::experiment::Experiment;
//! use metaplastic_learn::quantize::{Labels, quantize};
//! use metaplastic_learn::validation::validate;
//!
//! let experiment = Experiment::load("cue-association-one-episode").unwrap();
//! let flat = experiment.initial(1);
//! let validation = validate(&experiment, &flat);
//! // Of a network that is trained for one episode there is nothing to say about later ones.
//! assert_eq!(validation.late, None);
//! assert!(quantize(&experiment.model, &flat, &validation.ranges, Labels::default()).is_ok());
//! ```

use metaplastic_shared::freeze::Freeze;
use metaplastic_task::score::Score;
use metaplastic_task::seed::Purpose;
use metaplastic_task::unseen::{EpisodeIndex, episode};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::experiment::Experiment;
use crate::lifetime::simulate::{SimulatedEpisode, Simulator};
use crate::quantize::Ranges;

/// Episodes, if each begins with the initial state.
const FRESH: u64 = 128;
/// Runs of episodes in a row, if state carries over.
const RUNS: u64 = 64;
/// Episodes in a row.
const IN_A_ROW: u64 = 16;
/// How many of the last of them are scored.
const SCORED: u64 = 4;

/// What was seen in validation episodes.
#[derive(Clone, Debug, PartialEq)]
pub struct Validation {
    /// The ranges of the network's quantities.
    pub ranges: Ranges,
    /// Right decisions in the last episodes of every run; none if nothing carries over.
    pub late: Option<LateScore>,
}

/// Right decisions in the last of some episodes in a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LateScore {
    /// The first of these episodes, from 1.
    pub first: u64,
    /// The last of them.
    pub last: u64,
    /// Their right decisions in all runs.
    pub score: Score,
}

/// Runs the validation episodes of an experiment with the meta-parameters `flat`; the same for any number of threads.
#[must_use]
pub fn validate(experiment: &Experiment, flat: &[f32]) -> Validation {
    let plan = ValidationPlan::new(experiment);
    let simulator = Simulator::new(&experiment.model, flat, Freeze::Nothing);
    let nothing = || Observed { ranges: Ranges::none(&experiment.model), score: Score::default() };
    let run = |run| plan.run(experiment, &simulator, run, nothing());
    let Observed { ranges, score } = (0..plan.runs).into_par_iter().map(run).reduce(nothing, Observed::plus);
    let late = LateScore { first: plan.in_a_row + 1 - plan.scored, last: plan.in_a_row, score };
    Validation { ranges, late: experiment.meta.carry_over.map(|_| late) }
}

/// What is seen of the runs of one thread.
struct Observed {
    ranges: Ranges,
    score: Score,
}

impl Observed {
    fn plus(self, other: Self) -> Self {
        Self { ranges: self.ranges.widest(other.ranges), score: self.score.plus(other.score) }
    }
}

/// Which episodes are run.
struct ValidationPlan {
    /// Runs, each from the initial state.
    runs: u64,
    /// Episodes of each, without a reset in between.
    in_a_row: u64,
    /// How many of the last of them are scored.
    scored: u64,
}

impl ValidationPlan {
    fn new(experiment: &Experiment) -> Self {
        match experiment.meta.carry_over {
            Some(_) => Self { runs: RUNS, in_a_row: IN_A_ROW, scored: SCORED },
            None => Self { runs: FRESH, in_a_row: 1, scored: 1 },
        }
    }

    fn run(&self, experiment: &Experiment, simulator: &Simulator, run: u64, mut seen: Observed) -> Observed {
        let first = run * self.in_a_row;
        let mut simulation = simulator.begin(None);
        for index in first..first + self.in_a_row {
            let index = EpisodeIndex::in_lives_of(self.in_a_row, index);
            let episode = episode(&*experiment.task, experiment.meta.seed, Purpose::Validation, index);
            let SimulatedEpisode { class_scores, life } = simulation.run_episode(&episode, &mut seen.ranges);
            if index.episode >= first + self.in_a_row - self.scored {
                match life {
                    Some(life) => seen.score.add_life(&life),
                    None => {
                        seen.score.add(&episode, &class_scores);
                    }
                }
            }
        }
        seen
    }
}
