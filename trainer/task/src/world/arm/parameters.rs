//! What of the arm's world can be chosen. This file may not know how the arm moves.

use std::f64::consts::FRAC_PI_2;

use rand::Rng;
use serde::{Deserialize, Serialize};

use metaplastic_files::limit::{OutOfRange, within};

use super::dynamics::ArmDynamics;
use super::load::ArmLoad;
use crate::seed::TaskRng;
use crate::table::{KeyLimits, check};
use crate::world::path::SineRanges;
use crate::world::steps::whole_steps;
use crate::world::tracking_cost::TrackingCost;

/// The parameters of the arm; the default has late and noisy senses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ArmParameters {
    /// Seconds of a step of control.
    pub step_seconds: f64,
    /// Steps of the arm in a step of control.
    pub substeps: u8,
    /// Seconds with one load.
    pub episode_seconds: f64,
    /// How often the load changes.
    pub changes: u16,
    /// Of the first link, m.
    pub upper_length: f64,
    /// Of the second link, m.
    pub lower_length: f64,
    /// Of the first link, kg.
    pub upper_mass: f64,
    /// Of the second link, kg.
    pub lower_mass: f64,
    /// Gravity, m/s^2.
    pub gravity: f64,
    /// Limit of both speeds, rad/s.
    pub speed_limit: f64,
    /// Limit of what each motor is commanded, Nm.
    pub torque_limit: f64,
    /// Of the mass at the hand, kg.
    pub lowest_payload: f64,
    /// Of the mass at the hand, kg.
    pub highest_payload: f64,
    /// Of each joint, Nm for a rad/s.
    pub lowest_friction: f64,
    /// Of each joint, Nm for a rad/s.
    pub highest_friction: f64,
    /// Of each motor.
    pub lowest_strength: f64,
    /// Of each motor.
    pub highest_strength: f64,
    /// Seconds until angles and speeds are sensed; whole steps of it count.
    pub delay_seconds: f64,
    /// Standard deviation of sensed angles, rad.
    pub angle_noise: f64,
    /// Standard deviation of sensed speeds, rad/s.
    pub speed_noise: f64,
    /// Of the PD controller of the first joint, Nm/rad.
    pub upper_proportional: f64,
    /// Of the PD controller of the first joint, Nm for a rad/s.
    pub upper_derivative: f64,
    /// Of the PD controller of the second joint, Nm/rad.
    pub lower_proportional: f64,
    /// Of the PD controller of the second joint, Nm for a rad/s.
    pub lower_derivative: f64,
    /// Fraction of the gravity of the arm without payload that is added to the PD command.
    pub gravity_compensation: f64,
    /// Sines of the path of each joint.
    pub path_sines: u8,
    /// Hz.
    pub lowest_frequency: f64,
    /// Hz.
    pub highest_frequency: f64,
    /// Rad.
    pub lowest_amplitude: f64,
    /// Rad.
    pub highest_amplitude: f64,
    /// The middle of the first joint's path, rad from the horizontal.
    pub upper_centre: f64,
    /// The middle of the second joint's path, rad from the first link.
    pub lower_centre: f64,
    /// Whether payload, frictions and strengths are among what is sensed: an oracle.
    pub senses_load: bool,
    /// Squared errors above it cost no more, rad^2.
    pub clip: f64,
    /// Weight of the logarithm of the squared error in the cost.
    pub log_weight: f64,
    /// What is added to the squared error in the logarithm, rad^2.
    pub log_floor: f64,
    /// Factor of angles, counted from the middle of the path, as inputs.
    pub angle_scale: f64,
    /// Factor of speeds as inputs.
    pub speed_scale: f64,
    /// Factor of the PD commands as inputs.
    pub command_scale: f64,
}

impl Default for ArmParameters {
    fn default() -> Self {
        Self {
            step_seconds: 0.005,
            substeps: 5,
            episode_seconds: 5.0,
            changes: 1,
            upper_length: 2.0,
            lower_length: 1.2,
            upper_mass: 1.98,
            lower_mass: 1.32,
            gravity: 9.81,
            speed_limit: 30.0,
            torque_limit: 1000.0,
            lowest_payload: 0.0,
            highest_payload: 2.0,
            lowest_friction: 0.0,
            highest_friction: 2.0,
            lowest_strength: 0.6,
            highest_strength: 1.4,
            delay_seconds: 0.04,
            angle_noise: 0.01,
            speed_noise: 0.2,
            upper_proportional: 100.0,
            upper_derivative: 30.0,
            lower_proportional: 50.0,
            lower_derivative: 12.0,
            gravity_compensation: 1.0,
            path_sines: 3,
            lowest_frequency: 0.1,
            highest_frequency: 0.3,
            lowest_amplitude: 0.1,
            highest_amplitude: 0.5,
            upper_centre: FRAC_PI_2,
            lower_centre: 0.0,
            senses_load: false,
            clip: 2.0,
            log_weight: 0.05,
            log_floor: 1e-3,
            angle_scale: 1.0,
            speed_scale: 0.5,
            command_scale: 0.02,
        }
    }
}

impl ArmParameters {
    /// What is sensed, in its order.
    pub(super) fn sensed_names(&self) -> Vec<String> {
        let joints = ["PD command", "angle", "speed", "desired angle", "desired speed"];
        let loads = ["payload", "friction 1", "friction 2", "strength 1", "strength 2"].map(str::to_owned);
        let sensed = joints.iter().flat_map(|name| [1, 2].map(|joint| format!("{name} {joint}")));
        sensed.chain(loads.into_iter().filter(|_| self.senses_load)).collect()
    }

    /// The limits of the numbers.
    pub const LIMITS: [KeyLimits; 38] = [
        ("step_seconds", 1e-4..=0.1),
        ("substeps", 1.0..=100.0),
        ("episode_seconds", 0.1..=1000.0),
        ("changes", 0.0..=10_000.0),
        ("upper_length", 0.01..=10.0),
        ("lower_length", 0.01..=10.0),
        ("upper_mass", 0.01..=100.0),
        ("lower_mass", 0.01..=100.0),
        ("gravity", 0.0..=100.0),
        ("speed_limit", 1.0..=100.0),
        ("torque_limit", 1.0..=1e5),
        ("lowest_payload", 0.0..=100.0),
        ("highest_payload", 0.0..=100.0),
        ("lowest_friction", 0.0..=100.0),
        ("highest_friction", 0.0..=100.0),
        ("lowest_strength", 0.0..=10.0),
        ("highest_strength", 0.0..=10.0),
        ("delay_seconds", 1e-4..=1.0),
        ("angle_noise", 0.0..=1.0),
        ("speed_noise", 0.0..=10.0),
        ("upper_proportional", 0.0..=1e4),
        ("upper_derivative", 0.0..=1e4),
        ("lower_proportional", 0.0..=1e4),
        ("lower_derivative", 0.0..=1e4),
        ("gravity_compensation", 0.0..=1.0),
        ("path_sines", 1.0..=64.0),
        ("lowest_frequency", 0.0..=10.0),
        ("highest_frequency", 0.0..=10.0),
        ("lowest_amplitude", 0.0..=3.0),
        ("highest_amplitude", 0.0..=3.0),
        ("upper_centre", -3.2..=3.2),
        ("lower_centre", -3.2..=3.2),
        ("clip", 1e-6..=1e12),
        ("log_weight", 0.0..=10.0),
        ("log_floor", 1e-9..=1.0),
        ("angle_scale", 1e-3..=1000.0),
        ("speed_scale", 1e-3..=1000.0),
        ("command_scale", 1e-4..=1000.0),
    ];

    /// Senses that are 10 ms late with little noise, and the stronger feedback that they allow.
    #[must_use]
    pub fn good_senses() -> Self {
        Self {
            delay_seconds: 0.01,
            angle_noise: 0.001,
            speed_noise: 0.02,
            upper_proportional: 150.0,
            upper_derivative: 50.0,
            lower_proportional: 60.0,
            lower_derivative: 15.0,
            ..Self::default()
        }
    }

    /// The parameters, if each is within its limits and they fit each other.
    ///
    /// # Errors
    /// [`OutOfRange`] names the first that is not.
    pub fn checked(self) -> Result<Self, OutOfRange> {
        check(&self, &Self::LIMITS)?;
        within("task.delay_seconds", self.delay_seconds, self.step_seconds..=1.0)?;
        within("task.episode_seconds", self.episode_seconds, 10.0 * self.step_seconds..=1000.0)?;
        within("task.highest_payload", self.highest_payload, self.lowest_payload..=100.0)?;
        within("task.highest_friction", self.highest_friction, self.lowest_friction..=100.0)?;
        within("task.highest_strength", self.highest_strength, self.lowest_strength..=10.0)?;
        within("task.highest_frequency", self.highest_frequency, self.lowest_frequency..=10.0)?;
        within("task.highest_amplitude", self.highest_amplitude, self.lowest_amplitude..=3.0)?;
        Ok(self)
    }

    /// Steps with one load.
    #[must_use]
    pub fn episode_steps(&self) -> usize {
        whole_steps(self.episode_seconds, self.step_seconds)
    }

    /// Steps until something is sensed.
    #[must_use]
    pub fn delay_steps(&self) -> usize {
        whole_steps(self.delay_seconds, self.step_seconds)
    }

    /// A load, uniform in its ranges.
    #[must_use]
    pub fn draw_load(&self, rng: &mut TaskRng) -> ArmLoad {
        let mut uniform = |lowest, highest| rng.random_range(lowest..=highest);
        let payload = uniform(self.lowest_payload, self.highest_payload);
        let friction = [0, 1].map(|_| uniform(self.lowest_friction, self.highest_friction));
        let strength = [0, 1].map(|_| uniform(self.lowest_strength, self.highest_strength));
        ArmLoad { payload, friction, strength }
    }

    /// The arm without a load.
    #[must_use]
    pub fn dynamics(&self) -> ArmDynamics {
        ArmDynamics {
            lengths: [self.upper_length, self.lower_length],
            masses: [self.upper_mass, self.lower_mass],
            gravity: self.gravity,
            speed_limit: self.speed_limit,
        }
    }

    /// The ranges of the path's sines.
    #[must_use]
    pub fn sine_ranges(&self) -> SineRanges {
        SineRanges {
            hertz: self.lowest_frequency..=self.highest_frequency,
            amplitudes: self.lowest_amplitude..=self.highest_amplitude,
        }
    }

    /// The cost of a joint's error.
    #[must_use]
    pub fn cost(&self) -> TrackingCost {
        TrackingCost { clip: self.clip, log_weight: self.log_weight, log_floor: self.log_floor }
    }
}
