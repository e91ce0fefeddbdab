//! What is unknown about an arm. This file may not know how it moves, nor what it is drawn from.

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
