//! Fuzz targets for the inputs of a chip: artifacts, bytes on the wire, spikes and analog values; and for what a host
//! computer reads: zips of drawings, windows, experiments, checkpoints, answers of a chip.
//!
//! `decode` feeds bytes to the decoder, `wire` to the chip's end of the wire, `step` sound networks of every kind
//! with any input. `zips` reads any bytes as a zip, and zips with any files in them; `windows` any bytes as windows of each
//! format; `experiments` any text as an experiment, `checkpoints` any bytes as the checkpoint of a training, and `answers`
//! evaluates on a line where anything may arrive. `tests/run.sh fuzz` runs each for a while from its seeds in `seeds/`.
#![forbid(unsafe_code)]

pub mod chip;
mod filters;
pub mod frame;
mod maps;
pub mod network;
#[cfg(feature = "host")]
pub mod peer;
pub mod repair;
pub mod whole;
