//! One step forward: one file per kind of population, projection and plasticity, and the files that list them.

mod analog;
mod convolution;
mod dense;
mod input;
pub(crate) mod lif;
pub(crate) mod modulator;
pub(crate) mod plasticity;
pub(crate) mod projection;
mod source;
mod step;

pub(crate) use source::{InputSource, StepInput};
pub(crate) use step::{rollout, run_step};
