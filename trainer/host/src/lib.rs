//! Bodies: what an artifact's network runs on, and what is measured there.
//!
//! A [`body`] is the runtime in this process, an emulated board or a real one at a serial port. [`evaluate`] counts
//! right decisions on it, [`mod@bench`] measures what its steps cost, [`recording`] keeps its state step by step. This package may not know how a network is
//! trained.
#![forbid(unsafe_code)]

pub mod bench;
pub mod board_measurements;
pub mod body;
pub mod costs;
pub mod evaluate;
pub mod firmware;
pub mod inspect;
pub mod life;
pub mod plastic_weights;
pub mod recording;
pub mod state_file;
