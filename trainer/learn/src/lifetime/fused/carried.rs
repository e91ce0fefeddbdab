//! The state between two episodes, from this engine's layout of panels and padded vectors and back.

use super::forward::lif::LifState;
use super::forward::plasticity::PlasticState;
use super::plan::{Plan, Shape};
use super::population::PopulationState;
use super::sparse::SparseVector;
use super::state::LifetimeState;
use crate::lifetime::carried::{CarriedNeurons, CarriedState, CarriedSynapses, TransientState};

/// The state that an episode begins with; the initial one where nothing is carried.
pub(crate) fn begin(plan: &Plan, start: Option<&CarriedState>) -> LifetimeState {
    let mut state = LifetimeState::new(plan);
    let Some(CarriedState { plastic, transient }) = start else { return state };
    for (index, projection) in plan.projections.iter().enumerate() {
        scatter(projection.shape, &plastic[index], &mut state.synapses[index].plastic);
    }
    if let Some(TransientState { neurons, synapses }) = transient {
        state.neurons.iter_mut().zip(neurons).for_each(|(state, carried)| begin_neurons(state, carried));
        for (index, carried) in synapses.iter().enumerate() {
            begin_synapses(&mut state.synapses[index], carried, plan.projections[index].shape);
        }
    }
    state
}

fn begin_neurons(state: &mut PopulationState, carried: &CarriedNeurons) {
    match state {
        PopulationState::Input(spikes) => set_spikes(spikes, &carried.spikes),
        PopulationState::Lif(state) => {
            set_spikes(&mut state.spikes, &carried.spikes);
            set(&mut state.potential, &carried.potential);
            set(&mut state.synapse, &carried.synapse);
            set(&mut state.adaptation, &carried.adaptation);
            set(&mut state.refractory, &carried.refractory);
        }
        PopulationState::Modulator(state) => set(&mut state.activity, &carried.potential),
        PopulationState::Analog(_) => {}
    }
}

fn begin_synapses(state: &mut PlasticState, carried: &CarriedSynapses, shape: Shape) {
    state.traces.iter_mut().zip(&carried.traces).for_each(|(state, carried)| set(state, carried));
    scatter(shape, &carried.eligibility, &mut state.eligibility);
}

/// Sets the first values of a padded vector.
fn set(padded: &mut [f32], values: &[f32]) {
    padded.iter_mut().zip(values).for_each(|(padded, value)| *padded = *value);
}

fn set_spikes(spikes: &mut SparseVector, values: &[f32]) {
    set(&mut spikes.values, values);
    let active = (0..).zip(values).filter(|(_, spike)| **spike != 0.0).map(|(neuron, _)| neuron);
    spikes.active = active.collect();
}

/// From rows to panels.
fn scatter(shape: Shape, rows: &[f32], panels: &mut [f32]) {
    for (pre, row) in rows.chunks_exact(shape.post).enumerate() {
        row.iter().enumerate().for_each(|(post, value)| panels[shape.index(pre, post)] = *value);
    }
}

/// Puts a state into lists of the right lengths.
pub(crate) fn end(plan: &Plan, state: &LifetimeState, mut lists: CarriedState) -> CarriedState {
    for (index, rows) in lists.plastic.iter_mut().enumerate() {
        gather(plan.projections[index].shape, &state.synapses[index].plastic, rows);
    }
    if let Some(TransientState { neurons, synapses }) = &mut lists.transient {
        state.neurons.iter().zip(neurons).for_each(|(state, carried)| end_neurons(state, carried));
        for (index, carried) in synapses.iter_mut().enumerate() {
            end_synapses(&state.synapses[index], carried, plan.projections[index].shape);
        }
    }
    lists
}

fn end_neurons(state: &PopulationState, carried: &mut CarriedNeurons) {
    set(&mut carried.spikes, &state.spikes().values);
    match state {
        PopulationState::Input(_) | PopulationState::Analog(_) => {}
        PopulationState::Lif(LifState { potential, synapse, adaptation, refractory, .. }) => {
            set(&mut carried.potential, potential);
            set(&mut carried.synapse, synapse);
            set(&mut carried.adaptation, adaptation);
            set(&mut carried.refractory, refractory);
        }
        PopulationState::Modulator(state) => set(&mut carried.potential, &state.activity),
    }
}

fn end_synapses(state: &PlasticState, carried: &mut CarriedSynapses, shape: Shape) {
    carried.traces.iter_mut().zip(&state.traces).for_each(|(carried, state)| set(carried, state));
    gather(shape, &state.eligibility, &mut carried.eligibility);
}

/// From panels to rows.
fn gather(shape: Shape, panels: &[f32], rows: &mut [f32]) {
    for (pre, row) in rows.chunks_exact_mut(shape.post).enumerate() {
        row.iter_mut().enumerate().for_each(|(post, value)| *value = panels[shape.index(pre, post)]);
    }
}
