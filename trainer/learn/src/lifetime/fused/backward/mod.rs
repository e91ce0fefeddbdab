//! One step backward: one file per kind of population, projection and plasticity, and the files that list them.

pub(crate) mod adjoint;
mod convolution;
mod dense;
mod lif;
mod modulator;
mod outer;
mod plasticity;
mod population;
mod ports;
mod projection;
mod propagation;
mod step;

pub(crate) use adjoint::Adjoint;
pub(crate) use outer::OuterAdjoint;
pub(crate) use plasticity::SynapseAdjoint;
pub(crate) use population::PopulationAdjoint;
pub(crate) use step::StepContext;
