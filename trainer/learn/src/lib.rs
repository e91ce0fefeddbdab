//! The differentiable network and its meta-training.
//!
//! [`experiment`] reads what is to be trained, [`lifetime`] runs the differentiable network through whole episodes,
//! forward and backward, [`meta`] descends with the help of [`optimiser`] and [`constraints`], and [`quantize`]
//! turns the trained network into an artifact, with the formats that [`validation`] shows to be needed. [`autodiff`] is the same network as plain dfdx operations: the
//! reference. This package may not know which body runs an artifact.
#![forbid(unsafe_code)]

pub mod autodiff;
pub mod constraints;
pub mod evaluate;
pub mod experiment;
pub mod lifetime;
pub mod meta;
pub mod model;
pub mod optimiser;
pub mod quantize;
pub mod validation;

/// This package's own files.
pub const SOURCE: &[(&str, &[u8])] = metaplastic_source::source!();
