//! Scratch memory in which the input of a population is summed: one set of buffers for the whole network.
//!
//! It knows no neuron and no projection.

/// Scratch memory for the input of a population or of a position of a map.
pub(crate) struct InputScratch<'s> {
    /// Rows of a convolution's weights, or channels of a position that spike.
    pub(crate) rows: &'s mut [u16],
    /// The sums of one projection, of the length of a row of weights.
    pub(crate) sums: &'s mut [i32],
    /// The input itself, of the same length.
    pub(crate) total: &'s mut [i32],
}
