//! A task: it draws episodes and knows how often a guess is right. It may not know which network or body runs them.

use std::fmt::Debug;
use std::ops::Range;

use crate::control::Control;
use crate::episode::Episode;
use crate::error::TaskError;
use crate::measure::Measure;
use crate::scene::Scene;
use crate::seed::{EpisodeDraw, Purpose};

/// Something to be learned within one episode.
pub trait Task: Debug + Send + Sync {
    /// Its name in TOML and on the command line.
    fn name(&self) -> &'static str;

    /// Draws an episode for a purpose; all random numbers come from `draw`.
    fn episode(&self, purpose: Purpose, draw: &mut EpisodeDraw) -> Episode;

    /// Checks that episodes for training and validation can be drawn; test episodes always can.
    ///
    /// # Errors
    /// What the task's data lack.
    fn check_training(&self) -> Result<(), TaskError> {
        Ok(())
    }

    /// The accuracy of guessing, 0 to 1.
    fn chance(&self) -> f64;

    /// What a network must have for this task.
    fn requirements(&self) -> Requirements;

    /// Steps of every episode of a purpose.
    fn steps(&self, purpose: Purpose) -> usize;

    /// State resets in every episode, behind its first step.
    fn state_resets(&self) -> usize {
        0
    }

    /// Decisions in every episode.
    fn decisions(&self) -> usize;

    /// How the input neurons are arranged.
    fn input_layout(&self) -> InputLayout {
        InputLayout::Channels
    }

    /// A fingerprint of what the episodes are drawn from besides the parameters, such as drawings in files; none if there
    /// is nothing.
    fn data_fingerprint(&self) -> Option<u32> {
        None
    }

    /// What its user should know, although nothing is wrong; a sentence each.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }

    /// What test episodes are drawn from although a training of the task with these parameters, as of
    /// [`parameters`](Self::parameters), did not hold it out: the training had it, if its data did.
    fn trained_on(&self, training: &str) -> Vec<String> {
        let _ = training;
        Vec::new()
    }

    /// Seconds of a step, where the world does not wait; none where it does.
    fn step_seconds(&self) -> Option<f64> {
        None
    }

    /// What is measured of every episode in a world, the one that counts first; nothing where decisions are right or wrong.
    fn measures(&self) -> &'static [Measure] {
        &[]
    }

    /// What a network is compared with, in its world or in its decisions.
    fn controls(&self) -> Vec<Box<dyn Control>> {
        Vec::new()
    }

    /// The input neurons of each class's label, in the order of the classes; nothing where no labels are shown.
    fn label_neurons(&self) -> Vec<Range<usize>> {
        Vec::new()
    }

    /// How a page shows it; what it brings no panel for, such as its signals, is shown without.
    fn scene(&self) -> Scene {
        Scene::default()
    }

    /// The name and all parameters as TOML, from which [`from_text`](crate::Tasks::from_text) makes the same task.
    fn parameters(&self) -> String;
}

/// What a network must have for a task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    /// Input neurons, exactly.
    pub inputs: usize,
    /// Values of analog populations, exactly.
    pub analog: usize,
    /// Classes of the readout, at least.
    pub classes: usize,
    /// Commands of the readout, exactly.
    pub commands: usize,
}

impl Requirements {
    /// An episode of these inputs and analog values, without spikes and all values zero.
    #[must_use]
    pub fn silent_episode(self, steps: usize) -> Episode {
        Episode::blank(self.inputs, self.analog, steps)
    }
}

/// How the input neurons of a task are arranged, for whoever draws them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InputLayout {
    /// Channels without an arrangement.
    Channels,
    /// The first `side * side` neurons are a square picture, row by row from the top.
    Picture {
        /// Pixels a side.
        side: usize,
    },
}
