//! The adjoint of a lifetime's state: the gradient of the loss with respect to it, after a step and then before it.

use metaplastic_shared::network::PopulationKind;

use super::plasticity::SynapseAdjoint;
use super::population::PopulationAdjoint;
use crate::lifetime::fused::plan::Plan;
use crate::lifetime::fused::state::LifetimeState;
use crate::lifetime::fused::tensors::Tensors;

/// Adjoints of the state.
#[derive(Debug)]
pub(crate) struct Adjoint {
    /// By population.
    pub(crate) populations: Vec<PopulationAdjoint>,
    /// By projection; empty where it is not plastic.
    pub(crate) synapses: Vec<SynapseAdjoint>,
}

impl Adjoint {
    /// After the last step: nothing depends on the state.
    pub(crate) fn new(plan: &Plan) -> Self {
        Self {
            populations: plan.populations.iter().map(PopulationAdjoint::new).collect(),
            synapses: plan.projections.iter().map(SynapseAdjoint::new).collect(),
        }
    }

    /// The gradient of the analog values of a step, of all analog populations in their order.
    pub(crate) fn analog(&self, plan: &Plan) -> Vec<f32> {
        let populations = plan.populations.iter().zip(&self.populations);
        let analog = populations.filter(|(population, _)| matches!(population.kind, PopulationKind::Analog(_)));
        analog.flat_map(|(population, adjoint)| &adjoint.ports.spikes[..population.size]).copied().collect()
    }

    /// Becomes zero.
    pub(crate) fn clear(&mut self) {
        self.reset_state();
        self.synapses.iter_mut().for_each(|synapses| synapses.plastic.fill(0.0));
    }

    /// Sets all adjoints but that of the plastic weights to zero.
    pub(crate) fn reset_state(&mut self) {
        self.populations.iter_mut().for_each(PopulationAdjoint::clear);
        self.synapses.iter_mut().for_each(SynapseAdjoint::reset_state);
    }

    /// Sets what has decayed to nothing to zero.
    pub(crate) fn flush(&mut self) {
        self.populations.iter_mut().for_each(PopulationAdjoint::flush);
        self.synapses.iter_mut().for_each(SynapseAdjoint::flush);
    }

    /// Truncates the gradient: the state before does not pass the adjoint on. a_E still gets its part of `a_E E`,
    /// which is otherwise added one step later.
    pub(crate) fn cut(&mut self, before: &LifetimeState, gradient: &mut Tensors) {
        let synapses = self.synapses.iter().zip(&before.synapses).zip(&mut gradient.projections);
        for ((adjoint, before), gradient) in synapses {
            let products = adjoint.eligibility.iter().zip(before.eligibility.iter()).map(|(d, e)| f64::from(d * e));
            gradient.plastic.eligibility_decay += products.sum::<f64>();
        }
        self.clear();
    }
}
