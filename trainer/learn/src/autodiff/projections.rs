//! What a projection carries: `I_j = sum_i s_i (W_ij + P_ij)`. A convolution is the dense projection whose synapses
//! read the shared weights, and zero where there are none.
//!
//! How `P` changes is known to the projection's plasticity.

use dfdx::prelude::*;
use metaplastic_shared::network::Convolution;

use super::parameters::TapedParameters;
use super::plasticity::{Ends, PlasticParameters};
use super::tensor::{ConstantSource, Matrix, Precision, Synapses};
use crate::model::Parameter;

/// The parameters of a projection, in the units of the equations.
pub(super) struct Synapse<E: Precision> {
    pub(super) pre: usize,
    pub(super) post: usize,
    weights: Matrix<E>,
    pub(super) plastic: Option<PlasticParameters<E>>,
}

impl<E: Precision> Synapse<E>
where
    Cpu: Device<E>,
{
    /// The parameters of projection `index`.
    pub(super) fn new(parameters: &TapedParameters<'_, E>, index: usize, source: &ConstantSource<E>) -> Self {
        let network = &parameters.model.network;
        let projection = &network.projections[index];
        let weights = parameters.present(Parameter::Weights(index));
        let weights = match projection.convolution() {
            None => weights,
            Some(convolution) => expand(weights, convolution, network.shape(projection), source),
        };
        let plasticity = projection.plasticity.as_ref();
        Self {
            pre: usize::from(projection.pre),
            post: usize::from(projection.post),
            weights,
            plastic: plasticity.map(|plasticity| PlasticParameters::new(parameters, index, plasticity)),
        }
    }

    /// The populations that it connects.
    pub(super) fn ends(&self) -> Ends {
        Ends { pre: self.pre, post: self.post }
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

/// The weights of all synapses, `[pre, post]`, from those of a window.
fn expand<E: Precision>(
    weights: Matrix<E>,
    convolution: Convolution,
    shape: (usize, usize),
    source: &ConstantSource<E>,
) -> Matrix<E>
where
    Cpu: Device<E>,
{
    let (pre, post) = shape;
    let columns = weights.shape().1;
    let count = weights.shape().num_elements();
    let mut positions = vec![None; pre * post];
    for after in 0..convolution.positions() {
        for (row, before) in window(convolution, after).enumerate() {
            let Some(before) = before else { continue };
            (0..columns).for_each(|d| positions[before * post + after * columns + d] = Some(row * columns + d));
        }
    }
    let exists = positions.iter().map(|position| if position.is_some() { E::ONE } else { E::default() }).collect();
    let positions = positions.into_iter().map(Option::unwrap_or_default).collect();
    let selected = weights.reshape_like(&(count,)).gather(source.indices(positions));
    selected.reshape_like(&(pre, post)) * source.tensor(exists, (pre, post))
}

/// The presynaptic neurons of a window in the order of the weights' rows; none beyond the map.
fn window(convolution: Convolution, position: usize) -> impl Iterator<Item = Option<usize>> {
    let Convolution { height, width, channels, kernel, stride, padding } = convolution;
    let columns = convolution.post_map().1;
    let inside = move |position: usize, offset: u8, length: u8| {
        let position = usize::from(stride) * position + usize::from(offset);
        position.checked_sub(padding.into()).filter(|position| *position < usize::from(length))
    };
    let neuron = move |u, v, c| {
        let (y, x) = (inside(position / columns, u, height)?, inside(position % columns, v, width)?);
        Some((y * usize::from(width) + x) * usize::from(channels) + usize::from(c))
    };
    let offsets = (0..kernel).flat_map(move |u| (0..kernel).map(move |v| (u, v)));
    offsets.flat_map(move |(u, v)| (0..channels).map(move |c| neuron(u, v, c)))
}
