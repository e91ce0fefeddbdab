//! A convolution as the chip computes it: at each position of the postsynaptic map, the rows of the shared weights
//! that belong to the spikes of that position's window are added up.
//!
//! ```text
//! I_d = sum_(u,v,c) s_(stride y + u - padding, stride x + v - padding, c) W_((u kernel + v) channels + c, d)
//! ```
//!
//! The neurons of a row of the window are adjacent in the map, and so are their rows of weights.

use metaplastic_shared::network::Convolution;

use crate::bits::Bits;
use crate::kernel;

/// Most rows that are added up at once. Further rows are added to the same sums in turns.
pub(crate) const MOST_ROWS: usize = 128;

/// A position of a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) row: usize,
    pub(crate) column: usize,
    /// The first of its neurons.
    pub(crate) first: usize,
}

/// The shape of a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MapSize {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) channels: usize,
}

impl MapSize {
    /// All positions, in the order of their neurons.
    pub(crate) fn positions(self) -> impl Iterator<Item = Position> {
        let mut first = 0;
        let all = (0..self.rows).flat_map(move |row| (0..self.columns).map(move |column| (row, column)));
        all.map(move |(row, column)| {
            let position = Position { row, column, first };
            first += self.channels;
            position
        })
    }
}

/// A row of a window, without the part outside the map.
struct WindowRow {
    /// The first presynaptic neuron.
    first: usize,
    count: usize,
    /// The first neuron's row of weights.
    row: usize,
}

/// The window of a position, and the weights that all windows share.
#[derive(Clone, Copy)]
pub(super) struct Window<'w> {
    pub(super) convolution: Convolution,
    pub(super) weights: &'w [i8],
    pub(super) position: Position,
}

/// Adds the weights of the spiking neurons in a window to `sums`, which have the length of a row of weights and are
/// zeroed first. Returns false and leaves `sums` as they are if no neuron in the window spikes. `rows` is scratch
/// memory and not empty.
pub(super) fn propagate(window: Window<'_>, spikes: &Bits<'_>, rows: &mut [u16], sums: &mut [i32]) -> bool {
    let Window { convolution, weights, position } = window;
    let (mut count, mut heard) = (0, false);
    let mut add = |rows: &[u16], sums: &mut [i32]| {
        if !heard {
            sums.fill(0);
            heard = true;
        }
        kernel::propagate_i8(weights, rows, sums);
    };
    for WindowRow { first, count: length, row } in runs(convolution, position) {
        for neuron in spikes.ones_in(first, length) {
            if count == rows.len() {
                add(rows, sums);
                count = 0;
            }
            if let Some(slot) = rows.get_mut(count) {
                *slot = (neuron - first + row) as u16;
                count += 1;
            }
        }
    }
    if count > 0 {
        add(rows.get(..count).unwrap_or_default(), sums);
    }
    heard
}

fn runs(convolution: Convolution, position: Position) -> impl Iterator<Item = WindowRow> {
    let Convolution { height, width, channels, kernel, stride, padding } = convolution;
    let [height, width, kernel] = [height, width, kernel].map(usize::from);
    let (stride, padding, channels) = (usize::from(stride), usize::from(padding), usize::from(channels));
    // Counted from `padding` positions above and left of the map.
    let (top, left) = (stride * position.row, stride * position.column);
    let columns = left.max(padding)..(left + kernel).min(width + padding);
    let rows = top.max(padding)..(top + kernel).min(height + padding);
    rows.map(move |y| WindowRow {
        first: ((y - padding) * width + columns.start - padding) * channels,
        count: columns.len() * channels,
        row: ((y - top) * kernel + columns.start - left) * channels,
    })
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    #[test]
    fn a_window_is_cut_at_the_edges_of_the_map() {
        let convolution = Convolution { height: 4, width: 5, channels: 2, kernel: 3, stride: 2, padding: 1 };
        assert_eq!(convolution.post_map(), (2, 3));
        let runs = |row, column| {
            let runs = super::runs(convolution, Position { row, column, first: 0 });
            runs.map(|WindowRow { first, count, row }| (first, count, row)).collect::<Vec<_>>()
        };
        // Window rows -1..2, columns -1..2: map rows 0 and 1, columns 0 and 1; window row 1 begins at weight row 6.
        assert_eq!(runs(0, 0), [(0, 4, 6 + 2), (10, 4, 12 + 2)]);
        // Window rows 1..4, columns 3..6: columns 3 and 4.
        assert_eq!(runs(1, 2), [(16, 4, 0), (26, 4, 6), (36, 4, 12)]);
    }
}
