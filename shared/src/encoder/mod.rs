//! Encoders: the readings of a sensor become the values or spikes that a network takes, in integers alone. A board calls this
//! code on its readings, and whoever trains calls it on recorded ones, so that both give the network the same bits.
//!
//! This folder may not know a sensor, a pin or a task.
//!
//! ```
//! use metaplastic_shared::encoder::{AnalogEncoder, Crossing, DeltaEncoder};
//!
//! // A converter of 12 bits, 2048 at rest, whose values become spikes where they change by 100.
//! let (mut analog, mut delta) = (AnalogEncoder::new(2048, 1, 0), DeltaEncoder::new(100));
//! let spikes = [2048, 2200, 2200, 2010].map(|reading| delta.encode(analog.encode(reading)));
//! assert_eq!(spikes, [None, Some(Crossing::Up), None, Some(Crossing::Down)]);
//! ```

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
