//! A PID controller in the place of the PD controller inside adaptive control. This file may not know the plant.
//!
//! With the error `e` and its rate `r` as the world's own PD controller has them, its command is
//! `P e + I sum(e dt) + D r`. What the PD controller commands is subtracted, as the world adds it.

use super::controller::{Channel, Controller};
use crate::world::adaptive_control::AdaptiveControlParameters;

/// The three coefficients.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PidParameters {
    /// Of the error.
    pub proportional: f64,
    /// Of the error's integral over seconds.
    pub integral: f64,
    /// Of the error's rate.
    pub derivative: f64,
}

impl PidParameters {
    /// For the published world (proportional 4, derivative 1, integral 4).
    pub const PUBLISHED: Self = Self { proportional: 4.0, integral: 4.0, derivative: 1.0 };
    /// For the weak drive: the lowest mean error on 256 training plants, of 80 combinations of 20 to 50, 0 to 80 and 0 to 2.
    pub const WEAK_DRIVE: Self = Self { proportional: 30.0, integral: 40.0, derivative: 0.5 };
}

/// The controller.
#[derive(Clone, Debug)]
pub struct Pid {
    parameters: PidParameters,
    /// The coefficients of the world's own controller.
    own: PidParameters,
    sensed: Channel,
    desired: Channel,
    command: Channel,
    step_seconds: f64,
    integral: f64,
}

impl Pid {
    /// A controller of a world of adaptive control.
    #[must_use]
    pub fn new(parameters: PidParameters, world: &AdaptiveControlParameters) -> Self {
        let own = PidParameters { proportional: world.proportional, integral: 0.0, derivative: world.derivative };
        Self {
            parameters,
            own,
            sensed: Channel { index: 0, scale: world.sensed_scale },
            desired: Channel { index: 1, scale: world.desired_scale },
            command: Channel { index: 2, scale: world.command_scale },
            step_seconds: world.step_seconds,
            integral: 0.0,
        }
    }

    /// The error's rate, which the world's own command contains; 0 where it does not.
    fn error_rate(&self, error: f64, own_command: f64) -> f64 {
        let PidParameters { proportional, derivative, .. } = self.own;
        if derivative == 0.0 { 0.0 } else { (own_command - proportional * error) / derivative }
    }
}

impl Controller for Pid {
    fn command(&mut self, analog: &[f32], commands: &mut [f32]) {
        let error = self.desired.read(analog) - self.sensed.read(analog);
        let own_command = self.command.read(analog);
        self.integral += error * self.step_seconds;
        let PidParameters { proportional, integral, derivative } = self.parameters;
        let rate = self.error_rate(error, own_command);
        let command = proportional * error + integral * self.integral + derivative * rate;
        commands[0] = (command - own_command) as f32;
    }
}
