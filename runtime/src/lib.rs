//! The integer network: steps, learns, and serves a byte stream. The same code runs on a Cortex-M and, as the
//! host emulator, on a host computer.
//!
//! `no_std`, no allocation, no float. The network is borrowed from an artifact in flash and from a storage that the
//! caller owns; after [`Network::new`] nothing can fail.
//!
//! ```
//! use metaplastic_runtime::{Artifact, Network, NetworkStorage};
//!
//! // As in flash, aligned.
//! #[repr(align(8))]
//! struct Flash<const LENGTH: usize>([u8; LENGTH]);
//! static FLASH: &Flash<{ include_bytes!("../../tests/artifacts/cue-association.plastic").len() }> =
//!     &Flash(*include_bytes!("../../tests/artifacts/cue-association.plastic"));
//!
//! let artifact = Artifact::decode(&FLASH.0).unwrap(); // every index, shape and bound is checked here
//! let mut storage = NetworkStorage::new([0; 4096]);
//! let mut network = Network::new(artifact, &mut storage).unwrap();
//! for _ in 0..20 {
//!     network.step(&[0xff; 9], &[]); // all input neurons spike
//! }
//! let output = network.readout_population();
//! assert!(network.potentials(output).iter().any(|potential| *potential != 0));
//! assert_eq!(network.age(), 20);
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

/// This package's own files, for programs that build firmware where there is no repository.
pub const SOURCE: &[(&str, &[u8])] = metaplastic_source::source!();
