//! Files, text and limits for every package of the trainer: artifacts in files, reading and atomic writing, locks of
//! folders, the identity of files, text that may be shown, range checks of the values that a user writes, estimates
//! of memory, and packages that a program carries as data.
//!
//! This package may not know tasks, training or bodies.
//!
//! ```
//! use std::path::Path;
//!
//! use metaplastic_files::artifact_file::ArtifactFile;
//! use metaplastic_files::limit::within;
//!
//! let file = ArtifactFile::read(Path::new("../../tests/artifacts/arm.plastic")).unwrap();
//! assert_eq!(file.artifact().manifest().task, "arm");
//! assert!(within("task.ways", 70.0, 2.0..=64.0).is_err());
//! ```
#![forbid(unsafe_code)]

pub mod artifact_file;
pub mod atomic;
pub mod folder_lock;
pub mod integer;
pub mod limit;
pub mod memory;
pub mod npy;
pub mod npz;
pub mod regular;
pub mod same_file;
pub mod source_tree;
pub mod temporary;
pub mod text;

/// This package's own files.
pub const SOURCE: &[(&str, &[u8])] = metaplastic_source::source!();
