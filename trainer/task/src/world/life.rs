//! A life in a world: asks the world what is sensed, gives it what the network answers, and keeps both as a recording.
//!
//! The trainer's network and every body live through this file. It may not know how a network steps.
//!
//! ```
//! use metaplastic_task::episodes;
//! use metaplastic_task::seed::Purpose;
//! use metaplastic_task::world::life::WorldLife;
//! use metaplastic_task::world::recall::RecallTask;
//!
//! let episode = episodes(&RecallTask::default(), 1, Purpose::Test, 0..1).remove(0);
//! // Three values are shown, each with a cue, and given back: by a memory of what was shown with which cue.
//! let mut life = WorldLife::begin(&episode).unwrap();
//! let mut values = [0.0; 3];
//! for step in 0..episode.steps {
//!     let sensed = life.sense(step).analog_at(step);
//!     let cue = sensed[..3].iter().position(|cue| *cue == 1.0).unwrap();
//!     if sensed[4] == 1.0 {
//!         values[cue] = sensed[3];
//!     }
//!     life.answer(step, &[values[cue]], |_, _| 0);
//! }
//! let ended = life.end();
//! assert_eq!(ended.result.measured, [0.0, 0.0]); // no error
//! // The episode has what was sensed in every step.
//! assert_eq!(ended.episode.analog.len(), 5 * episode.steps);
//! ```

use super::closed_loop::World;
use super::record::{Choice, LifeRecord, LifeResult};
use crate::episode::Episode;
use crate::seed::TaskRng;

/// A life in progress.
#[derive(Debug)]
pub struct WorldLife {
    /// The episode with the inputs of all steps so far.
    episode: Episode,
    world: Box<dyn World>,
    record: LifeRecord,
    /// The chance of choices.
    chance: TaskRng,
    /// Class scores of the decision in progress.
    class_scores: Vec<f32>,
}

impl WorldLife {
    /// The start of a life in the world of an episode; none if its inputs were drawn beforehand.
    #[must_use]
    pub fn begin(episode: &Episode) -> Option<Self> {
        let start = episode.world.as_ref()?;
        let (world, chance) = (start.begin(), start.chance());
        let (episode, record) = (episode.clone(), LifeRecord::default());
        Some(Self { episode, world, record, chance, class_scores: Vec::new() })
    }

    /// The world.
    pub fn world(&mut self) -> &mut dyn World {
        &mut *self.world
    }

    /// The episode with the inputs of all steps so far.
    #[must_use]
    pub fn episode(&self) -> &Episode {
        &self.episode
    }

    /// What has happened so far.
    #[must_use]
    pub fn record(&self) -> &LifeRecord {
        &self.record
    }

    /// Takes what is sensed before a step into the episode.
    pub fn sense(&mut self, step: usize) -> &Episode {
        self.record.tracking.extend(self.world.tracking());
        let (spikes, analog) = self.episode.step_mut(step);
        spikes.fill(0);
        self.world.observe(analog, spikes);
        &self.episode
    }

    /// Gives the world the readout's answer in a step: commands, or the class scores of the step. Where a decision ends,
    /// `choose` makes a choice of its class scores, with the chance of the episode.
    pub fn answer(&mut self, step: usize, readout: &[f32], choose: impl FnOnce(&[f32], &mut TaskRng) -> usize) {
        if self.world.shape().commands > 0 {
            self.record.commands.extend(readout);
            self.record.costs.push(self.world.act(readout));
            return;
        }
        self.decide(step, readout, choose);
        self.record.costs.push(self.world.act(&[]));
    }

    fn decide(&mut self, step: usize, scores: &[f32], choose: impl FnOnce(&[f32], &mut TaskRng) -> usize) {
        let decision =
            self.episode.decisions.iter().find(|decision| (decision.start..decision.end).contains(&step));
        let Some(decision) = decision else { return };
        if step == decision.start {
            self.class_scores = vec![0.0; decision.among];
        }
        self.class_scores.iter_mut().zip(scores).for_each(|(sum, score)| *sum += score);
        if step + 1 == decision.end {
            let action = choose(&self.class_scores, &mut self.chance);
            let reward = self.world.decide(action);
            self.record.choices.push(Choice { action, reward });
        }
    }

    /// The end of the life: the recording, the world, and what was measured.
    #[must_use]
    pub fn end(self) -> EndedLife {
        let measured = self.world.measured(&self.record);
        let result = LifeResult { record: self.record, measured };
        EndedLife { episode: self.episode, world: self.world, result }
    }
}

/// A life that has ended.
#[derive(Debug)]
pub struct EndedLife {
    /// The episode with the inputs of all steps.
    pub episode: Episode,
    /// The world behind the last step.
    pub world: Box<dyn World>,
    /// What happened, and what was measured of it.
    pub result: LifeResult,
}
