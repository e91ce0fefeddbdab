//! The memory of lifetimes, estimated before any of it is taken: by the populations and projections that take it.

use super::carried_part::CarriedPart;

/// A batch of episodes that are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchSize {
    /// Episodes.
    pub episodes: usize,
    /// Steps of each.
    pub steps: usize,
    /// State resets of each.
    pub resets: usize,
    /// The part of the state that carries over from each to the next, if any.
    pub carried: Option<CarriedPart>,
}

/// Bytes that each part of a network takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetworkBytes {
    /// By population.
    pub populations: Vec<u64>,
    /// By projection.
    pub projections: Vec<u64>,
}
