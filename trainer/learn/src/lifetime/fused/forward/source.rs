//! Where the inputs of a lifetime's steps come from: an episode that is there from the beginning, or whatever answers to
//! what the network did.

use metaplastic_task::episode::Episode;

/// What one step is given.
#[derive(Clone, Copy)]
pub(crate) struct StepInput<'a> {
    /// Which step.
    pub(crate) step: usize,
    /// Input spikes, one bit for each neuron of all input populations.
    pub(crate) spikes: &'a [u8],
    /// One value for each neuron of all analog populations.
    pub(crate) analog: &'a [f32],
}

/// The inputs of the steps of a lifetime, asked for one after another.
pub(crate) trait InputSource {
    /// What a step is given; `readout` has the readout's values after the step before it, padded.
    fn input(&mut self, step: usize, readout: &[f32]) -> StepInput<'_>;
}

impl<'e> StepInput<'e> {
    /// What an episode gives a step.
    pub(crate) fn of(episode: &'e Episode, step: usize) -> Self {
        Self { step, spikes: episode.inputs_at(step), analog: episode.analog_at(step) }
    }
}

impl InputSource for &Episode {
    fn input(&mut self, step: usize, _: &[f32]) -> StepInput<'_> {
        StepInput::of(self, step)
    }
}
