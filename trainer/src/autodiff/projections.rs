//! What a projection carries: `I_j = sum_i s_i (W_ij + P_ij)`.
//!
//! How `P` changes is the business of the projection's plasticity.

use dfdx::prelude::*;

use super::parameters::Parameters;
use super::plasticity::Plastic;
use super::tensor::{Matrix, Precision, Synapses};
use crate::model::Parameter;

/// The parameters of a projection, in the units of the equations.
pub(super) struct Synapse<E: Precision> {
    pub(super) pre: usize,
    pub(super) post: usize,
    weights: Matrix<E>,
    pub(super) plastic: Option<Plastic<E>>,
}

impl<E: Precision> Synapse<E>
where
    Cpu: Device<E>,
{
    /// The parameters of projection `index`.
    pub(super) fn new(parameters: &Parameters<'_, E>, index: usize) -> Self {
        let projection = &parameters.model.network.projections[index];
        let plasticity = projection.plasticity.as_ref();
        Self {
            pre: usize::from(projection.pre),
            post: usize::from(projection.post),
            weights: parameters.present(Parameter::Weights(index)),
            plastic: plasticity.map(|plasticity| Plastic::new(parameters, index, plasticity)),
        }
    }

    /// The current of presynaptic spikes `[episodes, pre]`, with `P` `[episodes, pre, post]`: `[episodes, post]`.
    pub(super) fn current(&self, spikes: &Matrix<E>, plastic_weights: Option<&Synapses<E>>) -> Matrix<E> {
        let innate = spikes.clone().matmul(self.weights.clone());
        let Some(plastic_weights) = plastic_weights else { return innate };
        let (episodes, pre, post) = *plastic_weights.shape();
        let rows = spikes.clone().reshape_like(&(episodes, 1, pre));
        innate + rows.matmul(plastic_weights.clone()).reshape_like(&(episodes, post))
    }
}
