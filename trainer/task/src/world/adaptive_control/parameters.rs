//! What of the world can be chosen: numbers of the plant's surroundings, the PD controller, the path and the cost. This
//! file may not know how they are used.

use serde::{Deserialize, Serialize};

use metaplastic_files::limit::{OutOfRange, within};

use crate::table::{KeyLimits, check};
use crate::world::path::SineRanges;
use crate::world::steps::whole_steps;
use crate::world::tracking_cost::TrackingCost;

/// The kind of the desired path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PathKind {
    /// Harmonics of a period, of random amplitudes.
    #[default]
    Harmonics,
    /// Sines of random frequencies, amplitudes and phases.
    Sines,
}

/// The parameters of adaptive control; the default is the published benchmark, with scales that give each input a root
/// mean square of about one half under the PD controller.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AdaptiveControlParameters {
    /// Seconds of a step, of plant and controller.
    pub step_seconds: f64,
    /// Seconds with one plant.
    pub episode_seconds: f64,
    /// Seconds with one plant in training; 0 for as many as otherwise. The gradient grows with a life.
    pub training_seconds: f64,
    /// How often the plant's coefficients are drawn anew, while its state and the path go on.
    pub changes: u16,
    /// The largest drive.
    pub drive: f64,
    /// The motor command at which the drive begins to saturate.
    pub drive_scale: f64,
    /// Seconds from motor command to drive, and from low-pass to what is sensed; whole steps of it count.
    pub delay_seconds: f64,
    /// Time constant of drive and sensor, seconds.
    pub low_pass_seconds: f64,
    /// Standard deviation of the noise of drive and sensor.
    pub noise: f64,
    /// Of the PD controller.
    pub proportional: f64,
    /// Of the PD controller.
    pub derivative: f64,
    /// Time constant of the differences of what is sensed, seconds.
    pub difference_low_pass_seconds: f64,
    /// Time constant of the sensed rate, seconds. 0 for the published controller, whose rate is the difference of a step,
    /// not divided by its seconds.
    pub rate_low_pass_seconds: f64,
    /// How much of the desired rate the sensed rate is subtracted from in the PD command. 0 for the published controller,
    /// whose command opposes every motion; 1 where it opposes the error's rate alone.
    pub desired_rate_weight: f64,
    /// The kind of the path.
    pub path: PathKind,
    /// Sines of the path; of harmonics the first has frequency zero.
    pub path_sines: u8,
    /// The period of harmonics, seconds.
    pub path_period_seconds: f64,
    /// Of sines, Hz.
    pub lowest_frequency: f64,
    /// Of sines, Hz.
    pub highest_frequency: f64,
    /// Of sines.
    pub lowest_amplitude: f64,
    /// Of sines.
    pub highest_amplitude: f64,
    /// Where a mechanical stop ends the motion in both directions.
    pub stop: f64,
    /// Squared errors above it cost no more.
    pub clip: f64,
    /// Weight of the logarithm of the squared error in the cost.
    pub log_weight: f64,
    /// What is added to the squared error in the logarithm.
    pub log_floor: f64,
    /// Factor of what is sensed, as an input.
    pub sensed_scale: f64,
    /// Factor of the desired value, as an input.
    pub desired_scale: f64,
    /// Factor of the PD command, as an input.
    pub command_scale: f64,
    /// Factor of the desired rate, as an input.
    pub rate_scale: f64,
}

impl Default for AdaptiveControlParameters {
    fn default() -> Self {
        Self {
            step_seconds: 0.001,
            episode_seconds: 10.0,
            training_seconds: 0.0,
            changes: 0,
            drive: 10.0,
            drive_scale: 1.0,
            delay_seconds: 0.01,
            low_pass_seconds: 0.01,
            noise: 0.1,
            proportional: 2.0,
            derivative: 1.0,
            difference_low_pass_seconds: 0.001,
            rate_low_pass_seconds: 0.0,
            desired_rate_weight: 0.0,
            path: PathKind::Harmonics,
            path_sines: 4,
            path_period_seconds: 4.0,
            lowest_frequency: 0.1,
            highest_frequency: 1.0,
            lowest_amplitude: 0.2,
            highest_amplitude: 0.8,
            stop: 100.0,
            clip: 2.0,
            log_weight: 0.05,
            log_floor: 1e-3,
            sensed_scale: 1.0,
            desired_scale: 1.0,
            command_scale: 2.0,
            rate_scale: 0.4,
        }
    }
}

impl AdaptiveControlParameters {
    /// The limits of the numbers.
    pub const LIMITS: [KeyLimits; 28] = [
        ("step_seconds", 1e-4..=0.1),
        ("episode_seconds", 0.1..=1000.0),
        ("training_seconds", 0.0..=1000.0),
        ("changes", 0.0..=10_000.0),
        ("drive", 0.1..=1000.0),
        ("drive_scale", 0.01..=1000.0),
        ("delay_seconds", 1e-4..=1.0),
        ("low_pass_seconds", 0.0..=10.0),
        ("noise", 0.0..=10.0),
        ("proportional", 0.0..=1000.0),
        ("derivative", 0.0..=1000.0),
        ("difference_low_pass_seconds", 0.0..=10.0),
        ("rate_low_pass_seconds", 0.0..=10.0),
        ("desired_rate_weight", 0.0..=1.0),
        ("path_sines", 1.0..=64.0),
        ("path_period_seconds", 0.1..=1000.0),
        ("lowest_frequency", 0.0..=100.0),
        ("highest_frequency", 0.0..=100.0),
        ("lowest_amplitude", 0.0..=100.0),
        ("highest_amplitude", 0.0..=100.0),
        ("stop", 0.1..=1e6),
        ("clip", 1e-6..=1e12),
        ("log_weight", 0.0..=10.0),
        ("log_floor", 1e-9..=1.0),
        ("sensed_scale", 1e-3..=1000.0),
        ("desired_scale", 1e-3..=1000.0),
        ("command_scale", 1e-3..=1000.0),
        ("rate_scale", 1e-3..=1000.0),
    ];

    /// The same world made hard: feedback is ten times weaker, control and plant take 4 ms, and the path consists of
    /// three sines, which the PD controller knows the rate of. The stop is beyond the path's largest value, 2.4.
    #[must_use]
    pub fn weak_drive() -> Self {
        Self {
            step_seconds: 0.004,
            episode_seconds: 4.0,
            drive_scale: 10.0,
            difference_low_pass_seconds: 0.004,
            rate_low_pass_seconds: 0.02,
            desired_rate_weight: 1.0,
            path: PathKind::Sines,
            path_sines: 3,
            stop: 3.0,
            command_scale: 0.3,
            rate_scale: 0.2,
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
        within("task.highest_frequency", self.highest_frequency, self.lowest_frequency..=100.0)?;
        within("task.highest_amplitude", self.highest_amplitude, self.lowest_amplitude..=100.0)?;
        Ok(self)
    }

    /// Steps with one plant.
    #[must_use]
    pub fn episode_steps(&self) -> usize {
        whole_steps(self.episode_seconds, self.step_seconds)
    }

    /// Steps of a delay.
    #[must_use]
    pub fn delay_steps(&self) -> usize {
        whole_steps(self.delay_seconds, self.step_seconds)
    }

    /// The ranges of a path's sines.
    #[must_use]
    pub fn sine_ranges(&self) -> SineRanges {
        SineRanges {
            hertz: self.lowest_frequency..=self.highest_frequency,
            amplitudes: self.lowest_amplitude..=self.highest_amplitude,
        }
    }

    /// The cost of an error.
    #[must_use]
    pub fn cost(&self) -> TrackingCost {
        TrackingCost { clip: self.clip, log_weight: self.log_weight, log_floor: self.log_floor }
    }
}
