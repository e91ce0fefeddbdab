//! Files and limits for every package of the trainer: artifacts in files, atomic writing, texts, range checks of the
//! values that a user writes, and estimates of memory.
//!
//! This package may not know tasks, training or bodies.
#![forbid(unsafe_code)]

pub mod artifact_file;
pub mod atomic;
pub mod integer;
pub mod limit;
pub mod memory;
pub mod text;
