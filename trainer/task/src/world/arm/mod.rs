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
//!
//! ```
//! use metaplastic_task::episodes;
//! use metaplastic_task::seed::Purpose;
//! use metaplastic_task::world::arm::ArmTask;
//! use metaplastic_task::world::control::{NoCommand, track};
//! use metaplastic_task::world::life::WorldLife;
//!
//! let episode = episodes(&ArmTask::default(), 1, Purpose::Test, 0..1).remove(0);
//! let mut life = WorldLife::begin(&episode).unwrap();
//! let changes = life.world().changes();
//! assert!(changes.iter().all(|step| (1..episode.steps).contains(step)) && !changes.is_empty());
//! // Under its own PD controller alone: two angles, desired and actual, in every step.
//! let result = track(life, &mut NoCommand);
//! assert_eq!(result.record.tracking.len(), 2 * episode.steps);
//! assert!(result.measured[0] > 0.01);
//! ```

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
