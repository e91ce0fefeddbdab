//! metaplastic on the desk: gradient descent trains how a spiking network learns.
//!
//! One road, in the order to read it: [`task`] makes episodes, [`lifetime`] runs the differentiable network
//! through one, [`meta`] descends, [`quantize`] turns the trained network into an artifact, a [`body`] (host,
//! emulated board) runs it, [`report`] shows what it learned.
#![forbid(unsafe_code)]

pub mod artifact_file;
pub mod atomic;
pub mod autodiff;
pub mod bench;
pub mod body;
pub mod episode;
pub mod evaluate;
pub mod experiment;
pub mod firmware;
pub mod inspect;
pub mod learned;
pub mod lifetime;
pub mod limit;
pub mod measured;
pub mod meta;
pub mod model;
pub mod outcome;
pub mod quantize;
pub mod report;
pub mod seed;
pub mod state_file;
pub mod task;
