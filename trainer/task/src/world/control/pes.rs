//! The adaptive controller of the benchmark: a population of LIF neurons represents what is sensed, and the prescribed
//! error sensitivity rule (PES; MacNeil and Eliasmith 2011) learns the decoders of what is added to the PD command, with
//! the PD command as its teaching signal. This file may not know the plant.
//!
//! In each step of `dt`, with spikes `s_j` of height `1 / dt`, `N` neurons and the PD command `c`:
//!
//! ```text
//! y_i   = low-pass of sum_j D_ij s_j            (10 ms), the command
//! D_ij += (rate dt / N) c_i low-pass of s_j     (5 ms)
//! ```

use super::controller::{Channel, Controller};
use super::lif_ensemble::{LifEnsemble, LifEnsembleParameters};
use crate::seed::TaskRng;
use crate::world::adaptive_control::AdaptiveControlParameters;
use crate::world::arm::{ArmParameters, senses};

/// The parameters of the controller.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PesParameters {
    /// The population; its dimensions and its step are the world's.
    pub ensemble: LifEnsembleParameters,
    /// The represented values' magnitude at which a neuron has its highest rate.
    pub radius: f64,
    /// The learning rate as nengo has it.
    pub learning_rate: f64,
    /// Time constant of the spikes that the rule sees, seconds.
    pub activity_low_pass_seconds: f64,
    /// Time constant of the command, seconds.
    pub command_low_pass_seconds: f64,
}

impl Default for PesParameters {
    /// The benchmark's.
    fn default() -> Self {
        Self {
            ensemble: LifEnsembleParameters::default(),
            radius: 1.0,
            learning_rate: 1e-4,
            activity_low_pass_seconds: 0.005,
            command_low_pass_seconds: 0.01,
        }
    }
}

impl PesParameters {
    /// For the weak drive: a radius that contains the path, and the best of five rates on 128 training plants.
    #[must_use]
    pub fn weak_drive() -> Self {
        Self { radius: 2.5, learning_rate: 1.5e-3, ..Self::default() }
    }

    /// For the arm with late senses: the best of eleven rates from 3e-6 to 3e-2 on 32 training arms.
    #[must_use]
    pub fn arm() -> Self {
        Self { learning_rate: 1e-5, ..Self::default() }
    }

    /// For the arm with good senses: the best of the same rates.
    #[must_use]
    pub fn arm_with_good_senses() -> Self {
        Self { learning_rate: 3e-3, ..Self::default() }
    }
}

/// Where the controller finds what it reads, and the step of the world.
#[derive(Clone, Debug, PartialEq)]
pub struct PesChannels {
    /// What the population represents.
    pub represented: Vec<Channel>,
    /// The PD command of each coordinate.
    pub commands: Vec<Channel>,
    /// Seconds of a step.
    pub step_seconds: f64,
}

impl From<&AdaptiveControlParameters> for PesChannels {
    /// What is sensed.
    fn from(world: &AdaptiveControlParameters) -> Self {
        Self {
            represented: vec![Channel { index: 0, scale: world.sensed_scale }],
            commands: vec![Channel { index: 2, scale: world.command_scale }],
            step_seconds: world.step_seconds,
        }
    }
}

impl From<&ArmParameters> for PesChannels {
    /// Angles, speeds and path, all as they are sensed, and the PD commands of both joints.
    fn from(world: &ArmParameters) -> Self {
        Self {
            represented: (senses::ANGLES.start..senses::LOAD.start)
                .map(|index| Channel { index, scale: 1.0 })
                .collect(),
            commands: senses::COMMANDS.map(|index| Channel { index, scale: world.command_scale }).collect(),
            step_seconds: world.step_seconds,
        }
    }
}

/// The controller.
#[derive(Clone, Debug)]
pub struct Pes {
    channels: PesChannels,
    radius: f64,
    ensemble: LifEnsemble,
    spiked: Vec<bool>,
    /// Spikes as the rule sees them.
    activity: Vec<f64>,
    activity_decay: f64,
    outputs: Vec<PesOutput>,
    command_decay: f64,
    /// Change of a decoder for an activity and a command of one.
    rate: f64,
}

/// One coordinate of the command.
#[derive(Clone, Debug)]
struct PesOutput {
    decoders: Vec<f64>,
    command: f64,
}

impl Pes {
    /// A controller with a random population and decoders of zero.
    #[must_use]
    pub fn draw(parameters: PesParameters, channels: PesChannels, rng: &mut TaskRng) -> Self {
        let (dimensions, step_seconds) = (channels.represented.len(), channels.step_seconds);
        let ensemble =
            LifEnsemble::draw(LifEnsembleParameters { dimensions, step_seconds, ..parameters.ensemble }, rng);
        let neurons = ensemble.len();
        let output = PesOutput { decoders: vec![0.0; neurons], command: 0.0 };
        Self {
            outputs: vec![output; channels.commands.len()],
            channels,
            radius: parameters.radius,
            ensemble,
            spiked: vec![false; neurons],
            activity: vec![0.0; neurons],
            activity_decay: (-step_seconds / parameters.activity_low_pass_seconds).exp(),
            command_decay: (-step_seconds / parameters.command_low_pass_seconds).exp(),
            rate: parameters.learning_rate * step_seconds / neurons as f64,
        }
    }

    /// Steps the population with what is sensed.
    fn sense(&mut self, analog: &[f32]) {
        let vector: Vec<f64> =
            self.channels.represented.iter().map(|channel| channel.read(analog) / self.radius).collect();
        self.ensemble.step(&vector, &mut self.spiked);
        let spike = (1.0 - self.activity_decay) / self.channels.step_seconds;
        for (activity, spiked) in self.activity.iter_mut().zip(&self.spiked) {
            *activity = *activity * self.activity_decay + if *spiked { spike } else { 0.0 };
        }
    }
}

impl PesOutput {
    /// The decoded value of a step's spikes, for a spike of height one.
    fn decoded(&self, spiked: &[bool]) -> f64 {
        self.decoders.iter().zip(spiked).filter(|(_, spiked)| **spiked).map(|(decoder, _)| decoder).sum()
    }

    fn learn(&mut self, change: f64, activity: &[f64]) {
        self.decoders.iter_mut().zip(activity).for_each(|(decoder, activity)| *decoder += change * activity);
    }
}

impl Controller for Pes {
    fn command(&mut self, analog: &[f32], commands: &mut [f32]) {
        self.sense(analog);
        let (decay, height) = (self.command_decay, self.channels.step_seconds.recip());
        let channels = self.channels.commands.iter();
        for ((output, channel), command) in self.outputs.iter_mut().zip(channels).zip(commands) {
            let decoded = output.decoded(&self.spiked) * height;
            output.command = output.command * decay + decoded * (1.0 - decay);
            *command = output.command as f32;
            output.learn(self.rate * channel.read(analog), &self.activity);
        }
    }
}
