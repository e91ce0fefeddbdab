//! The windows of a convolution, looked up once: which of them cover a presynaptic place, and from which weights on.
//!
//! Holds no number that training changes. Weights lie row by row, a row `(u, v, c)` of the window padded to whole
//! vectors of postsynaptic channels; transposed, they lie offset by offset `(u, v)`, in each a row for every
//! postsynaptic channel `d`, padded to whole vectors of presynaptic channels.

use metaplastic_shared::network::Convolution;

use super::lanes::LANES;

/// A convolution prepared for stepping.
#[derive(Clone, Debug)]
pub(super) struct Windows {
    /// Presynaptic neurons at a place.
    pub(super) channels_before: usize,
    /// Postsynaptic neurons at a place.
    pub(super) channels_after: usize,
    /// Presynaptic places.
    pub(super) places_before: usize,
    /// Postsynaptic places.
    pub(super) places_after: usize,
    /// Offsets `(u, v)` in a window.
    pub(super) offsets: usize,
    /// The windows that cover a presynaptic place, place after place.
    covers: Vec<Cover>,
    /// Where in `covers` each place's begin, and where the last one's end.
    starts: Vec<usize>,
    /// The pairs of places that share an offset's weights, offset after offset.
    pub(super) pairs: Vec<Vec<Pair>>,
}

/// A window that covers a presynaptic place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cover {
    /// The postsynaptic place whose window it is.
    pub(super) after: usize,
    /// Row of the weights that the presynaptic place's first channel has in it.
    pub(super) row: usize,
}

/// A presynaptic and a postsynaptic place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    /// The presynaptic place.
    pub(super) before: usize,
    /// The postsynaptic place.
    pub(super) after: usize,
}

impl Windows {
    /// Looks up the windows onto a population of `post` neurons.
    pub(super) fn new(convolution: Convolution, post: usize) -> Self {
        let offsets = usize::from(convolution.kernel).pow(2);
        let places_after = convolution.places();
        let places_before = usize::from(convolution.height) * usize::from(convolution.width);
        let channels_before = usize::from(convolution.channels);
        let pairs = (0..offsets).map(|offset| pairs_of(convolution, offset)).collect::<Vec<_>>();
        let mut of_place = vec![Vec::new(); places_before];
        for (offset, pairs) in pairs.iter().enumerate() {
            let row = offset * channels_before;
            pairs.iter().for_each(|pair| of_place[pair.before].push(Cover { after: pair.after, row }));
        }
        let ends = of_place.iter().scan(0, |end, covers| {
            *end += covers.len();
            Some(*end)
        });
        let starts = std::iter::once(0).chain(ends).collect();
        let channels_after = post / places_after;
        let covers = of_place.concat();
        Self { channels_before, channels_after, places_before, places_after, offsets, covers, starts, pairs }
    }

    /// The windows that cover a presynaptic place.
    #[inline(always)]
    pub(super) fn covers_of(&self, place: usize) -> &[Cover] {
        &self.covers[self.starts[place]..self.starts[place + 1]]
    }

    /// Rows of the weights: neurons of a window.
    pub(super) fn rows(&self) -> usize {
        self.offsets * self.channels_before
    }

    /// Vectors in a row of weights.
    pub(super) fn octets_after(&self) -> usize {
        self.channels_after.div_ceil(LANES)
    }

    /// Vectors in a row of transposed weights.
    pub(super) fn octets_before(&self) -> usize {
        self.channels_before.div_ceil(LANES)
    }

    /// Floats of the weights, padding included.
    pub(super) fn len(&self) -> usize {
        self.rows() * self.octets_after() * LANES
    }

    /// Floats of the transposed weights, padding included.
    pub(super) fn transposed_len(&self) -> usize {
        self.offsets * self.channels_after * self.octets_before() * LANES
    }

    /// Calls `visit` with where each weight is in the flat vector, among the weights and among the transposed ones.
    pub(super) fn for_weights(&self, mut visit: impl FnMut(usize, usize, usize)) {
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
    let inside = |place: usize, offset: usize, length: u8| {
        let place = usize::from(convolution.stride) * place + offset;
        place.checked_sub(convolution.padding.into()).filter(|place| *place < usize::from(length))
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

    /// A map of 1 x 3 places, windows of 2 x 2 with a stride of 2 and one silent place around: post map 1 x 2, whose
    /// windows begin at (-1, -1) and (-1, 1). Offset (1, 1) is place 0 and then place 2, offset (1, 0) place 1.
    #[test]
    fn each_place_knows_the_windows_that_cover_it() {
        let convolution = Convolution { height: 1, width: 3, channels: 5, kernel: 2, stride: 2, padding: 1 };
        let windows = Windows::new(convolution, 6);
        assert_eq!((windows.places_after, windows.channels_after, windows.rows()), (2, 3, 20));
        assert_eq!(windows.covers_of(0), [Cover { after: 0, row: 15 }]);
        assert_eq!(windows.covers_of(1), [Cover { after: 1, row: 10 }]);
        assert_eq!(windows.covers_of(2), [Cover { after: 1, row: 15 }]);
    }
}
