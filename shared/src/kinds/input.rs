//! Input populations. Their spikes come from outside; they have no state and no parameters.

/// Largest number of neurons of all input populations together: one step's spikes fit a message, see
/// [`wire`](crate::wire).
pub const MAX_INPUTS: u16 = 4096;
