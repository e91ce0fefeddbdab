//! What a board's firmware needs from its build: the trained artifact in flash, storage for its network that is sized at
//! compile time, the linker's memory map, and a compiler with a core library for the board.
//!
//! A firmware's whole build script:
//!
//! ```no_run
//! fn main() -> Result<(), metaplastic_build::EmbedError> {
//!     metaplastic_build::embed("pico", "network.plastic")
//! }
//! ```
//!
//! The firmware takes the generated constants in with `include!(concat!(env!("OUT_DIR"), "/network.rs"));`, and has:
//!
//! | constant | |
//! |---|---|
//! | `ARTIFACT` | the artifact, aligned as [`Artifact::decode`] wants it, in its field `0` |
//! | `EmbeddedStorage`, `EMPTY_STORAGE` | the type of the network's storage, for a static of the binary, and its value at the start |
//! | `COST`, `UNITS_PER_TICK` | the unit of cost that SysTick counts, and units and ticks as a fraction |
//! | `STORAGE` | the part of flash for plastic weights, bytes from the start of flash |
//!
//! It needs the packages `cortex-m-rt`, whose linker script includes the memory map, and `metaplastic-runtime`. What is
//! written can be looked at, for any board of the [table](metaplastic_shared::board::BOARDS) or for one of your own:
//!
//! ```
//! use metaplastic_shared::board::Board;
//!
//! let mine = Board { name: "mine", ram_kib: 64, stack_bytes: 4096, ..*Board::named("nrf52840-dk").unwrap() };
//! let map = metaplastic_build::memory_map(&mine);
//! assert!(map.contains("RAM : ORIGIN = 0x20000000 + 4096, LENGTH = 64K - 4096"), "{map}");
//! ```
//!
//! `cargo run -p metaplastic-build --example embed -- pico FILE.plastic` prints both files of a trained network.
//!
//! Two kinds of machine exist. Where rustup can download a target, its own compiler builds firmware. Where it cannot, a
//! distribution's compiler (Debian: rustc-web) builds it against a `core` compiled once from the matching library source
//! (rust-web-src) into a sysroot in the user's cache. [`Toolchain::find`] chooses, and [`cargo`] is the command that
//! builds with it; both are behind the feature `toolchain`, which a build script does without.
//!
//! This package knows neither a task nor what is sent to a board.
//!
//! [`Artifact::decode`]: metaplastic_runtime::Artifact::decode
#![forbid(unsafe_code)]

#[cfg(feature = "toolchain")]
mod cache;
#[cfg(feature = "toolchain")]
mod command;
mod constants;
mod embed;
mod error;
mod memory_map;
#[cfg(feature = "toolchain")]
mod sysroot;
#[cfg(feature = "toolchain")]
mod toolchain;
#[cfg(feature = "toolchain")]
mod toolchain_error;

#[cfg(feature = "toolchain")]
pub use cache::{CACHE_VARIABLE, cache_folder};
#[cfg(feature = "toolchain")]
pub use command::{cargo, cargo_for_browser};
pub use constants::constants;
pub use embed::{ARTIFACT_VARIABLE, BOARD_VARIABLE, board, embed, embed_for, embed_from_environment};
pub use error::EmbedError;
pub use memory_map::memory_map;
#[cfg(feature = "toolchain")]
pub use toolchain::Toolchain;
#[cfg(feature = "toolchain")]
pub use toolchain_error::ToolchainError;

/// This package's own files.
pub const SOURCE: &[(&str, &[u8])] = metaplastic_source::source!("examples");
