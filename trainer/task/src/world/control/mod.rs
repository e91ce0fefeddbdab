//! Controllers without a trained network, which a network is compared with: they see what it sees and give what it gives.
//! This module may not know what a plant hides.
//!
//! ```
//! use metaplastic_task::Task;
//! use metaplastic_task::seed::{EpisodeDraw, Purpose};
//! use metaplastic_task::world::adaptive_control::{AdaptiveControlParameters, AdaptiveControlTask};
//! use metaplastic_task::world::control::{Controller, track};
//! use metaplastic_task::world::life::WorldLife;
//!
//! /// Adds half of what the controller of the world commands, which it senses as analog value 2.
//! #[derive(Debug)]
//! struct Louder(f64);
//!
//! impl Controller for Louder {
//!     fn command(&mut self, analog: &[f32], commands: &mut [f32]) {
//!         commands[0] = (0.5 * f64::from(analog[2]) / self.0) as f32;
//!     }
//! }
//!
//! let scale = AdaptiveControlParameters::default().command_scale;
//! let task = AdaptiveControlTask::default();
//! let episode = task.episode(Purpose::Test, &mut EpisodeDraw::new(1, Purpose::Test, 0, 0));
//! let life = track(WorldLife::begin(&episode).unwrap(), &mut Louder(scale));
//! assert_eq!(life.record.commands.len(), episode.steps);
//! assert!(life.record.commands.iter().any(|command| *command != 0.0));
//! ```

mod controller;
mod lif_ensemble;
mod named;
mod pes;
mod pid;
#[cfg(test)]
mod tests;

pub use controller::{Channel, Controller, NoCommand, track};
pub use lif_ensemble::{LifEnsemble, LifEnsembleParameters};
pub use named::{ControllerSource, NamedController};
pub use pes::{Pes, PesChannels, PesParameters};
pub use pid::{Pid, PidParameters};
