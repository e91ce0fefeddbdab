//! The order of one step: what comes from outside, then populations as they are declared, each under the currents of its
//! projections, then plastic projections; and whole lifetimes of such steps.

use metaplastic_shared::network::PopulationKind as Kind;

use super::lif::LifContext;
use super::modulator::ModulatorContext;
use super::projection::add_inputs;
use super::source::{InputSource, StepInput};
use super::{analog, input};
use crate::lifetime::fused::configuration::PopulationContext;
use crate::lifetime::fused::dynamics::Dynamics;
use crate::lifetime::fused::flush::is_due;
use crate::lifetime::fused::population::{PopulationState, PopulationTensors};
use crate::lifetime::fused::readout::{ReadoutAccumulator, readout_values};
use crate::lifetime::fused::state::LifetimeState;
use metaplastic_task::episode::Episode;

/// A whole lifetime, in which `before` becomes from the state that it begins with that at its end; `visit` sees the state
/// after each step. The episode has the steps, resets and decisions, and `source` gives the inputs. Returns the counts,
/// `[decisions, classes]`.
pub(crate) fn rollout(
    dynamics: &Dynamics,
    episode: &Episode,
    source: &mut impl InputSource,
    before: &mut LifetimeState,
    mut visit: impl FnMut(usize, &LifetimeState),
) -> Vec<f32> {
    let mut accumulator = ReadoutAccumulator::new(&dynamics.plan, episode);
    let mut after = LifetimeState::new(&dynamics.plan);
    for step in 0..episode.steps {
        let input = source.input(step, readout_values(&dynamics.plan, before));
        if episode.resets_state_before(step) {
            before.reset_state();
        }
        run_step(dynamics, input, before, &mut after);
        accumulator.add(step, &after);
        visit(step, &after);
        std::mem::swap(before, &mut after);
    }
    accumulator.counts
}

/// One step, from the state before it, after the reset if there is one.
pub(crate) fn run_step(
    dynamics: &Dynamics,
    input: StepInput<'_>,
    before: &LifetimeState,
    after: &mut LifetimeState,
) {
    sense(dynamics, input, after);
    for index in 0..dynamics.plan.populations.len() {
        let mut neurons = std::mem::take(&mut after.neurons[index]);
        if let Some(current) = begin(dynamics, index, &mut neurons) {
            add_inputs(dynamics, index, before, after, current);
        }
        finish(
            dynamics.population(index),
            &dynamics.values.populations[index],
            &before.neurons[index],
            &mut neurons,
        );
        after.neurons[index] = neurons;
    }
    let cut = dynamics.configuration.cuts_before(input.step);
    let LifetimeState { neurons, synapses } = after;
    for (index, synapses) in synapses.iter_mut().enumerate() {
        if let Some(projection) = dynamics.plastic_projection(index) {
            projection.step(projection.inputs(neurons), cut, &before.synapses[index], synapses);
        }
    }
    if is_due(input.step) {
        after.flush();
    }
}

/// Gives input and analog populations what comes from outside.
fn sense(dynamics: &Dynamics, given: StepInput<'_>, after: &mut LifetimeState) {
    for (population, neurons) in dynamics.plan.populations.iter().zip(&mut after.neurons) {
        match neurons {
            PopulationState::Input(spikes) => input::step(population, given.spikes, spikes),
            PopulationState::Analog(values) => analog::step(population, given.analog, values),
            PopulationState::Lif(_) | PopulationState::Modulator(_) => {}
        }
    }
}

/// Begins a population's step: where its currents are added up; none for inputs.
fn begin<'n>(dynamics: &Dynamics, index: usize, neurons: &'n mut PopulationState) -> Option<&'n mut [f32]> {
    match (neurons, &dynamics.values.populations[index]) {
        (PopulationState::Lif(state), PopulationTensors::Lif(values)) => Some(state.begin(values)),
        (PopulationState::Modulator(state), PopulationTensors::Modulator(_)) => Some(state.begin()),
        _ => None,
    }
}

/// Ends a population's step, which has all its currents; nothing is left to do for inputs.
fn finish(
    context: PopulationContext<'_>,
    values: &PopulationTensors,
    before: &PopulationState,
    after: &mut PopulationState,
) {
    match (values, context.population.kind, before, after) {
        (
            PopulationTensors::Lif(values),
            Kind::Lif(lif),
            PopulationState::Lif(before),
            PopulationState::Lif(after),
        ) => {
            LifContext { lif, values, context }.step(before, after);
        }
        (
            PopulationTensors::Modulator(values),
            Kind::Modulator(modulator),
            PopulationState::Modulator(before),
            PopulationState::Modulator(after),
        ) => {
            ModulatorContext { modulator, values, context }.step(before, after);
        }
        _ => {}
    }
}
