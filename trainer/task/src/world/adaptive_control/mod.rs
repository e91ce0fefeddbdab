//! Adaptive control of an unknown plant, the "minimal simulation" of Stewart, DeWolf, Kleinhans and Eliasmith (2015,
//! *Closed-loop neuromorphic benchmarks*), and a variant with a weak drive. This module may not know what controls it.
//!
//! One degree of freedom `q`. Unknown are `a`, `b1`, `b2`, `c`, `d`, each N(0, 1), and the first `q`, N(0, 1). In each
//! step of `dt`:
//!
//! ```text
//! motor   = PD + action
//! u       = drive tanh(motor / scale), delayed, plus noise, behind a low-pass
//! z       = d q + c
//! q       = q + dt (u + b1 z + b2 sin z + a)
//! sensed  = q plus noise, behind a low-pass, delayed
//! PD      = P (desired - sensed) - D rate
//! ```
//!
//! A PD controller is part of the world; what acts in it adds to the PD command.
//!
//! ```
//! use metaplastic_task::episode::Episode;
//! use metaplastic_task::seed::Purpose;
//! use metaplastic_task::world::adaptive_control::{AdaptiveControlParameters, AdaptiveControlTask};
//! use metaplastic_task::world::control::{NoCommand, Pid, PidParameters, track};
//! use metaplastic_task::world::life::WorldLife;
//! use metaplastic_task::{Task, episodes};
//!
//! let (task, parameters) = (AdaptiveControlTask::default(), AdaptiveControlParameters::default());
//! let lives = episodes(&task, 1, Purpose::Test, 0..8);
//! let error = |lives: &[Episode], pid: bool| {
//!     let measured = lives.iter().map(|episode| {
//!         let life = WorldLife::begin(episode).unwrap();
//!         let result = if pid {
//!             track(life, &mut Pid::new(PidParameters::PUBLISHED, &parameters))
//!         } else {
//!             track(life, &mut NoCommand)
//!         };
//!         result.measured[0]
//!     });
//!     measured.sum::<f64>() / lives.len() as f64
//! };
//! // An integral of the error, which the PD controller of the world lacks.
//! assert_eq!(task.measures()[0].name, "rmse");
//! assert!(error(&lives, true) < error(&lives, false));
//! ```

mod benchmark;
mod coefficients;
mod controls;
mod descriptor;
mod parameters;
mod plants_file;
mod system;
mod task;
#[cfg(test)]
pub(crate) mod tests;

pub use coefficients::PlantCoefficients;
pub use descriptor::DESCRIPTOR;
pub use parameters::{AdaptiveControlParameters, PathKind};
pub use plants_file::{PlantFileError, PlantRecord, plants_from_text, read_plants};
pub use system::AdaptiveControl;
pub use task::AdaptiveControlTask;
