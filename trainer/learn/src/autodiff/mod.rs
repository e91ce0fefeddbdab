//! The only module that names dfdx.
//!
//! [`Reference`] is the network's equations in dfdx's plain operations: slow, and what every faster engine is
//! compared with. [`FusedEngine`] puts a lifetime that is differentiated by hand on dfdx's tape as one custom
//! operation. Both share the loss.

mod activity;
mod episodes;
mod fused;
mod gradient;
mod lanes;
mod lif;
mod lifetimes;
mod loss;
mod modulator;
mod neurons;
mod parameters;
mod plasticity;
mod projections;
mod reference;
mod spike;
mod tensor;

pub use fused::FusedEngine;
pub use gradient::ExactGradient;
pub use reference::Reference;
