//! The order of one step: populations as they are declared, each under the currents of its projections, then
//! plastic projections; and whole lifetimes of such steps.

use metaplastic_shared::network::PopulationKind as Kind;

use super::input;
use super::lif::LifContext;
use super::modulator::ModulatorContext;
use super::projection::add_inputs;
use crate::lifetime::fused::dynamics::Dynamics;
use crate::lifetime::fused::population::{PopulationState, PopulationTensors};
use crate::lifetime::fused::readout::ReadoutAccumulator;
use crate::lifetime::fused::state::LifetimeState;
use metaplastic_task::episode::Episode;

/// A whole lifetime, in which `before` becomes from the state that it begins with that at its end; `visit` sees the state
/// after each step. Returns the counts, `[decisions, classes]`.
pub(crate) fn rollout(
    dynamics: &Dynamics,
    episode: &Episode,
    before: &mut LifetimeState,
    mut visit: impl FnMut(usize, &LifetimeState),
) -> Vec<f32> {
    let mut accumulator = ReadoutAccumulator::new(&dynamics.plan, episode);
    let mut after = LifetimeState::new(&dynamics.plan);
    for step in 0..episode.steps {
        if episode.resets_state_before(step) {
            before.reset_state();
        }
        run_step(dynamics, EpisodeStep { episode, step }, before, &mut after);
        accumulator.add(step, &after);
        visit(step, &after);
        std::mem::swap(before, &mut after);
    }
    accumulator.counts
}

/// A step of an episode.
#[derive(Clone, Copy)]
pub(crate) struct EpisodeStep<'a> {
    /// What is run.
    pub(crate) episode: &'a Episode,
    /// Which step.
    pub(crate) step: usize,
}

/// One step, from the state before it, after the reset if there is one.
pub(crate) fn run_step(
    dynamics: &Dynamics,
    input: EpisodeStep<'_>,
    before: &LifetimeState,
    after: &mut LifetimeState,
) {
    for index in 0..dynamics.plan.populations.len() {
        let mut neurons = std::mem::take(&mut after.neurons[index]);
        if let Some(current) = begin(dynamics, index, &mut neurons) {
            add_inputs(dynamics, index, before, after, current);
        }
        finish(dynamics, index, input, &before.neurons[index], &mut neurons);
        after.neurons[index] = neurons;
    }
    let cut = dynamics.configuration.cuts_before(input.step);
    let LifetimeState { neurons, synapses } = after;
    for (index, synapses) in synapses.iter_mut().enumerate() {
        if let Some(projection) = dynamics.plastic_projection(index) {
            projection.step(projection.inputs(neurons), cut, &before.synapses[index], synapses);
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

/// Ends a population's step, which has all its currents.
fn finish(
    dynamics: &Dynamics,
    index: usize,
    input: EpisodeStep<'_>,
    before: &PopulationState,
    after: &mut PopulationState,
) {
    let context = dynamics.population(index);
    let EpisodeStep { episode, step } = input;
    match (&dynamics.values.populations[index], context.population.kind, before, after) {
        (_, _, _, PopulationState::Input(spikes)) => {
            input::step(context.population, episode.inputs_at(step), spikes)
        }
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
            ModulatorContext { modulator, values, context }.step(episode.signals_at(step), before, after);
        }
        _ => {}
    }
}
