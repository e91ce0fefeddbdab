//! The recorder: keeps what a body answers and what is read of its state in the steps of a plan, and makes arrays of it.
//!
//! It knows neither which body it reads nor what an episode is about.

use std::ops::Range;

use metaplastic_files::npz::NumpyArrays;
use metaplastic_task::episode::Episode;
use metaplastic_task::world::record::LifeResult;

use super::arrays::{Arrays, Columns, Decisions, WorldColumns};
use super::plan::RecordingPlan;
use crate::body::{Body, BodyError, Rollout, RunResult};

/// What was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct StateRecording {
    /// Its arrays by name.
    pub arrays: NumpyArrays,
    /// Steps of all its episodes, kept or not.
    pub steps: u64,
    /// The hash of the complete state behind the last of them.
    pub state_hash: u64,
}

/// A recording in progress.
pub(super) struct StateRecorder<'p> {
    plan: &'p RecordingPlan,
    columns: Columns,
    decisions: Decisions,
    world: WorldColumns,
    /// Number of the present episode, from 1.
    episode: u64,
    /// Steps before the present episode.
    before: u64,
    /// The steps of the present episode that were kept.
    kept: Vec<usize>,
    /// Whether the state has become zero since the last step.
    is_reset: bool,
}

impl<'p> StateRecorder<'p> {
    pub(super) fn new(plan: &'p RecordingPlan) -> Self {
        Self {
            plan,
            columns: Columns::new(plan),
            decisions: Decisions::default(),
            world: WorldColumns::default(),
            episode: 0,
            before: 0,
            kept: Vec::new(),
            is_reset: false,
        }
    }

    /// Begins the episode with an index.
    pub(super) fn begin_episode(&mut self, index: u64) {
        self.episode = index + 1;
        self.kept.clear();
    }

    /// The state has become zero.
    pub(super) fn note_reset(&mut self) {
        self.is_reset = true;
    }

    fn is_kept(&self, step: usize) -> bool {
        self.plan.steps().contains(self.before + step as u64)
    }

    /// Steps of the present episode in parts: each step that is kept alone, those between two of them together.
    pub(super) fn parts(&self, steps: Range<usize>) -> Vec<Range<usize>> {
        let mut parts: Vec<Range<usize>> = Vec::new();
        for step in steps {
            match parts.last_mut() {
                Some(last) if !self.is_kept(step) && !self.is_kept(last.start) => last.end = step + 1,
                _ => parts.push(step..step + 1),
            }
        }
        parts
    }

    /// Keeps a part, if it is a step to be kept, with the state behind it.
    pub(super) fn keep(
        &mut self,
        body: &mut dyn Body,
        episode: &Episode,
        part: Range<usize>,
        result: &RunResult,
    ) -> Result<(), BodyError> {
        let is_reset = std::mem::take(&mut self.is_reset);
        let step = part.start;
        if !self.is_kept(step) {
            return Ok(());
        }
        self.kept.push(step);
        self.columns.step.push((self.before + step as u64) as i64);
        self.columns.episode.push(self.episode as i64);
        self.columns.state_reset.push(is_reset.into());
        self.columns.add_interface(self.plan, episode, step, result);
        for (index, section) in self.plan.sections().iter().enumerate() {
            let words = body.state(section.section, section.words)?;
            self.columns.sections[index].extend(words);
            if let Some(scale) = section.row_scale {
                self.columns.row_scales[index].extend(body.state(scale, section.shape[0])?);
            }
        }
        Ok(())
    }

    /// Ends an episode: its decisions, and what happened in its world.
    pub(super) fn end_episode(&mut self, episode: &Episode, rollout: &Rollout) {
        let (number, before) = (self.episode as i64, self.before as i64);
        for (index, decision) in episode.decisions.iter().enumerate() {
            let scores = rollout.class_scores.get(index).map_or(&[][..], Vec::as_slice);
            self.decisions.add(number, before, *decision, scores);
        }
        if let Some(LifeResult { record, measured }) = &rollout.life {
            self.world.add(record, measured, &self.kept, episode.steps);
            self.decisions.add_choices(&record.choices);
        }
        self.before += episode.steps as u64;
    }

    pub(super) fn finish(self, state_hash: u64) -> StateRecording {
        let mut arrays = Arrays::default();
        self.columns.finish(self.plan, &mut arrays);
        self.decisions.finish(&mut arrays);
        self.world.finish(&mut arrays);
        StateRecording { arrays: arrays.0, steps: self.before, state_hash }
    }
}
