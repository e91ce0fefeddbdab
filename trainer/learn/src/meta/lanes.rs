//! The lanes of a training: which episode each runs in a meta-step, and what that begins with.
//!
//! Meta-step k runs episodes `k batch .. (k + 1) batch`, one in each lane. With `[meta.carry_over]`, an episode begins with
//! the state that its lane ended with, unless a random number says that it starts anew; the number is drawn from a stream of
//! the episode's own. All is therefore a function of seed, meta-step and lanes, whatever was interrupted and however threads
//! split the work.

use metaplastic_task::episode::Episode;
use metaplastic_task::seed::{Purpose, fresh_starts};
use metaplastic_task::unseen::{EpisodeIndex, episode};
use rand::Rng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::experiment::{CarryOver, Experiment};
use crate::lifetime::carried::{CarriedState, LaneBatch};
use crate::lifetime::reward_loss::RewardLoss;

/// What a lane carries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lane {
    /// The index of the episode with which the lane started anew.
    pub first_episode: u64,
    /// The state at the end of its last episode.
    pub state: CarriedState,
}

/// The episodes of a meta-step, one in each lane.
pub(super) struct LaneEpisodes<'l> {
    /// The episodes.
    pub(super) episodes: Vec<Episode>,
    /// Where each stands among those of the training.
    indices: Vec<EpisodeIndex>,
    /// The state that each begins with, if that carried over.
    pub(super) starts: Vec<Option<&'l CarriedState>>,
    carry_over: Option<CarryOver>,
    rewards: RewardLoss,
    episode_clip: Option<f64>,
}

impl<'l> LaneEpisodes<'l> {
    /// Those of the meta-step after `done` others, at whose end the lanes were `lanes`; a lane that is none starts anew.
    pub(super) fn draw(experiment: &Experiment, done: u32, lanes: &'l [Option<Lane>]) -> Self {
        let meta = &experiment.meta;
        let first = u64::from(done) * u64::from(meta.batch);
        let lane = |lane: u32| {
            let index = first + u64::from(lane);
            let kept = lanes.get(lane as usize).and_then(Option::as_ref);
            match kept.filter(|_| !starts_anew(experiment, done, index)) {
                Some(Lane { first_episode, state }) => {
                    (EpisodeIndex { life: *first_episode, episode: index }, Some(state))
                }
                None => (EpisodeIndex::alone(index), None),
            }
        };
        let (indices, starts): (Vec<_>, Vec<_>) = (0..meta.batch).map(lane).unzip();
        let draw = |index: &EpisodeIndex| episode(&*experiment.task, meta.seed, Purpose::Training, *index);
        let episodes = indices.par_iter().map(draw).collect();
        let rewards = meta.rewards.unwrap_or_default().loss(done, meta.meta_steps);
        Self {
            episodes,
            indices,
            starts,
            carry_over: meta.carry_over,
            rewards,
            episode_clip: meta.episode_gradient_clip,
        }
    }

    /// As an engine runs them.
    pub(super) fn batch(&self) -> LaneBatch<'_> {
        let carried = self.carry_over.map(|carry_over| carry_over.state);
        LaneBatch {
            episodes: &self.episodes,
            starts: &self.starts,
            carried,
            rewards: self.rewards,
            episode_clip: self.episode_clip,
        }
    }

    /// The lanes behind the meta-step, from the ends of the episodes; a lane without an end starts anew.
    pub(super) fn behind(&self, ends: Vec<Option<CarriedState>>) -> Vec<Option<Lane>> {
        let lane = |(index, end): (&EpisodeIndex, Option<CarriedState>)| {
            Some(Lane { first_episode: index.life, state: end? })
        };
        self.indices.iter().zip(ends).map(lane).collect()
    }
}

/// Whether the lane of a training episode starts anew with it, in the meta-step after `done` others.
fn starts_anew(experiment: &Experiment, done: u32, episode: u64) -> bool {
    let meta = &experiment.meta;
    let draw = || fresh_starts(meta.seed, episode).random::<f64>();
    meta.carry_over.is_none_or(|it| draw() < it.fresh_probability(done, meta.meta_steps))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::carried_part::CarriedPart;

    const TOTAL: u32 = 1000;

    fn experiment(carry_over: CarryOver) -> Experiment {
        let mut experiment = Experiment::load("cue-association").unwrap();
        experiment.meta.meta_steps = TOTAL;
        experiment.meta.batch = 4;
        experiment.meta.carry_over = Some(carry_over);
        experiment
    }

    fn lane(experiment: &Experiment, first_episode: u64) -> Option<Lane> {
        let state = CarriedState::zeros(&experiment.model, CarriedPart::PlasticWeights);
        Some(Lane { first_episode, state })
    }

    #[test]
    fn a_lane_keeps_its_first_episode_until_it_starts_anew() {
        let experiment = experiment(CarryOver { fresh_until: 0.0, fresh_at_end: 1e-4, ..CarryOver::default() });
        let lanes = [lane(&experiment, 8), None, lane(&experiment, 2), None];
        let drawn = LaneEpisodes::draw(&experiment, TOTAL - 1, &lanes);
        let first = 4 * u64::from(TOTAL - 1);
        let lives = drawn.indices.iter().map(|index| (index.life, index.episode)).collect::<Vec<_>>();
        assert_eq!(lives, [(8, first), (first + 1, first + 1), (2, first + 2), (first + 3, first + 3)]);
        assert_eq!(drawn.starts.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, true, false]);
        let end = |lane: &Option<Lane>| lane.as_ref().map(|lane| lane.state.clone());
        let behind = drawn.behind(vec![end(&lanes[0]), end(&lanes[0]), None, None]);
        assert_eq!(behind, [lane(&experiment, 8), lane(&experiment, first + 1), None, None]);
    }

    #[test]
    fn lanes_start_anew_as_often_as_the_schedule_says() {
        let always = experiment(CarryOver { fresh_until: 1.0, ..CarryOver::default() });
        assert!((0..400).all(|episode| starts_anew(&always, TOTAL - 1, episode)));
        let mut seldom = experiment(CarryOver { fresh_until: 0.0, fresh_at_end: 0.1, ..CarryOver::default() });
        let anew = |experiment: &Experiment| {
            (0..10_000).filter(|episode| starts_anew(experiment, TOTAL - 1, *episode)).collect::<Vec<_>>()
        };
        let of_first = anew(&seldom);
        assert!((of_first.len() as f64 - 1000.0).abs() < 5.0 * 30.0, "{} of 10000", of_first.len());
        seldom.meta.seed = 2;
        assert_ne!(anew(&seldom), of_first);
    }
}
