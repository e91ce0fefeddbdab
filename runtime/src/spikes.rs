//! Which neurons of a population spiked, in this step and the one before: ascending lists of indices for dense
//! projections and for plasticity, sets of bits for convolutions. Only the forms that are read are kept.

use metaplastic_shared::network::{Connectivity, NetworkDescription, PopulationKind};

use crate::arena::Arena;
use crate::bits::Bits;

/// The spikes of a population.
pub(crate) struct Spikes<'a> {
    current: List<'a>,
    previous: List<'a>,
    /// Spikes of this step; for a map that is not yet updated, of the step before.
    current_bits: Bits<'a>,
    previous_bits: Bits<'a>,
}

/// In which forms a population's spikes are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) list: bool,
    pub(crate) previous_list: bool,
    pub(crate) bits: bool,
    pub(crate) previous_bits: bool,
}

impl Kept {
    /// The forms that the projections from a population and its own update read.
    pub(crate) fn of(network: &NetworkDescription, population: usize) -> Self {
        let Some(description) = network.populations.get(population).filter(|it| it.spikes()) else {
            return Self::default();
        };
        let is_map = network.map_of(population).is_some();
        let mut kept = Self { bits: is_map, ..Self::default() };
        let from = network.projections.iter().filter(|projection| usize::from(projection.pre) == population);
        for projection in from {
            let recurrent = network.is_recurrent(projection);
            let dense = projection.connectivity == Connectivity::Dense;
            kept.list |= dense;
            kept.previous_list |= dense && recurrent;
            kept.bits |= !dense;
            kept.previous_bits |= !dense && recurrent;
        }
        // The reset of dense neurons and their postsynaptic traces read a list of their spikes.
        let dense = matches!(description.kind, PopulationKind::Lif(_)) && !is_map;
        kept.list |= dense || !kept.bits;
        kept.previous_list |= dense;
        kept
    }
}

struct List<'a> {
    indices: &'a mut [u16],
    count: usize,
}

impl<'a> List<'a> {
    fn allocate(arena: &mut Arena<'a>, size: usize) -> Self {
        Self { indices: arena.take_indices(size), count: 0 }
    }

    fn as_slice(&self) -> &[u16] {
        self.indices.get(..self.count).unwrap_or_default()
    }
}

impl<'a> Spikes<'a> {
    pub(crate) fn allocate(arena: &mut Arena<'a>, size: usize, kept: Kept) -> Self {
        let size_if = |kept| if kept { size } else { 0 };
        Self {
            current: List::allocate(arena, size_if(kept.list)),
            previous: List::allocate(arena, size_if(kept.previous_list)),
            current_bits: Bits::allocate(arena, size_if(kept.bits)),
            previous_bits: Bits::allocate(arena, size_if(kept.previous_bits)),
        }
    }

    pub(crate) fn reset(&mut self) {
        (self.current.count, self.previous.count) = (0, 0);
        self.current_bits.clear();
        self.previous_bits.clear();
    }

    /// Makes this step's spikes the previous ones, and begins with an empty list.
    pub(crate) fn begin_step(&mut self) {
        // A list that is not kept stays empty where it is.
        if !self.previous.indices.is_empty() {
            core::mem::swap(&mut self.current, &mut self.previous);
        }
        self.current.count = 0;
        self.previous_bits.copy_from(&self.current_bits);
    }

    /// Adds a spike; indices come in ascending order, each once.
    pub(crate) fn push(&mut self, neuron: usize) {
        if let Some(slot) = self.current.indices.get_mut(self.current.count) {
            *slot = neuron as u16;
            self.current.count += 1;
        }
        self.current_bits.insert(neuron);
    }

    /// Sets this step's spikes: `write` puts them into the list, ascending, and returns their number.
    pub(crate) fn fill(&mut self, write: impl FnOnce(&mut [u16]) -> usize) {
        self.current.count = write(self.current.indices).min(self.current.indices.len());
        if self.current_bits.is_empty() {
            return;
        }
        self.current_bits.clear();
        self.current.as_slice().iter().for_each(|spike| self.current_bits.insert(usize::from(*spike)));
    }

    /// Removes the last step's spikes of `count` neurons of a map from `first` on, and calls `each` with the offset
    /// of each from `first`. The update of a position begins with this.
    pub(crate) fn take_previous(&mut self, first: usize, count: usize, each: impl FnMut(usize)) {
        self.current_bits.take(first, count, each);
    }

    /// Reads `size` neurons from a bit string, least significant bit first, from bit `first` on. Missing bits are
    /// silent.
    pub(crate) fn read_bits(&mut self, bits: &[u8], first: usize, size: usize) {
        self.current_bits.clear();
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

    /// This step's spikes, where they are kept as a list.
    pub(crate) fn now(&self) -> &[u16] {
        self.current.as_slice()
    }

    /// The spikes of the step before, where they are kept as a list.
    pub(crate) fn before(&self) -> &[u16] {
        self.previous.as_slice()
    }

    /// This step's spikes, ascending, in whichever form they are kept.
    pub(crate) fn all(&self) -> impl Iterator<Item = u16> + Clone {
        let bits = self.current.indices.is_empty().then(|| self.current_bits.ones());
        self.now().iter().copied().chain(bits.into_iter().flatten().map(|neuron| neuron as u16))
    }

    /// Whether the population spikes: a graded one keeps none.
    pub(crate) fn is_kept(&self) -> bool {
        !self.current.indices.is_empty() || !self.current_bits.is_empty()
    }

    /// This step's spikes of the 16 neurons from `first` on, a bit each, least significant first.
    pub(crate) fn bits_of(&self, first: usize) -> u16 {
        let offsets = self.all().map(|neuron| usize::from(neuron).wrapping_sub(first));
        offsets.filter(|offset| *offset < 16).fold(0, |bits, offset| bits | 1 << offset)
    }

    /// This step's spikes, or those of the step before, where they are kept as bits.
    pub(crate) fn bits(&self, before: bool) -> &Bits<'a> {
        if before { &self.previous_bits } else { &self.current_bits }
    }
}
