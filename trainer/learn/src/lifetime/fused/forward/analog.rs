//! Analog populations in one step: their values are those that the step is given.

use crate::lifetime::fused::plan::PopulationPlan;
use crate::lifetime::fused::sparse::SparseVector;

/// Takes the values of a step, one for each neuron of all analog populations.
pub(crate) fn step(population: &PopulationPlan, given: &[f32], values: &mut SparseVector) {
    values.clear();
    let given = &given[population.first..population.first + population.size];
    for (neuron, value) in given.iter().enumerate().filter(|(_, value)| **value != 0.0) {
        values.values[neuron] = *value;
        values.active.push(neuron as u32);
    }
}
