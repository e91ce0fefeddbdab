//! Files, text and limits for every package of the trainer: artifacts in files, reading and atomic writing, locks of
//! folders, the identity of files, text that may be shown, range checks of the values that a user writes, and estimates
//! of memory.
//!
//! This package may not know tasks, training or bodies.
#![forbid(unsafe_code)]

pub mod artifact_file;
pub mod atomic;
pub mod folder_lock;
pub mod integer;
pub mod limit;
pub mod memory;
pub mod npz;
pub mod regular;
pub mod same_file;
pub mod temporary;
pub mod text;
