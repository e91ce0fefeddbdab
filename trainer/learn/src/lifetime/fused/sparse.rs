//! What a population hands on to projections in one step, spikes or analog values: one value per neuron, and a list of
//! those that are not zero.

use super::lanes::{Backend, Kernel, LANES, Lanes};

/// Spikes or analog values of a population; padded with zeros, empty where its kind has neither.
#[derive(Debug, Default)]
pub(crate) struct SparseVector {
    /// s, or a.
    pub(crate) values: Vec<f32>,
    /// The neurons whose value is not zero, ascending.
    pub(crate) active: Vec<u32>,
}

/// The spikes of populations that never spike.
pub(crate) static NO_SPIKES: SparseVector = SparseVector { values: Vec::new(), active: Vec::new() };

impl SparseVector {
    /// Zeros for `padded` neurons, padding included.
    pub(crate) fn none(padded: usize) -> Self {
        Self { values: vec![0.0; padded], active: Vec::new() }
    }

    /// Becomes zero.
    pub(crate) fn clear(&mut self) {
        self.values.fill(0.0);
        self.active.clear();
    }

    /// Lists the neurons that spike.
    pub(crate) fn list_active(&mut self, backend: Backend) {
        backend.run(ListActive { spikes: self });
    }

    /// An upper estimate of the floats that it takes.
    pub(crate) fn floats(padded: usize) -> usize {
        2 * padded
    }
}

impl Clone for SparseVector {
    fn clone(&self) -> Self {
        Self { values: self.values.clone(), active: self.active.clone() }
    }

    fn clone_from(&mut self, source: &Self) {
        self.values.clone_from(&source.values);
        self.active.clone_from(&source.active);
    }
}

/// Lists the neurons that spike; without a branch, since spikes cannot be predicted.
struct ListActive<'a> {
    spikes: &'a mut SparseVector,
}

impl Kernel for ListActive<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let SparseVector { values, active } = self.spikes;
        active.clear();
        for (first, octet) in (0..).step_by(LANES).zip(values.as_chunks().0) {
            let spiking = lanes.nonzero(lanes.load(octet));
            let count = active.len() + spiking.count_ones() as usize;
            active.extend_from_slice(&ONES[usize::from(spiking)].map(|lane| first + u32::from(lane)));
            active.truncate(count);
        }
    }
}

/// The positions of the ones of each byte, from the lowest on; zeros after the last one.
const ONES: [[u8; LANES]; 1 << LANES] = {
    let mut ones = [[0; LANES]; 1 << LANES];
    let mut byte = 0;
    while byte < ones.len() {
        let (mut lane, mut count) = (0, 0);
        while lane < LANES {
            ones[byte][count] = lane as u8;
            count += byte >> lane & 1;
            lane += 1;
        }
        byte += 1;
    }
    ones
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_vectors_list_the_same_neurons() {
        // Every set of eight, one after the other: spikes, what smooth ones are, and a zero of either sign.
        let spike = |neuron: usize| match ((neuron / LANES) >> (neuron % LANES) & 1, neuron % 3) {
            (1, 0) => 1.0,
            (1, _) => 0.25,
            (_, 0) => -0.0,
            _ => 0.0,
        };
        let values = (0..LANES << LANES).map(spike).collect::<Vec<f32>>();
        let expected = (0_u32..).zip(&values).filter(|(_, spike)| **spike > 0.0).map(|(neuron, _)| neuron);
        let expected = expected.collect::<Vec<_>>();
        for backend in Backend::all() {
            let mut spikes = SparseVector { values: values.clone(), active: vec![7; 3] };
            spikes.list_active(backend);
            assert_eq!(spikes.active, expected, "{backend:?}");
        }
    }
}
