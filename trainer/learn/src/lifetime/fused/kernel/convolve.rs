//! Spikes through a convolution, forward and backward, with `W[u,v]` the weights of an offset in the window:
//!
//! ```text
//! I[q, d]       += s[source, c] W[u,v][c, d]        for the windows (q, u, v) that cover an active source
//! dW[u,v][c, d] += s[source, c] dI[q, d]            for the same
//! ds[source, c] += sum_d W[u,v][c, d] dI[q, d]      for all
//! ```
//!
//! Currents are by position q, the channels of each padded to whole vectors.

use crate::lifetime::fused::kernel::propagate::Sources;
use crate::lifetime::fused::lanes::{Block, Kernel, Lanes, Octet, Vectors};
use crate::lifetime::fused::windows::{Cover, Pair, Windows};

/// `I += s W`.
pub(crate) struct Convolve<'a> {
    /// The presynaptic spikes.
    pub(crate) sources: Sources<'a>,
    /// Which windows cover which positions.
    pub(crate) windows: &'a Windows,
    /// W.
    pub(crate) weights: &'a [Octet],
    /// I.
    pub(crate) current: &'a mut [Octet],
}

impl Kernel for Convolve<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let Self { sources, windows, weights, current } = self;
        for (sources, covers) in positions(sources, windows) {
            in_stripes(
                lanes,
                windows.octets_after(),
                6,
                &mut Gather { sources, covers, windows, weights, current },
            );
        }
    }
}

/// `I += s W` for the windows that cover a position: their currents stay in registers while the active sources
/// pass.
struct Gather<'a> {
    sources: AtPosition<'a>,
    covers: &'a [Cover],
    windows: &'a Windows,
    weights: &'a [Octet],
    current: &'a mut [Octet],
}

impl Stripe for Gather<'_> {
    #[inline(always)]
    fn run<V: Vectors, const COUNT: usize>(&mut self, vectors: V, first: usize) {
        match COUNT * V::REGISTERS {
            1..=3 => self.windows::<V, 4, COUNT>(vectors, first),
            4..=6 => self.windows::<V, 2, COUNT>(vectors, first),
            _ => self.windows::<V, 1, COUNT>(vectors, first),
        }
    }
}

impl Gather<'_> {
    /// `AT_ONCE` windows at once, so that no addition waits for the one before it.
    #[inline(always)]
    fn windows<V: Vectors, const AT_ONCE: usize, const COUNT: usize>(&mut self, vectors: V, first: usize) {
        let (groups, rest) = self.covers.as_chunks::<AT_ONCE>();
        for covers in groups {
            self.gather::<V, AT_ONCE, COUNT>(vectors, first, covers);
        }
        for cover in rest {
            self.gather::<V, 1, COUNT>(vectors, first, &[*cover]);
        }
    }

    #[inline(always)]
    fn gather<V: Vectors, const AT_ONCE: usize, const COUNT: usize>(
        &mut self,
        vectors: V,
        first: usize,
        covers: &[Cover; AT_ONCE],
    ) {
        let octets = self.windows.octets_after();
        let mut sums = [[vectors.splat(0.0); COUNT]; AT_ONCE];
        for (sums, cover) in sums.iter_mut().zip(covers) {
            let current = V::Memory::of(&self.current[cover.after * octets + first..]);
            sums.iter_mut().zip(current).for_each(|(sum, current)| *sum = vectors.load(current));
        }
        for (spike, channel) in self.sources.iter() {
            let spike = vectors.splat(spike);
            for (sums, cover) in sums.iter_mut().zip(covers) {
                let weights = V::Memory::of(&self.weights[(cover.row + channel) * octets + first..]);
                let Some(weights) = weights.first_chunk::<COUNT>() else { return };
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum = vectors.multiply_add(spike, vectors.load(weight), *sum);
                }
            }
        }
        for (sums, cover) in sums.iter().zip(covers) {
            let current = V::Memory::of_mut(&mut self.current[cover.after * octets + first..]);
            current.iter_mut().zip(sums).for_each(|(current, sum)| vectors.store(current, *sum));
        }
    }
}

/// `dW += s dI`.
pub(crate) struct ConvolutionWeightAdjoint<'a> {
    /// The presynaptic spikes.
    pub(crate) sources: Sources<'a>,
    /// Which windows cover which positions.
    pub(crate) windows: &'a Windows,
    /// dI.
    pub(crate) current: &'a [Octet],
    /// dW.
    pub(crate) weights: &'a mut [Octet],
}

impl Kernel for ConvolutionWeightAdjoint<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let Self { sources, windows, current, weights } = self;
        let octets = windows.octets_after();
        for (sources, covers) in positions(sources, windows) {
            for Cover { after, row } in covers {
                let (row, current) = (*row, &current[after * octets..][..octets]);
                in_stripes(lanes, octets, 6, &mut Scatter { sources, row, current, weights });
            }
        }
    }
}

/// `dW += s dI` for a window that covers a position: its current stays in registers while the active sources pass.
struct Scatter<'a> {
    sources: AtPosition<'a>,
    row: usize,
    current: &'a [Octet],
    weights: &'a mut [Octet],
}

impl Stripe for Scatter<'_> {
    #[inline(always)]
    fn run<V: Vectors, const COUNT: usize>(&mut self, vectors: V, first: usize) {
        let octets = self.current.len();
        let mut current = [vectors.splat(0.0); COUNT];
        let memory = V::Memory::of(&self.current[first..]);
        current.iter_mut().zip(memory).for_each(|(current, memory)| *current = vectors.load(memory));
        for (spike, channel) in self.sources.iter() {
            let weights = V::Memory::of_mut(&mut self.weights[(self.row + channel) * octets + first..]);
            let Some(weights) = weights.first_chunk_mut::<COUNT>() else { return };
            let spike = vectors.splat(spike);
            for (weight, current) in weights.iter_mut().zip(current) {
                vectors.store(weight, vectors.multiply_add(spike, current, vectors.load(weight)));
            }
        }
    }
}

/// The active sources at a position.
#[derive(Clone, Copy)]
struct AtPosition<'a> {
    active: &'a [u32],
    spikes: &'a [f32],
    /// First neuron at the position.
    first: usize,
}

impl AtPosition<'_> {
    /// Spikes and channels.
    #[inline(always)]
    fn iter(&self) -> impl Iterator<Item = (f32, usize)> {
        let neurons = self.active.iter().map(|neuron| *neuron as usize);
        neurons.map(|neuron| (self.spikes[neuron], neuron - self.first))
    }
}

/// The positions with active sources: those, and the windows that cover the position.
#[inline(always)]
fn positions<'s>(
    sources: Sources<'s>,
    windows: &'s Windows,
) -> impl Iterator<Item = (AtPosition<'s>, &'s [Cover])> {
    let Sources { active: mut later, outputs: spikes, .. } = sources;
    std::iter::from_fn(move || {
        let position = *later.first()? as usize / windows.channels_before;
        let first = position * windows.channels_before;
        let next = first + windows.channels_before;
        let (active, rest) = later.split_at(later.iter().take_while(|neuron| (**neuron as usize) < next).count());
        later = rest;
        Some((AtPosition { active, spikes, first }, windows.covers_of(position)))
    })
}

/// Work on vectors of a row that are in registers at the same time.
trait Stripe {
    /// Works on `COUNT` of them from octet `first` on.
    fn run<V: Vectors, const COUNT: usize>(&mut self, vectors: V, first: usize);
}

/// Works on a row of octets, on at most `most` pairs of them at a time, and no more than six.
#[inline(always)]
fn in_stripes<L: Lanes>(lanes: L, octets: usize, most: usize, stripe: &mut impl Stripe) {
    let wide = lanes.wide();
    let mut first = 0;
    while first < octets {
        let count = ((octets - first) / 2).min(most);
        match count {
            0 => stripe.run::<_, 1>(lanes, first),
            1 => stripe.run::<_, 1>(wide, first),
            2 => stripe.run::<_, 2>(wide, first),
            3 => stripe.run::<_, 3>(wide, first),
            4 => stripe.run::<_, 4>(wide, first),
            5 => stripe.run::<_, 5>(wide, first),
            _ => stripe.run::<_, 6>(wide, first),
        }
        first += (2 * count).max(1);
    }
}

/// `ds += W dI`, dense: small matrix products, an offset's weights times the currents of several positions at once.
pub(crate) struct ConvolutionSpikeAdjoint<'a> {
    /// Which positions share weights.
    pub(crate) windows: &'a Windows,
    /// W transposed.
    pub(crate) transposed: &'a [Octet],
    /// dI, by neuron.
    pub(crate) current: &'a [f32],
    /// ds by presynaptic position, channels padded.
    pub(crate) spikes: &'a mut [Octet],
}

impl Kernel for ConvolutionSpikeAdjoint<'_> {
    #[inline(always)]
    fn run<L: Lanes>(mut self, lanes: L) {
        in_stripes(lanes, self.windows.octets_before(), 3, &mut self);
    }
}

/// Positions at once: enough to keep the multipliers busy, few enough that their sums stay in registers.
impl Stripe for ConvolutionSpikeAdjoint<'_> {
    #[inline(always)]
    fn run<V: Vectors, const COUNT: usize>(&mut self, vectors: V, first: usize) {
        match COUNT * V::REGISTERS {
            1 => self.positions::<V, 8, COUNT>(vectors, first),
            2 | 3 => self.positions::<V, 4, COUNT>(vectors, first),
            _ => self.positions::<V, 2, COUNT>(vectors, first),
        }
    }
}

impl ConvolutionSpikeAdjoint<'_> {
    #[inline(always)]
    fn positions<V: Vectors, const POSITIONS: usize, const COUNT: usize>(&mut self, vectors: V, first: usize) {
        let windows = self.windows;
        let size = windows.channels_after * windows.octets_before();
        for (pairs, weights) in windows.pairs.iter().zip(self.transposed.chunks_exact(size)) {
            let (groups, rest) = pairs.as_chunks::<POSITIONS>();
            for pairs in groups {
                self.block::<V, POSITIONS, COUNT>(vectors, first, pairs, weights);
            }
            for pair in rest {
                self.block::<V, 1, COUNT>(vectors, first, &[*pair], weights);
            }
        }
    }

    #[inline(always)]
    fn block<V: Vectors, const POSITIONS: usize, const COUNT: usize>(
        &mut self,
        vectors: V,
        first: usize,
        pairs: &[Pair; POSITIONS],
        weights: &[Octet],
    ) {
        let (channels, octets) = (self.windows.channels_after, self.windows.octets_before());
        let mut currents = [self.current; POSITIONS];
        for (current, pair) in currents.iter_mut().zip(pairs) {
            *current = &self.current[pair.after * channels..][..channels];
        }
        let mut sums = [[vectors.splat(0.0); COUNT]; POSITIONS];
        for (channel, row) in weights.chunks_exact(octets).enumerate().take(channels) {
            let Some(row) = V::Memory::of(&row[first..]).first_chunk::<COUNT>() else { return };
            for (sums, current) in sums.iter_mut().zip(&currents) {
                let current = vectors.splat(current[channel]);
                for (sum, weight) in sums.iter_mut().zip(row) {
                    *sum = vectors.multiply_add(current, vectors.load(weight), *sum);
                }
            }
        }
        for (sums, pair) in sums.iter().zip(pairs) {
            let spikes = &mut self.spikes[pair.before * octets + first..];
            for (spike, sum) in V::Memory::of_mut(spikes).iter_mut().zip(sums) {
                vectors.store(spike, vectors.add(vectors.load(spike), *sum));
            }
        }
    }
}

#[cfg(test)]
mod tests;
