//! Boards that can be bought. They are driven over a pseudo-terminal as the serial port, and run in an emulator;
//! without an emulator, their image is built and checked. Tests that need firmware are ignored by default:
//! `tests/run.sh emulator` runs them.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod images;
mod line;
mod pico;
mod pins;
mod serial;
