//! The windows of a convolution, looked up once: which of them cover a presynaptic position, and from which weights
//! on.
//!
//! Holds no number that training changes. Weights lie row by row, a row `(u, v, c)` of the window padded to whole
//! vectors of postsynaptic channels; transposed, they lie offset by offset `(u, v)`, in each a row for every
//! postsynaptic channel `d`, padded to whole vectors of presynaptic channels.

use metaplastic_shared::network::Convolution;

use super::lanes::LANES;

/// A convolution prepared for stepping.
#[derive(Clone, Debug)]
pub(crate) struct Windows {
    /// Presynaptic neurons at a position.
    pub(crate) channels_before: usize,
    /// Postsynaptic neurons at a position.
    pub(crate) channels_after: usize,
    /// Presynaptic positions.
    pub(crate) positions_before: usize,
    /// Postsynaptic positions.
    pub(crate) positions_after: usize,
    /// Offsets `(u, v)` in a window.
    pub(crate) offsets: usize,
    /// The windows that cover a presynaptic position, position after position.
    covers: Vec<Cover>,
    /// Where in `covers` each position's begin, and where the last one's end.
    starts: Vec<usize>,
    /// The pairs of positions that share an offset's weights, offset after offset.
    pub(crate) pairs: Vec<Vec<Pair>>,
}

/// A window that covers a presynaptic position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cover {
    /// The postsynaptic position whose window it is.
    pub(crate) after: usize,
    /// Row of the weights that the presynaptic position's first channel has in it.
    pub(crate) row: usize,
}

/// A presynaptic and a postsynaptic position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    /// The presynaptic position.
    pub(crate) before: usize,
    /// The postsynaptic position.
    pub(crate) after: usize,
}

impl Windows {
    /// Looks up the windows onto a population of `post` neurons.
    pub(crate) fn new(convolution: Convolution, post: usize) -> Self {
        let offsets = usize::from(convolution.kernel).pow(2);
        let positions_after = convolution.positions();
        let positions_before = usize::from(convolution.height) * usize::from(convolution.width);
        let channels_before = usize::from(convolution.channels);
        let pairs = (0..offsets).map(|offset| pairs_of(convolution, offset)).collect::<Vec<_>>();
        let mut of_position = vec![Vec::new(); positions_before];
        for (offset, pairs) in pairs.iter().enumerate() {
            let row = offset * channels_before;
            pairs.iter().for_each(|pair| of_position[pair.before].push(Cover { after: pair.after, row }));
        }
        let ends = of_position.iter().scan(0, |end, covers| {
            *end += covers.len();
            Some(*end)
        });
        let starts = std::iter::once(0).chain(ends).collect();
        let channels_after = post / positions_after;
        let covers = of_position.concat();
        Self { channels_before, channels_after, positions_before, positions_after, offsets, covers, starts, pairs }
    }

    /// The windows that cover a presynaptic position.
    #[inline(always)]
    pub(crate) fn covers_of(&self, position: usize) -> &[Cover] {
        &self.covers[self.starts[position]..self.starts[position + 1]]
    }

    /// Rows of the weights: neurons of a window.
    pub(crate) fn rows(&self) -> usize {
        self.offsets * self.channels_before
    }

    /// Vectors in a row of weights.
    pub(crate) fn octets_after(&self) -> usize {
        self.channels_after.div_ceil(LANES)
    }

    /// Vectors in a row of transposed weights.
    pub(crate) fn octets_before(&self) -> usize {
        self.channels_before.div_ceil(LANES)
    }

    /// Floats of the weights, padding included.
    pub(crate) fn len(&self) -> usize {
        self.rows() * self.octets_after() * LANES
    }

    /// Bytes that they take.
    pub(crate) fn bytes(&self) -> usize {
        let pairs = self.pairs.iter().map(Vec::len).sum::<usize>();
        pairs * size_of::<Pair>() + self.covers.len() * size_of::<Cover>() + self.starts.len() * size_of::<usize>()
    }

    /// Floats of the transposed weights, padding included.
    pub(crate) fn transposed_len(&self) -> usize {
        self.offsets * self.channels_after * self.octets_before() * LANES
    }

    /// Calls `visit` with where each weight is in the flat vector, among the weights and among the transposed ones.
    pub(crate) fn for_weights(&self, mut visit: impl FnMut(usize, usize, usize)) {
        let (width, transposed_width) = (self.octets_after() * LANES, self.octets_before() * LANES);
        for row in 0..self.rows() {
            let (offset, channel) = (row / self.channels_before, row % self.channels_before);
            for after in 0..self.channels_after {
                let transposed = (offset * self.channels_after + after) * transposed_width + channel;
                visit(row * self.channels_after + after, row * width + after, transposed);
            }
        }
    }
}

fn pairs_of(convolution: Convolution, offset: usize) -> Vec<Pair> {
    let kernel = usize::from(convolution.kernel);
    let (height, width) = convolution.post_map();
    let inside = |position: usize, offset: usize, length: u8| {
        let position = usize::from(convolution.stride) * position + offset;
        position.checked_sub(convolution.padding.into()).filter(|position| *position < usize::from(length))
    };
    let pair = |y: usize, x: usize| {
        let before_y = inside(y, offset / kernel, convolution.height)?;
        let before_x = inside(x, offset % kernel, convolution.width)?;
        Some(Pair { before: before_y * usize::from(convolution.width) + before_x, after: y * width + x })
    };
    (0..height).flat_map(|y| (0..width).filter_map(move |x| pair(y, x))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A map of 1 x 3 positions, windows of 2 x 2 with a stride of 2 and one silent position around: post map 1 x
    /// 2, whose windows begin at (-1, -1) and (-1, 1). Offset (1, 1) is position 0 and then position 2, offset (1,
    /// 0) position 1.
    #[test]
    fn each_position_knows_the_windows_that_cover_it() {
        let convolution = Convolution { height: 1, width: 3, channels: 5, kernel: 2, stride: 2, padding: 1 };
        let windows = Windows::new(convolution, 6);
        assert_eq!((windows.positions_after, windows.channels_after, windows.rows()), (2, 3, 20));
        assert_eq!(windows.covers_of(0), [Cover { after: 0, row: 15 }]);
        assert_eq!(windows.covers_of(1), [Cover { after: 1, row: 10 }]);
        assert_eq!(windows.covers_of(2), [Cover { after: 1, row: 15 }]);
    }
}
