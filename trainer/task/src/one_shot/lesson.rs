//! An episode being written: drawings as spikes, with labels or with questions, and a rest before each.
//!
//! It knows no alphabet: which class a picture is of is its caller's business.

use super::parameters::{Input, Parameters};
use super::picture::Picture;
use crate::episode::{Decision, Episode, Mark};
use crate::seed::Purpose;

/// An episode of a known number of pictures.
pub(super) struct Lesson<'p> {
    parameters: &'p Parameters,
    /// Steps a picture is shown.
    steps: u16,
    ways: usize,
    episode: Episode,
    step: usize,
}

impl<'p> Lesson<'p> {
    /// An episode that will tell `ways` classes apart.
    pub(super) fn new(parameters: &'p Parameters, purpose: Purpose, ways: usize, pictures: usize) -> Self {
        let steps = parameters.steps_for(purpose);
        let all = pictures * usize::from(steps);
        let inputs = vec![0; all * parameters.input_size().div_ceil(8)];
        Self { parameters, steps, ways, episode: Episode { inputs, steps: all, ..Episode::default() }, step: 0 }
    }

    /// Shows a picture with the label of its class; `views` are what the steps see of it, in turn.
    pub(super) fn teach(&mut self, views: &[Picture], class: usize) {
        self.mark("label", class, true);
        self.show(views, Some(class));
    }

    /// Shows a picture and asks for its class.
    pub(super) fn ask(&mut self, views: &[Picture], class: usize) {
        let (start, end) = self.window();
        self.episode.decisions.push(Decision { start, end, target: class, among: self.ways });
        self.mark("query", class, false);
        self.show(views, None);
    }

    /// The episode, when everything has been shown.
    pub(super) fn finish(self) -> Episode {
        debug_assert_eq!(self.step, self.episode.steps);
        self.episode
    }

    fn mark(&mut self, kind: &str, class: usize, teaches: bool) {
        let (start, end) = self.window();
        self.episode.marks.push(Mark { start, end, label: format!("{kind} {class}"), teaches });
    }

    /// First step of the next picture, and one behind its last.
    fn window(&self) -> (usize, usize) {
        (self.step, self.step + usize::from(self.steps))
    }

    fn show(&mut self, views: &[Picture], label: Option<usize>) {
        // An episode begins at rest.
        if self.step > 0 {
            self.episode.rests.push(self.step);
        }
        for (step, picture) in (0..self.steps).zip(views.iter().cycle()) {
            let threshold = self.threshold(step);
            let dark = picture.intensities().iter().enumerate().filter(|(_, intensity)| **intensity > threshold);
            dark.for_each(|(pixel, _)| self.episode.spike(self.step, pixel));
            if let Some(label) = label {
                self.episode.spike(self.step, self.parameters.pixels() + label);
            }
            self.step += 1;
        }
    }

    fn threshold(&self, step: u16) -> f32 {
        let level = match self.parameters.input {
            Input::Binary => 1.0,
            Input::Graded => f64::from(2 * u32::from(step) + 1) / f64::from(self.steps),
        };
        (level * self.parameters.threshold) as f32
    }
}
