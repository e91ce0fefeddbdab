//! This package as data, with its examples and the template of projects: what a program carries to begin others.

/// This package's own files.
pub const SOURCE: &[(&str, &[u8])] = metaplastic_source::source!("examples", "template");
