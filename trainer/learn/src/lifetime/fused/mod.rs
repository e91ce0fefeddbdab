//! Whole lifetimes forward and backward, with an adjoint derived by hand (`docs/adjoint.md`).
//!
//! Plain Rust: it stops at the counts, and knows neither the loss on top of them nor the library that
//! differentiates that; only the regularisers of activity, terms of the loss beside the counts, are its own. In the
//! order to read it: [`plan`] and [`tensors`] hold what stays the same during a lifetime, [`state`] what changes;
//! [`forward`] is one step, [`backward`] the step backwards, one file per kind in each; [`kernel`] the loops over
//! synapses, [`windows`] and [`map`] what a convolution needs; [`batch`] runs whole batches, [`engine`] makes an
//! engine of that. What is outside of the network is asked step by step: an [`InputSource`](forward::InputSource) for the
//! inputs, and backwards an [`OuterAdjoint`](backward::OuterAdjoint) for the gradient of the readout.
//!
//! ```
//! use std::num::NonZeroUsize;
//!
//! use metaplastic_learn::experiment::Experiment;
//! use metaplastic_learn::lifetime::fused::FusedLifetime;
//! use metaplastic_learn::lifetime::{BatchSize, Lifetime};
//!
//! let lifetime = FusedLifetime::default().with_truncation(NonZeroUsize::new(50));
//! assert_eq!(lifetime.facts()[0], ("--truncate", "50".to_owned()));
//!
//! // What a batch would take is known before any of it is run.
//! let model = Experiment::load("cue-association").unwrap().model;
//! let bytes = |episodes| {
//!     let batch = BatchSize { episodes, steps: 180, resets: 0, carried: None };
//!     lifetime.memory(&model, batch).projections.iter().sum::<u64>()
//! };
//! assert!(bytes(256) > bytes(32));
//! ```
#![allow(rustdoc::private_intra_doc_links, reason = "the reading order names private modules")]

mod aligned;
mod backward;
mod batch;
pub(super) mod carried;
mod checkpoint;
pub(super) mod configuration;
mod decays;
pub(super) mod dynamics;
mod engine;
mod flat;
mod flush;
pub(super) mod forward;
mod kernel;
mod lanes;
mod map;
pub(super) mod memory;
pub(super) mod plan;
mod population;
pub(super) mod readout;
mod regulariser;
mod segments;
mod sparse;
pub(super) mod state;
mod tensors;
pub(super) mod view;
mod windows;
pub(super) mod world;

pub use engine::{FusedLifetime, Saved};
