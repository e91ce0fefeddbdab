//! Fuzz targets for the inputs of a chip: artifacts, bytes on the wire, spikes and signals.
//!
//! `decode` feeds bytes to the decoder, `wire` to the chip's end of the wire, `step` sound networks of every kind
//! with any input. `tests/run.sh fuzz` runs each for a while from its seeds in `seeds/`.
#![forbid(unsafe_code)]

pub mod chip;
mod filters;
mod maps;
pub mod network;
pub mod repair;
pub mod whole;
