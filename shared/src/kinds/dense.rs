//! Dense connectivity: every neuron to every neuron, each synapse with its own weight. The only one that can be
//! plastic.

/// Rows and columns of the innate weights: the neurons before and after the projection.
pub(super) fn weight_shape(shape: (usize, usize)) -> (usize, usize) {
    shape
}
