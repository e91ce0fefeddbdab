//! What is unknown about an arm. This file may not know how it moves, nor what it is drawn from.

use crate::world::changeable::Changeable;

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
    /// Its numbers, as somebody at the arm can change them.
    pub(super) fn changeable(&self) -> Vec<Changeable> {
        let [upper, lower] = self.friction;
        let [first, second] = self.strength;
        vec![
            Changeable::new("payload", "kg", self.payload, 0.0..=10.0),
            Changeable::new("friction of the first joint", "Nm s/rad", upper, 0.0..=20.0),
            Changeable::new("friction of the second joint", "Nm s/rad", lower, 0.0..=20.0),
            Changeable::new("strength of the first motor", "", first, 0.1..=2.0),
            Changeable::new("strength of the second motor", "", second, 0.1..=2.0),
        ]
    }

    /// The same with one of its numbers changed.
    pub(super) fn changed(&self, which: usize, value: f64) -> Option<Self> {
        let mut load = *self;
        let Self { payload, friction: [upper, lower], strength: [first, second] } = &mut load;
        **[payload, upper, lower, first, second].get_mut(which)? = value;
        Some(load)
    }
}
