//! Motor adaptation of an arm, after synaptic motor adaptation (Schmidgall and Hays 2023), whose robot is a quadruped:
//! here a planar arm of two links in a vertical plane is moved along a smooth path by torques, and payload, friction and
//! the strength of its motors are unknown and change in the middle of a life. This module may not know what controls it.
//!
//! ```text
//! command = PD + gravity of the arm without payload, if it is compensated, + action
//! torque  = strength * command
//! M(q) a  = torque - friction v - C(q, v) - G(q)
//! PD      = P (desired - sensed angle) - D sensed speed
//! ```
//!
//! What is sensed is late and noisy: with good feedback there is nothing left to adapt.

mod controls;
mod dynamics;
mod load;
mod parameters;
pub(in crate::world) mod senses;
mod system;
mod task;
#[cfg(test)]
mod tests;

pub use dynamics::{ArmDynamics, ArmMotion};
pub use load::ArmLoad;
pub use parameters::ArmParameters;
pub use system::Arm;
pub use task::{ArmTask, DESCRIPTOR};
