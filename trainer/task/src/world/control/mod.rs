//! Controllers without a trained network, which a network is compared with: they see what it sees and give what it gives.
//! This module may not know what a plant hides.

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
