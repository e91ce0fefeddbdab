//! The controls of adaptive control: the PD controller inside alone, a PID controller in its place, and PES with 500 LIF
//! neurons. This file may not know the plant.

use super::parameters::AdaptiveControlParameters;
use crate::control::Control;
use crate::world::control::{NamedController, Pes, PesChannels, PesParameters, Pid, PidParameters};

/// The drive per unit of motor command above which the parameters of the published world are taken, below which those of
/// the weak drive: between the two, whose ratio is ten.
const STRONG_DRIVE: f64 = 3.162;

/// PD, PID and PES.
pub(super) fn controls(world: &AdaptiveControlParameters) -> Vec<Box<dyn Control>> {
    let is_strong = world.drive / world.drive_scale > STRONG_DRIVE;
    let (pid, pes) = if is_strong {
        (PidParameters::PUBLISHED, PesParameters::default())
    } else {
        (PidParameters::WEAK_DRIVE, PesParameters::weak_drive())
    };
    let (pid, channels) = (Pid::new(pid, world), PesChannels::from(world));
    vec![
        Box::new(NamedController::inside("pd")),
        Box::new(NamedController::new("pid", Box::new(move |_| Box::new(pid.clone())))),
        Box::new(NamedController::new("pes", Box::new(move |rng| Box::new(Pes::draw(pes, channels.clone(), rng))))),
    ]
}
