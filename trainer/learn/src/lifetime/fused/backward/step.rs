//! The order of one step backwards: readout, plastic projections, then populations from the last to the first, each
//! followed by the projections onto it, then analog values. The equations are in `docs/adjoint.md`.

use metaplastic_shared::network::PopulationKind as Kind;

use super::adjoint::Adjoint;
use super::lif::LifStep;
use super::modulator::ModulatorStep;
use super::outer::OuterAdjoint;
use super::plasticity::PlasticStep;
use super::population::{KindAdjoint, PopulationAdjoint};
use super::projection::ProjectionStep;
use super::propagation::projection_back;
use crate::lifetime::fused::dynamics::Dynamics;
use crate::lifetime::fused::flush::is_due;
use crate::lifetime::fused::forward::lif::LifContext;
use crate::lifetime::fused::forward::modulator::ModulatorContext;
use crate::lifetime::fused::population::{PopulationState, PopulationTensors};
use crate::lifetime::fused::regulariser::{RegulariserWeights, add_spike_gradient};
use crate::lifetime::fused::state::LifetimeState;
use crate::lifetime::fused::tensors::Tensors;

/// One backward step, with the state before and after the step.
#[derive(Clone, Copy)]
pub(crate) struct StepContext<'a> {
    /// The network.
    pub(crate) dynamics: &'a Dynamics,
    /// Which step.
    pub(crate) step: usize,
    /// The weights of the regularisers in this step.
    pub(crate) regularisers: RegulariserWeights,
    /// State before.
    pub(crate) before: &'a LifetimeState,
    /// State after.
    pub(crate) after: &'a LifetimeState,
}

impl StepContext<'_> {
    /// Turns the adjoint of the state after a step into that before it, and adds the gradient of the step's
    /// meta-parameters to `gradient`.
    pub(crate) fn back(self, outer: &mut impl OuterAdjoint, adjoint: &mut Adjoint, gradient: &mut Tensors) {
        let Self { dynamics, step, before, .. } = self;
        self.readout_back(outer, adjoint);
        for index in 0..dynamics.plan.projections.len() {
            self.plasticity_back(index, adjoint, gradient);
        }
        for index in (0..dynamics.plan.populations.len()).rev() {
            self.population_back(index, &mut adjoint.populations[index], &mut gradient.populations[index]);
            self.propagate_back(index, adjoint, gradient);
        }
        if dynamics.configuration.analog_gradient {
            outer.take_analog_gradient(step, &adjoint.analog(&dynamics.plan));
        }
        adjoint.populations.iter_mut().for_each(|population| population.ports.go_back());
        if is_due(step) {
            adjoint.flush();
        }
        if dynamics.configuration.cuts_before(step) {
            adjoint.cut(before, gradient);
        }
    }

    fn readout_back(self, outer: &mut impl OuterAdjoint, adjoint: &mut Adjoint) {
        let plan = &self.dynamics.plan;
        let readout = usize::from(plan.readout.population);
        let values = adjoint.populations[readout].readout(plan.populations[readout].is_graded());
        outer.add_readout_gradient(plan, self.step, values);
    }

    fn plasticity_back(self, index: usize, adjoint: &mut Adjoint, gradient: &mut Tensors) {
        let Self { dynamics, before, after, .. } = self;
        let Some(projection) = dynamics.plastic_projection(index) else { return };
        let inputs = projection.inputs(&after.neurons);
        let step =
            PlasticStep { projection, inputs, before: &before.synapses[index], after: &after.synapses[index] };
        let Adjoint { populations, synapses } = adjoint;
        step.back(&mut synapses[index], populations, &mut gradient.projections[index].plastic);
    }

    /// Through every projection onto a population.
    fn propagate_back(self, population: usize, adjoint: &mut Adjoint, gradient: &mut Tensors) {
        let Self { dynamics, before, after, .. } = self;
        let current = std::mem::take(&mut adjoint.populations[population].ports.current);
        for index in dynamics.plan.populations[population].incoming.iter().copied() {
            projection_back(ProjectionStep { dynamics, index, before, after }, &current, adjoint, gradient);
        }
        adjoint.populations[population].ports.current = current;
    }

    fn population_back(self, index: usize, adjoint: &mut PopulationAdjoint, gradient: &mut PopulationTensors) {
        let Self { dynamics, regularisers, before, after, .. } = self;
        let context = dynamics.population(index);
        let PopulationAdjoint { ports, kind } = adjoint;
        let values = &dynamics.values.populations[index];
        let states = (&before.neurons[index], &after.neurons[index]);
        match (context.population.kind, values, states, kind, gradient) {
            (
                Kind::Lif(lif),
                PopulationTensors::Lif(values),
                (PopulationState::Lif(before), PopulationState::Lif(after)),
                KindAdjoint::Lif(adjoint),
                PopulationTensors::Lif(gradient),
            ) => {
                add_spike_gradient(regularisers, &after.spikes.values, context.population.size, &mut ports.spikes);
                let population = LifContext { lif, values, context };
                LifStep { population, before, after }.back(ports, adjoint, gradient);
            }
            (
                Kind::Modulator(modulator),
                PopulationTensors::Modulator(values),
                (PopulationState::Modulator(before), PopulationState::Modulator(after)),
                KindAdjoint::Modulator(adjoint),
                PopulationTensors::Modulator(gradient),
            ) => {
                let population = ModulatorContext { modulator, values, context };
                let regulariser_weight = regularisers.modulation;
                let step = ModulatorStep { population, regulariser_weight, before, after };
                step.back(ports, adjoint, gradient);
            }
            _ => {}
        }
    }
}
