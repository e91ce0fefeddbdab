//! Between a network and the pins of a board, over `embedded-hal`: events become spikes, spikes become actions.
//!
//! Nothing here knows a board or a task; a firmware gives the pins.

mod actuator;
mod encoder;

pub use actuator::{DutyActuator, PinActuator};
pub use encoder::{EdgeEncoder, LevelEncoder, RateEncoder};
