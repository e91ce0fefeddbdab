//! Input populations. Their spikes come from outside; they have no state and no parameters.

/// Largest number of neurons of an input population.
pub const MAX_INPUTS: u16 = 4096;
