//! What is unknown about an arm. This file may not know how it moves.

use rand::Rng;

use super::parameters::ArmParameters;
use crate::seed::TaskRng;

/// Payload, friction and strength.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ArmLoad {
    /// Mass at the hand, kg.
    pub payload: f64,
    /// Viscous friction of each joint, Nm for a rad/s.
    pub friction: [f64; 2],
    /// What the torque of each motor is multiplied by.
    pub strength: [f64; 2],
}

impl ArmLoad {
    /// Uniform in the ranges of the parameters.
    #[must_use]
    pub fn draw(parameters: &ArmParameters, rng: &mut TaskRng) -> Self {
        let mut uniform = |lowest, highest| rng.random_range(lowest..=highest);
        let ArmParameters { lowest_friction, highest_friction, lowest_strength, highest_strength, .. } =
            *parameters;
        Self {
            payload: uniform(parameters.lowest_payload, parameters.highest_payload),
            friction: [uniform(lowest_friction, highest_friction), uniform(lowest_friction, highest_friction)],
            strength: [uniform(lowest_strength, highest_strength), uniform(lowest_strength, highest_strength)],
        }
    }
}
