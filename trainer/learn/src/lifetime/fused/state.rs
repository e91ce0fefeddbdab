//! The state of a network in one lifetime at the end of a step: what the next step needs, and what the adjoint
//! reads.

use super::forward::plasticity::PlasticState;
use super::plan::Plan;
use super::population::PopulationState;

/// State at the end of a step; all zero at first.
#[derive(Debug)]
pub(crate) struct LifetimeState {
    /// By population.
    pub(crate) neurons: Vec<PopulationState>,
    /// By projection; empty where it is not plastic.
    pub(crate) synapses: Vec<PlasticState>,
}

impl LifetimeState {
    /// The initial state.
    pub(crate) fn new(plan: &Plan) -> Self {
        Self {
            neurons: plan.populations.iter().map(PopulationState::new).collect(),
            synapses: plan.projections.iter().map(PlasticState::new).collect(),
        }
    }

    /// Sets all state but the plastic weights to zero.
    pub(crate) fn reset_state(&mut self) {
        self.neurons.iter_mut().for_each(PopulationState::reset_state);
        self.synapses.iter_mut().for_each(PlasticState::reset_state);
    }

    /// Sets what has decayed to nothing to zero.
    pub(crate) fn flush(&mut self) {
        self.neurons.iter_mut().for_each(PopulationState::flush);
        self.synapses.iter_mut().for_each(PlasticState::flush);
    }

    /// An upper estimate of the bytes that it takes.
    pub(crate) fn bytes(plan: &Plan) -> usize {
        let neurons = plan.populations.iter().map(PopulationState::floats).sum::<usize>();
        let synapses = plan.projections.iter().map(PlasticState::floats).sum::<usize>();
        (neurons + synapses) * size_of::<f32>()
    }
}

impl Clone for LifetimeState {
    fn clone(&self) -> Self {
        Self { neurons: self.neurons.clone(), synapses: self.synapses.clone() }
    }

    fn clone_from(&mut self, source: &Self) {
        self.neurons.clone_from(&source.neurons);
        self.synapses.clone_from(&source.synapses);
    }
}
