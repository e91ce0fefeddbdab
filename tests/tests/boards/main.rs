//! Boards that can be bought: driven over a serial port, which here is a pseudo-terminal, run in an emulator where
//! there is one, and built and looked at where there is none. What needs firmware is ignored by default:
//! `tests/run.sh emulator` runs it.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod images;
mod line;
mod pico;
mod pins;
mod serial;
