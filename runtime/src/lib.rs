//! The integer network: steps, learns, and serves a byte stream. The same code runs on a Cortex-M and, as the
//! host emulator, on a host computer.
//!
//! `no_std`, no allocation, no float. The network is borrowed from an artifact in flash and from a storage that the
//! caller owns; after [`Network::new`] nothing can fail.
//!
//! ```
//! # fn run(bytes: &[u8]) -> Result<(), Box<dyn core::error::Error>> {
//! use metaplastic_runtime::{Artifact, Network, NetworkStorage};
//!
//! let artifact = Artifact::decode(bytes)?;
//! let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
//! let mut network = Network::new(artifact, &mut storage)?;
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
pub mod hal;
mod hash;
pub mod kernel;
mod kinds;
mod line;
mod network;
mod plasticity;
mod rounding;
mod serve;
pub mod snapshot;
mod spikes;
mod third_factor;
mod traces;
mod vectors;

pub use line::TraceLine;
pub use metaplastic_shared::artifact::{Artifact, DecodeError};
pub use metaplastic_shared::freeze::Freeze;
pub use metaplastic_shared::wire::{Cost, Refusal};
pub use network::{MemoryError, Network, NetworkCapacity, NetworkStorage, StateValues};
pub use serve::{ServeError, StepCounter, WeightStorage, serve};
