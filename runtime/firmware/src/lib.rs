//! The parts that the firmware of all boards shares: the embedded artifact and how it is served, a UART as the byte
//! stream, a lamp that is lit during steps, and a stopwatch over the core's SysTick.
//!
//! It knows neither a task nor a board. `build.rs` embeds the artifact, sizes the network's storage and converts
//! ticks to the unit of cost. Start-up, pins and the byte stream are in the binaries, one per kind of board. The
//! start-up that several binaries of a board share is a module behind the board's feature.
//!
//! All of it is behind the feature `board`; in a browser, behind `browser`, a page's functions are in place of it. Without them, as for a program of the host computer, the package is its own
//! files and what was measured of them.
#![no_std]

#[cfg(all(feature = "browser", target_arch = "wasm32"))]
mod browser;
#[cfg(feature = "board")]
mod embedded;
#[cfg(feature = "board")]
mod instruments;
#[cfg(feature = "board")]
mod line;
#[cfg(feature = "pico")]
pub mod pico;
#[cfg(feature = "board")]
mod stopwatch;

#[cfg(feature = "board")]
pub use embedded::{
    ARTIFACT, Aligned, COST, EMPTY_STORAGE, EmbeddedStorage, Failure, STORAGE, UNITS_PER_TICK, network, serve,
};
#[cfg(feature = "board")]
pub use instruments::{Instruments, Inverted};
#[cfg(feature = "board")]
pub use line::{Uart, UartLine};
#[cfg(feature = "board")]
pub use stopwatch::Stopwatch;

/// The memory that the firmware needs on each measured board, and the cost of its steps, in TOML.
pub const MEASUREMENTS: &str = include_str!("../measurements.toml");

/// This package's own files, for programs that build the firmware where there is no repository.
pub const SOURCE: &[(&str, &[u8])] = metaplastic_source::source!("measurements.toml", "profile.toml", "rp2040js");

/// The manifest that this package's own inherits from, if it does, and the lock file.
pub const WORKSPACE: (Option<&str>, Option<&str>) = metaplastic_source::workspace!();
