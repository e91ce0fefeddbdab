//! Whole lifetimes forward and backward, with an adjoint derived by hand (`docs/adjoint.md`).
mod aligned;
mod ballot;
pub(super) mod dynamics;
mod kernel;
mod lanes;
mod learning;
mod neurons;
mod plan;
mod state;
mod tensors;
pub(super) mod view;
