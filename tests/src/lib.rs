//! The code that tests of several crates share: a corpus of small networks with integer numbers, and their input.
//!
//! The networks are not trained. Every feature and every rule is in at least one of them, and their numbers come
//! from a seeded generator, so that golden traces need no training and no float.
//!
//! The modules that the fuzzers of `tests/fuzz` use need only `shared` and `runtime`. The others need the features
//! `trainer` and `chip`, which are on by default, so that a fuzzer is built without the trainer.
#![forbid(unsafe_code)]

#[cfg(feature = "trainer")]
pub mod benchmark;
#[cfg(feature = "chip")]
pub mod chip;
#[cfg(feature = "trainer")]
pub mod corpus;
pub mod envelope;
#[cfg(feature = "trainer")]
pub mod example;
pub mod flash;
#[cfg(feature = "trainer")]
pub mod forge;
#[cfg(feature = "trainer")]
pub mod golden;
pub mod soundness;
pub mod thumb;
#[cfg(feature = "trainer")]
pub mod trained;
