//! Writes an episode: pictures as spikes, support samples with labels and queries without, a state reset before
//! each.
//!
//! It knows no alphabet, nor how the class of a picture is chosen.

use std::ops::Range;

use super::parameters::OneShotParameters;
use super::picture::Picture;
use crate::episode::Episode;
use crate::seed::Purpose;

/// An episode of a known number of pictures, under construction.
pub(super) struct OneShotEpisodeBuilder<'p> {
    parameters: &'p OneShotParameters,
    /// Of every step of a picture, the intensity above which a pixel spikes.
    thresholds: Vec<f32>,
    episode: Episode,
    /// The next step.
    step: usize,
}

impl<'p> OneShotEpisodeBuilder<'p> {
    /// An episode of so many pictures.
    pub(super) fn new(parameters: &'p OneShotParameters, purpose: Purpose, pictures: usize) -> Self {
        let thresholds = parameters.thresholds(purpose);
        let episode = parameters.requirements().silent_episode(pictures * thresholds.len());
        Self { parameters, thresholds, episode, step: 0 }
    }

    /// Shows a sample with the label of its class; `views` are what the steps show of it, in turn.
    pub(super) fn add_support(&mut self, views: &[Picture], class: usize) {
        self.episode.add_support(self.next_steps(), class);
        self.show(views, Some(class));
    }

    /// Shows a sample as a query: its class must be decided, which is one of the first `among`.
    pub(super) fn add_query(&mut self, views: &[Picture], class: usize, among: usize) {
        self.episode.add_query(self.next_steps(), class, among);
        self.show(views, None);
    }

    /// The episode, once all pictures have been added.
    pub(super) fn finish(self) -> Episode {
        debug_assert_eq!(self.step, self.episode.steps);
        self.episode
    }

    /// The steps of the next picture.
    fn next_steps(&self) -> Range<usize> {
        self.step..self.step + self.thresholds.len()
    }

    fn show(&mut self, views: &[Picture], label: Option<usize>) {
        self.episode.state_resets.push(self.step);
        for (threshold, picture) in self.thresholds.iter().zip(views.iter().cycle()) {
            let dark = picture.intensities().iter().enumerate().filter(|(_, intensity)| *intensity > threshold);
            dark.for_each(|(pixel, _)| self.episode.spike(self.step, pixel));
            if let Some(label) = label {
                self.episode.spike(self.step, self.parameters.pixels() + label);
            }
            self.step += 1;
        }
    }
}
