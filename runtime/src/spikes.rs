//! Which neurons of a population spiked, in this step and the one before: ascending lists of indices.

use crate::arena::Arena;

/// The spikes of a population.
pub(crate) struct Spikes<'a> {
    current: List<'a>,
    previous: List<'a>,
}

struct List<'a> {
    indices: &'a mut [u16],
    count: usize,
}

impl<'a> List<'a> {
    fn carve(arena: &mut Arena<'a>, size: usize) -> Self {
        Self { indices: arena.take_indices(size), count: 0 }
    }

    fn as_slice(&self) -> &[u16] {
        self.indices.get(..self.count).unwrap_or_default()
    }
}

impl<'a> Spikes<'a> {
    pub(crate) fn carve(arena: &mut Arena<'a>, size: usize) -> Self {
        Self { current: List::carve(arena, size), previous: List::carve(arena, size) }
    }

    pub(crate) fn reset(&mut self) {
        (self.current.count, self.previous.count) = (0, 0);
    }

    /// Makes this step's spikes the previous ones, and begins with none.
    pub(crate) fn begin_step(&mut self) {
        core::mem::swap(&mut self.current, &mut self.previous);
        self.current.count = 0;
    }

    /// Adds a spike; indices come in ascending order, each once.
    pub(crate) fn push(&mut self, neuron: usize) {
        if let Some(slot) = self.current.indices.get_mut(self.current.count) {
            *slot = neuron as u16;
            self.current.count += 1;
        }
    }

    /// Lets `write` put this step's spikes, ascending, into the list and say how many there are.
    pub(crate) fn fill(&mut self, write: impl FnOnce(&mut [u16]) -> usize) {
        self.current.count = write(self.current.indices).min(self.current.indices.len());
    }

    /// Reads `size` neurons from a bit string, least significant bit first, from bit `first` on. Bits that are
    /// not there are silent.
    pub(crate) fn read_bits(&mut self, bits: &[u8], first: usize, size: usize) {
        let mut neuron = 0;
        while neuron < size {
            let bit = first + neuron;
            let Some(byte) = bits.get(bit / 8) else { return };
            let left = byte >> (bit % 8);
            if left == 0 {
                neuron += 8 - bit % 8;
                continue;
            }
            neuron += left.trailing_zeros() as usize;
            if neuron < size {
                self.push(neuron);
            }
            neuron += 1;
        }
    }

    /// This step's spikes.
    pub(crate) fn now(&self) -> &[u16] {
        self.current.as_slice()
    }

    /// The spikes of the step before.
    pub(crate) fn before(&self) -> &[u16] {
        self.previous.as_slice()
    }
}
