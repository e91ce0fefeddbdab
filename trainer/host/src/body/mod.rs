//! Bodies: what a network runs on. One trait, one episode runner, and a body for each place: this process, an
//! emulator, a serial port.
//!
//! A body knows no task. It is given the input of some steps and returns the readout's class scores.

mod analog;
pub mod board;
mod client;
mod emulator;
mod error;
mod expected;
mod frames;
mod host;
mod interface;
mod name;
pub mod qemu;
mod remote;
mod rollout;
mod run_result;
mod serial;
mod start;
mod timeout;

pub use analog::AnalogExponents;
pub use client::Client;
pub use emulator::Emulator;
pub use error::BodyError;
pub use expected::Expected;
pub use host::Host;
pub use interface::Body;
pub use name::BodyName;
pub use remote::Remote;

pub use rollout::{rollout, run_episode, run_life};
pub use run_result::{ModulatedSteps, Rollout, RunResult, StepCount};
pub use serial::Serial;
pub use start::with_body;
pub use timeout::{TIMEOUT, TIMEOUT_VARIABLE};
