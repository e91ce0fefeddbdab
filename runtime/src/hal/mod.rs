//! Encoders and actuators between a network and the pins of a board, over `embedded-hal`.
//!
//! They know neither board nor task; the firmware passes the pins. In each step, encoders set bits of the input,
//! the network steps, and actuators read its spikes:
//!
//! ```
//! use embedded_hal::digital::InputPin;
//! use embedded_hal::pwm::SetDutyCycle;
//! use metaplastic_runtime::Network;
//! use metaplastic_runtime::hal::{DutyActuator, EdgeEncoder, LevelEncoder};
//!
//! /// A switch and a button in, the brightness of a lamp out.
//! struct Pins<S, B, L> {
//!     switch: LevelEncoder<S>, // input neuron 0
//!     button: EdgeEncoder<B>,  // input neurons 1 (pressed) and 2 (released)
//!     lamp: DutyActuator<L>,   // neurons 0 to 3 of the readout
//! }
//!
//! impl<S: InputPin, B: InputPin<Error = S::Error>, L: SetDutyCycle<Error = S::Error>> Pins<S, B, L> {
//!     fn new(switch: S, button: B, lamp: L) -> Result<Self, S::Error> {
//!         let switch = LevelEncoder::new(switch, 0);
//!         Ok(Self { switch, button: EdgeEncoder::new(button, 1)?, lamp: DutyActuator::new(lamp, 0, 4, 5) })
//!     }
//!
//!     fn step(&mut self, network: &mut Network<'_>) -> Result<(), S::Error> {
//!         let mut inputs = [0]; // one bit per input neuron; missing ones are silent
//!         self.switch.encode(&mut inputs)?;
//!         self.button.encode(&mut inputs)?;
//!         network.step(&inputs, &[]);
//!         self.lamp.drive(network.spikes(network.readout_population()))
//!     }
//! }
//! # use embedded_hal_mock::eh1::{digital, pwm};
//! # fn on_a_board(network: &mut Network<'_>, pin: digital::Mock, pwm: pwm::Mock) {
//! #     Pins::new(pin.clone(), pin, pwm).unwrap().step(network).unwrap();
//! # }
//! ```
//!
//! Measured values reach a network as they are, through an [`AnalogEncoder`] each, and its
//! [commands](crate::Network::command) set duties or converters:
//!
//! ```
//! use embedded_hal::pwm::SetDutyCycle;
//! use metaplastic_runtime::Network;
//! use metaplastic_runtime::hal::{AnalogEncoder, CommandDuty};
//!
//! /// The angle and speed of a wheel, from the count of its encoder, and the motor that turns it.
//! struct Wheel<M> {
//!     angle: AnalogEncoder,
//!     speed: AnalogEncoder,
//!     motor: CommandDuty<M>,
//! }
//!
//! impl<M: SetDutyCycle> Wheel<M> {
//!     fn step(&mut self, network: &mut Network<'_>, count: i32) -> Result<(), M::Error> {
//!         network.step(&[], &[self.angle.encode(count), self.speed.encode(count)]);
//!         self.motor.drive(network.command(0))
//!     }
//! }
//! # use embedded_hal_mock::eh1::pwm;
//! # fn on_a_board(network: &mut Network<'_>, wheel: &mut Wheel<pwm::Mock>) {
//! #     wheel.step(network, 3).unwrap();
//! # }
//! ```
//!
//! `runtime/firmware/src/bin/pico-pins.rs` is a whole firmware of this form, for the Raspberry Pi Pico.

mod actuator;
mod command;
mod encoder;

pub use actuator::{DutyActuator, PinActuator};
pub use command::{CommandDuty, CommandRange};
pub use encoder::{EdgeEncoder, LevelEncoder, RateEncoder};
pub use metaplastic_shared::encoder::{
    AnalogEncoder, BandDecays, BandPass, Crossing, DeltaEncoder, LowPass, resampled,
};
