//! The differentiable network and its meta-training.
//!
//! [`experiment`] reads what is to be trained, [`lifetime`] runs the differentiable network through whole episodes,
//! forward and backward, [`meta`] descends with the help of [`optimiser`] and [`constraints`], and [`quantize`]
//! turns the trained network into an artifact, with the formats that [`validation`] shows to be needed. A
//! [`lifetime::FloatNetwork`] is stepped by hand. [`autodiff`] is the same network as plain dfdx operations: the reference.
//! This package may not know which body runs an artifact.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//!
//! use metaplastic_learn::autodiff::FusedEngine;
//! use metaplastic_learn::experiment::Experiment;
//! use metaplastic_learn::lifetime::fused::FusedLifetime;
//! use metaplastic_learn::meta::{TrainOptions, train};
//! use metaplastic_learn::quantize::{Labels, quantize};
//! use metaplastic_learn::validation::validate;
//!
//! let mut experiment = Experiment::load("bandit-close").unwrap();
//! (experiment.meta.batch, experiment.meta.meta_steps) = (4, 2); // far too few to learn anything
//! let (folder, stop) = (tempfile::tempdir().unwrap(), AtomicBool::new(false));
//! let options = TrainOptions { folder: folder.path(), resume: false, checkpoint_every: 100, stop: &stop };
//! let trained = train(&experiment, &FusedEngine::new(FusedLifetime::default()), options, &mut ()).unwrap();
//!
//! // Integers, whose formats fit what was seen in validation episodes.
//! let ranges = validate(&experiment, &trained.parameters).ranges;
//! let labels = Labels { task: "bandit", ..Labels::default() };
//! let artifact = quantize(&experiment.model, &trained.parameters, &ranges, labels).unwrap();
//! assert_eq!(artifact.artifact().manifest().network, experiment.model.network);
//! ```
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
