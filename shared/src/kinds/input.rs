//! Input populations: their spikes come from outside, and that is all there is to them.

/// Most neurons of an input population.
pub const MAX_INPUTS: u16 = 4096;
