//! A body that is being recorded: it runs the steps that are kept one by one, and reads its state behind each.

use std::ops::Range;

use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::state::StateSection;
use metaplastic_task::episode::Episode;

use super::recorder::StateRecorder;
use crate::body::{Body, BodyError, RunResult};

/// A body with its recorder.
pub(super) struct RecordedBody<'b, 'p> {
    pub(super) body: &'b mut dyn Body,
    pub(super) recorder: StateRecorder<'p>,
}

impl<'b, 'p> RecordedBody<'b, 'p> {
    pub(super) fn new(body: &'b mut dyn Body, recorder: StateRecorder<'p>) -> Self {
        Self { body, recorder }
    }
}

impl Body for RecordedBody<'_, '_> {
    fn reset(&mut self, freeze: Freeze) -> Result<(), BodyError> {
        self.body.reset(freeze)
    }

    fn reset_state(&mut self) -> Result<(), BodyError> {
        self.recorder.note_reset();
        self.body.reset_state()
    }

    fn command_exponent(&mut self) -> Option<u8> {
        self.body.command_exponent()
    }

    fn is_real(&self) -> bool {
        self.body.is_real()
    }

    fn run(&mut self, episode: &Episode, steps: Range<usize>) -> Result<RunResult, BodyError> {
        let mut whole = RunResult::default();
        for part in self.recorder.parts(steps) {
            let result = self.body.run(episode, part.clone())?;
            whole.add(&result);
            self.recorder.keep(self.body, episode, part, &result)?;
        }
        Ok(whole)
    }

    fn recover(&mut self) -> Result<(), BodyError> {
        self.body.recover()
    }

    fn state_hash(&mut self) -> Result<u64, BodyError> {
        self.body.state_hash()
    }

    fn state(&mut self, section: StateSection, values: usize) -> Result<Vec<u16>, BodyError> {
        self.body.state(section, values)
    }

    fn age(&mut self) -> Result<u32, BodyError> {
        self.body.age()
    }

    fn write_age(&mut self, age: u32) -> Result<(), BodyError> {
        self.body.write_age(age)
    }

    fn write_plastic(&mut self, projection: usize, weights: &[i16]) -> Result<(), BodyError> {
        self.body.write_plastic(projection, weights)
    }
}
