//! The controls of the arm: PD, PD with the gravity of the arm without payload, and PES with 500 LIF neurons. This file may
//! not know the loads.

use super::dynamics::ArmDynamics;
use super::parameters::ArmParameters;
use super::senses;
use crate::control::Control;
use crate::world::control::{Channel, Controller, NamedController, Pes, PesChannels, PesParameters};

/// The delay of the senses, seconds, below which PES takes the rate that was searched for good senses (10 ms late), and
/// above which that for late ones (40 ms).
const GOOD_SENSES: f64 = 0.02;

/// The controls; where the world compensates no gravity, PD is the controller inside it.
pub(super) fn controls(world: &ArmParameters) -> Vec<Box<dyn Control>> {
    let has_good_senses = world.delay_seconds < GOOD_SENSES;
    let pes = if has_good_senses { PesParameters::arm_with_good_senses() } else { PesParameters::arm() };
    let (without, channels) = (WithoutGravity::new(world), PesChannels::from(world));
    let mut controls: Vec<Box<dyn Control>> =
        vec![Box::new(NamedController::new("pd", Box::new(move |_| Box::new(without.clone()))))];
    if world.gravity_compensation > 0.0 {
        controls.push(Box::new(NamedController::inside("pd-gravity")));
    }
    let draw = Box::new(move |rng: &mut _| Box::new(Pes::draw(pes, channels.clone(), rng)) as Box<dyn Controller>);
    controls.push(Box::new(NamedController::new("pes", draw)));
    controls
}

/// Subtracts what the world adds to its PD command against gravity.
#[derive(Clone, Debug)]
struct WithoutGravity {
    dynamics: ArmDynamics,
    compensation: f64,
    /// Sensed angles, counted from `centres`.
    angles: [Channel; 2],
    centres: [f64; 2],
}

impl WithoutGravity {
    fn new(world: &ArmParameters) -> Self {
        Self {
            dynamics: world.dynamics(),
            compensation: world.gravity_compensation,
            angles: [0, 1].map(|joint| Channel { index: senses::ANGLES.start + joint, scale: world.angle_scale }),
            centres: [world.upper_centre, world.lower_centre],
        }
    }
}

impl Controller for WithoutGravity {
    fn command(&mut self, analog: &[f32], commands: &mut [f32]) {
        let angles = [0, 1].map(|joint: usize| self.angles[joint].read(analog) + self.centres[joint]);
        let gravity = self.dynamics.gravity_torques(0.0, angles);
        commands.iter_mut().zip(gravity).for_each(|(to, torque)| *to = (-torque * self.compensation) as f32);
    }
}
