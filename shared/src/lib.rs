//! The contract between host computer and chip: network description, plasticity rule, number formats, artifact,
//! sections of the state, boards and wire messages.
//!
//! This crate is `no_std` and never allocates. The same types therefore describe a network to the trainer, in the
//! artifact and to the runtime. The crate knows neither how a network is trained nor how it is stepped.
//!
//! ```
//! use metaplastic_shared::rule::Preset;
//!
//! let rule = Preset::Event.rule();
//! assert!(rule.is_event_driven());
//! assert_eq!(rule.terms.len(), 4);
//! ```
#![no_std]
#![forbid(unsafe_code)]

pub mod arithmetic;
pub mod artifact;
pub mod board;
pub mod checksum;
pub mod encoder;
pub mod format;
pub mod freeze;
pub mod kinds;
pub mod network;
pub mod rule;
pub mod state;
pub mod wire;

/// This package's own files, for programs that build firmware where there is no repository.
pub const SOURCE: &[(&str, &[u8])] = metaplastic_source::source!();
