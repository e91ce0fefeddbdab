//! What every desktop package reads and writes: artifacts, files that appear whole or not at all, and values that a
//! user writes within limits.
//!
//! This package may not know tasks, training or bodies.
#![forbid(unsafe_code)]

pub mod artifact_file;
pub mod atomic;
pub mod limit;
