//! The optimiser: gradient clipping, the learning rate's schedule, Adam. It knows no network.

mod adam;
mod clip;
mod schedule;

pub use adam::{Adam, AdamConfiguration};
pub use clip::{clip, norm};
pub use schedule::OneCycle;
