//! Writes an episode: windows as values or spikes, support samples with labels and queries without, a state reset before
//! each unless they are a stream.
//!
//! It knows no data, nor how the class of a window is chosen.

use std::ops::Range;

use super::choices::WindowOrder;
use super::encoded::EncodedWindow;
use super::parameters::WindowsParameters;
use crate::episode::Episode;
use crate::task::Requirements;

/// An episode of windows, under construction.
pub(super) struct WindowsEpisodeBuilder<'p> {
    parameters: &'p WindowsParameters,
    /// The first of the position neurons.
    first_position: usize,
    /// The first of the label neurons.
    first_label: usize,
    episode: Episode,
    /// The next step.
    step: usize,
}

impl<'p> WindowsEpisodeBuilder<'p> {
    /// An episode without windows yet, for a network with these inputs.
    pub(super) fn new(parameters: &'p WindowsParameters, requirements: Requirements) -> Self {
        let steps = parameters.windows_of_an_episode() * parameters.steps_of_a_window();
        let first_label = requirements.inputs - usize::from(parameters.labels);
        let first_position = first_label - usize::from(parameters.positions);
        let episode = requirements.silent_episode(steps);
        Self { parameters, first_position, first_label, episode, step: 0 }
    }

    /// Shows a window with the label of its class; `number` is the window's in the data.
    pub(super) fn add_support(&mut self, window: &EncodedWindow, number: usize, class: usize) {
        self.episode.add_support(self.next_steps(), class);
        self.show(window, number, Some(class));
    }

    /// Shows a window as a query.
    pub(super) fn add_query(&mut self, window: &EncodedWindow, number: usize, class: usize) {
        self.episode.add_query(self.next_steps(), class, self.parameters.ways.into());
        self.show(window, number, None);
    }

    /// The episode, once all windows have been added.
    pub(super) fn finish(self) -> Episode {
        debug_assert_eq!(self.step, self.episode.steps);
        self.episode
    }

    fn next_steps(&self) -> Range<usize> {
        self.step..self.step + self.parameters.steps_of_a_window()
    }

    fn show(&mut self, window: &EncodedWindow, number: usize, label: Option<usize>) {
        self.episode.samples.push(number);
        if self.parameters.order == WindowOrder::SupportFirst {
            self.episode.state_resets.push(self.step);
        }
        for (index, step) in self.next_steps().enumerate() {
            if let Some(values) = window.frames.get(index / usize::from(self.parameters.steps_per_frame)) {
                self.episode.step_mut(step).1.copy_from_slice(values);
            }
            let spikes = window.spikes.get(index).into_iter().flatten().copied();
            let position = self.parameters.position(index).map(|position| self.first_position + position);
            let label = label.map(|label| self.first_label + label);
            spikes.chain(position).chain(label).for_each(|neuron| self.episode.spike(step, neuron));
        }
        self.step = self.next_steps().end;
    }
}
