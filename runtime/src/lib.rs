//! The integer network: steps, learns, and serves a byte stream. The same code runs on a Cortex-M and, as the
//! host emulator, on a desk.
//!
//! `no_std`, no allocation, no float. The network is borrowed from an artifact in flash and from places and one buffer
//! that the caller lends; after [`Network::new`] nothing can fail.
//!
//! ```
//! # fn run(bytes: &[u8], memory: &mut [u64]) -> Result<(), Box<dyn core::error::Error>> {
//! use metaplastic_runtime::{Artifact, Network, Places};
//!
//! let artifact = Artifact::decode(bytes)?;
//! let mut places = Places::new();
//! let mut network = Network::new(artifact, &mut places, memory)?;
//! network.step(&[0b0000_0101], &[]); // input neurons 0 and 2 spike
//! let output = network.readout_population();
//! println!("{} output neurons spiked", network.spikes(output).count());
//! # Ok(())
//! # }
//! ```
#![no_std]
#![deny(unsafe_code)]

#[cfg(test)]
extern crate std;

mod arena;
mod bits;
mod convolution;
pub mod hal;
mod hash;
pub mod kernel;
mod lif;
mod line;
mod modulator;
mod network;
mod places;
mod plasticity;
mod projection;
mod serve;
pub mod snapshot;
mod spikes;
mod third_factor;
mod traces;
mod vectors;

pub use line::Line;
pub use metaplastic_shared::arithmetic::Signal;
pub use metaplastic_shared::artifact::{Artifact, DecodeError};
pub use metaplastic_shared::wire::{Cost, Freeze, Refusal};
pub use network::{MemoryError, Network};
pub use places::{PlaceCount, Places};
pub use serve::{Board, ServeError, serve};
pub use vectors::increment_limit;
