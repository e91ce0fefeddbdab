//! A task of one's own in a program of one's own: which state is this machine in?
//!
//! The energy of its vibration in 24 bands arrives as spikes. The spectra of its states are new in every episode; each is
//! shown once with a label, and then queried: `cargo run --release --example machine -- train machine --out runs/machine`.

use std::path::Path;
use std::process::ExitCode;

use metaplastic::task::episode::Episode;
use metaplastic::task::seed::{EpisodeDraw, Purpose, TaskRng};
use metaplastic::task::table::{self, KeyLimits};
use metaplastic::task::{BuiltInExperiment, Requirements, Task, TaskDescriptor, TaskError, Tasks};
use rand::Rng;
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

const BANDS: usize = 24;
const LIMITS: [KeyLimits; 3] = [("states", 2.0..=8.0), ("steps", 1.0..=1000.0), ("rate", 0.0..=1.0)];
const EXPERIMENT: BuiltInExperiment = BuiltInExperiment { name: "machine", text: include_str!("machine.toml") };
const DESCRIPTOR: TaskDescriptor = TaskDescriptor::new("machine", make).with_experiments(&[EXPERIMENT]);

/// The `[task]` table.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Machine {
    states: usize,
    /// Steps in which a state is sensed.
    steps: usize,
    /// Spikes a step of a loud band.
    rate: f64,
}

impl Default for Machine {
    fn default() -> Self {
        Self { states: 3, steps: 20, rate: 0.4 }
    }
}

fn make(parameters: toml::Table, _data: Option<&Path>) -> Result<Box<dyn Task>, TaskError> {
    Ok(Box::new(table::read::<Machine>(parameters, &LIMITS)?))
}

/// An episode that is made window by window.
struct Windows<'m> {
    machine: &'m Machine,
    rng: &'m mut TaskRng,
    episode: Episode,
    /// The first step of the next window.
    start: usize,
}

impl Windows<'_> {
    /// Senses a state, with its label in the second half of the window or without.
    fn sense(&mut self, spectrum: &[f64], state: usize, is_labelled: bool) {
        let (start, end) = (self.start, self.start + self.machine.steps);
        for step in start..end {
            for (band, loudness) in spectrum.iter().enumerate() {
                if self.rng.random_bool(self.machine.rate * loudness) {
                    self.episode.spike(step, band);
                }
            }
            if is_labelled && 2 * step >= start + end {
                self.episode.spike(step, BANDS + state);
            }
        }
        match is_labelled {
            true => self.episode.add_support(start..end, state),
            false => self.episode.add_query(start..end, state, self.machine.states),
        }
        self.start = end;
    }
}

impl Task for Machine {
    fn name(&self) -> &'static str {
        DESCRIPTOR.name
    }

    fn episode(&self, purpose: Purpose, draw: &mut EpisodeDraw) -> Episode {
        let rng = &mut draw.episode;
        let spectra: Vec<[f64; BANDS]> =
            (0..self.states).map(|_| [(); BANDS].map(|()| rng.random::<f64>().powi(3))).collect();
        let episode = self.requirements().silent_episode(self.steps(purpose));
        let mut windows = Windows { machine: self, rng, episode, start: 0 };
        let mut order: Vec<_> = (0..self.states).collect();
        for is_labelled in [true, false] {
            order.shuffle(windows.rng);
            order.iter().for_each(|state| windows.sense(&spectra[*state], *state, is_labelled));
        }
        windows.episode
    }

    fn chance(&self) -> f64 {
        1.0 / self.states as f64
    }

    fn requirements(&self) -> Requirements {
        Requirements { inputs: BANDS + self.states, classes: self.states, ..Requirements::default() }
    }

    fn steps(&self, _: Purpose) -> usize {
        2 * self.states * self.steps
    }

    fn decisions(&self) -> usize {
        self.states
    }

    fn parameters(&self) -> String {
        table::text(self.name(), self)
    }
}

fn main() -> ExitCode {
    metaplastic::main(Tasks::built_in().with(DESCRIPTOR))
}
