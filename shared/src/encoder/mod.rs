//! Encoders: the readings of a sensor become the values or spikes that a network takes, in integers alone. A board calls this
//! code on its readings, and whoever trains calls it on recorded ones, so that both give the network the same bits.
//!
//! This folder may not know a sensor, a pin or a task.

mod analog;
mod delta;
mod filter_bank;
mod low_pass;
mod resample;
mod whiten;

pub use analog::AnalogEncoder;
pub use delta::{Crossing, DeltaEncoder};
pub use filter_bank::{BandDecays, BandPass};
pub use low_pass::LowPass;
pub use resample::resampled;
pub use whiten::{COEFFICIENT_BITS, combined};
