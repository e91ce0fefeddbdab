//! The state of a population.

use dfdx::prelude::*;

use super::tensor::{ConstantSource, Matrix, Precision};

/// The state of a population, each `[episodes, neurons]`; what its kind does not have stays zero.
#[derive(Clone)]
pub(super) struct TapedPopulationState<E: Precision> {
    /// s.
    pub(super) spikes: Matrix<E>,
    /// v, or u of a modulator.
    pub(super) potential: Matrix<E>,
    /// i.
    pub(super) synapse: Matrix<E>,
    /// d.
    pub(super) distance: Matrix<E>,
    /// a.
    pub(super) adaptation: Matrix<E>,
    /// m.
    pub(super) modulation: Matrix<E>,
    /// Steps for which the neuron still cannot spike.
    pub(super) refractory: Vec<u8>,
}

impl<E: Precision> TapedPopulationState<E>
where
    Cpu: Device<E>,
{
    /// The initial state.
    pub(super) fn new(source: &ConstantSource<E>, shape: (usize, usize)) -> Self {
        let zeros = || source.zeros(shape);
        Self {
            spikes: zeros(),
            potential: zeros(),
            synapse: zeros(),
            distance: zeros(),
            adaptation: zeros(),
            modulation: zeros(),
            refractory: vec![0; shape.0 * shape.1],
        }
    }
}
