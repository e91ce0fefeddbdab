//! Files and limits for every package of the trainer: artifacts in files, atomic writing, locks of folders, the identity
//! of files, and range checks of the values that a user writes.
//!
//! This package may not know tasks, training or bodies.
#![forbid(unsafe_code)]

pub mod artifact_file;
pub mod atomic;
pub mod folder_lock;
pub mod limit;
pub mod same_file;
