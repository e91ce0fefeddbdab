//! Maps with the channels of each position in whole vectors, as the kernels of convolutions need them. Where a map
//! has such channels it is used in place; any other is copied.

use super::lanes::{LANES, Octet};
use super::windows::Windows;

/// Positions of a map, and channels at each.
#[derive(Clone, Copy)]
pub(crate) struct MapShape {
    positions: usize,
    channels: usize,
}

impl MapShape {
    /// The presynaptic map.
    pub(crate) fn before(windows: &Windows) -> Self {
        Self { positions: windows.positions_before, channels: windows.channels_before }
    }

    /// The postsynaptic map.
    pub(crate) fn after(windows: &Windows) -> Self {
        Self { positions: windows.positions_after, channels: windows.channels_after }
    }

    fn is_whole(self) -> bool {
        self.channels.is_multiple_of(LANES)
    }

    /// Vectors of the map.
    fn octets(self) -> usize {
        self.positions * self.channels.div_ceil(LANES)
    }

    fn padded_channels(self) -> usize {
        self.channels.next_multiple_of(LANES)
    }

    /// Calls `change` with a map whose channels are in whole vectors.
    pub(crate) fn with_octets(self, map: &mut [f32], change: impl FnOnce(&mut [Octet])) {
        if self.is_whole() {
            return change(&mut map.as_chunks_mut().0[..self.octets()]);
        }
        let mut copy = Vec::new();
        self.octets_of(map, &mut copy);
        change(&mut copy);
        let padded = copy.as_flattened().chunks_exact(self.padded_channels());
        let positions = map.chunks_exact_mut(self.channels).zip(padded).take(self.positions);
        positions.for_each(|(position, padded)| position.copy_from_slice(&padded[..self.channels]));
    }

    /// A map with its channels in whole vectors: itself, or a copy in `copy`.
    pub(crate) fn octets_of<'m>(self, map: &'m [f32], copy: &'m mut Vec<Octet>) -> &'m [Octet] {
        if self.is_whole() {
            return &map.as_chunks().0[..self.octets()];
        }
        copy.resize(self.octets(), [0.0; LANES]);
        let padded = copy.as_flattened_mut().chunks_exact_mut(self.padded_channels());
        let positions = padded.zip(map.chunks_exact(self.channels));
        positions.for_each(|(padded, position)| padded[..self.channels].copy_from_slice(position));
        copy
    }
}
