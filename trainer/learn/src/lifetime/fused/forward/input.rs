//! Input populations in one step: their spikes are those of the episode.

use crate::lifetime::fused::plan::PopulationPlan;
use crate::lifetime::fused::sparse::SparseVector;

/// Takes the spikes of a step, one bit per neuron of all input populations.
pub(crate) fn step(population: &PopulationPlan, inputs: &[u8], spikes: &mut SparseVector) {
    spikes.clear();
    let neurons = population.first..population.first + population.size;
    for input in set_bits(inputs).filter(|input| neurons.contains(input)) {
        let neuron = input - population.first;
        spikes.values[neuron] = 1.0;
        spikes.active.push(neuron as u32);
    }
}

/// The positions of ones, least significant bit first; zero bytes are passed over at once.
fn set_bits(bytes: &[u8]) -> impl Iterator<Item = usize> + '_ {
    bytes.iter().enumerate().flat_map(|(index, byte)| {
        let clear_lowest = |bits: &u8| Some(bits & (bits - 1)).filter(|bits| *bits != 0);
        let remainders = std::iter::successors(Some(*byte).filter(|byte| *byte != 0), clear_lowest);
        remainders.map(move |bits| 8 * index + bits.trailing_zeros() as usize)
    })
}
