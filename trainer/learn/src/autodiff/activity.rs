//! The state of a population.

use dfdx::prelude::*;

use super::lanes::{stacked, take};
use super::tensor::{ConstantSource, Matrix, Precision};
use crate::lifetime::carried::{CarriedNeurons, CarriedState};

/// The state of a population, each `[episodes, neurons]`; what its kind does not have stays zero.
#[derive(Clone)]
pub(super) struct TapedPopulationState<E: Precision> {
    /// What projections carry: s, or the values of an analog population.
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
    /// The state of population `index` in whole states, one for each lane.
    pub(super) fn begin(&mut self, source: &ConstantSource<E>, index: usize, lanes: &[CarriedState]) {
        let shape = *self.spikes.shape();
        let of = |list: fn(&CarriedNeurons) -> &Vec<f32>| {
            stacked(source, lanes.iter().filter_map(|lane| lane.neurons(index)).map(list), shape)
        };
        self.spikes = of(|neurons| &neurons.spikes);
        self.potential = of(|neurons| &neurons.potential);
        self.synapse = of(|neurons| &neurons.synapse);
        self.adaptation = of(|neurons| &neurons.adaptation);
        let refractory =
            lanes.iter().filter_map(|lane| lane.neurons(index)).flat_map(|neurons| &neurons.refractory);
        self.refractory.iter_mut().zip(refractory).for_each(|(steps, carried)| *steps = *carried as u8);
    }

    /// Puts the state of a lane into that of population `index` of a whole state.
    pub(super) fn end(&self, lane: usize, index: usize, end: &mut CarriedState) {
        let Some(neurons) = end.neurons_mut(index) else { return };
        let CarriedNeurons { spikes, potential, synapse, adaptation, refractory } = neurons;
        take(spikes, &self.spikes, lane);
        take(potential, &self.potential, lane);
        take(synapse, &self.synapse, lane);
        take(adaptation, &self.adaptation, lane);
        let steps = self.refractory[lane * refractory.len()..].iter();
        refractory.iter_mut().zip(steps).for_each(|(to, steps)| *to = f32::from(*steps));
    }
}
