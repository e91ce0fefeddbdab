//! Experiments: a task, a network, and how its meta-parameters start and are descended on, in one TOML file.
//!
//! Built-in experiments are files too, with every value written out; they are the place to start a new one from. A
//! kind of population or projection has its keys, its description and its starts in one file. This module may know
//! nothing of how a lifetime is run.

mod analog;
mod carry_over;
mod configuration;
mod constraints;
mod convolution;
mod decay;
mod definition;
mod document;
mod error;
mod file;
mod given;
mod lif;
mod list;
mod modulator;
mod names;
mod network;
mod overrides;
mod plasticity;
mod population;
mod projection;
mod range;
mod readout;
mod rewards;
mod start;
mod weights;
#[cfg(test)]
mod written_out;

pub use carry_over::CarryOver;
pub use configuration::{META_STEPS, MetaConfiguration};
pub use definition::{Experiment, ExperimentReader, StartRefusal, built_in_names};
pub use document::line;
pub use error::{ExperimentError, Fault};
pub use overrides::Override;
pub use rewards::Rewards;
