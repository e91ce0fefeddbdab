//! Between a network and the pins of a board, over `embedded-hal`: events become spikes, spikes become actions.
//!
//! Nothing here knows a board or a task; a firmware gives the pins. `runtime/firmware/src/bin/pins.rs` is an example, from
//! two input pins to an output pin and a PWM duty, that runs on the emulated boards.

mod actuator;
mod encoder;

pub use actuator::{DutyActuator, PinActuator};
pub use encoder::{EdgeEncoder, LevelEncoder, RateEncoder};
