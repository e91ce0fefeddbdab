//! What the tests that cross crates share: a corpus of small networks with integer numbers, and their input.
//!
//! The networks are made, not trained: every feature and every rule is in at least one of them, and their
//! numbers come from a seeded generator, so that golden traces need no training and no float.
#![forbid(unsafe_code)]

pub mod benchmark;
pub mod corpus;
pub mod example;
pub mod forge;
pub mod golden;
pub mod thumb;
