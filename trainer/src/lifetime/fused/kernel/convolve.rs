//! Spikes through a convolution, forward and backward, with `W[u,v]` the weights of an offset in the window:
//!
//! ```text
//! I[place, d]  += s[source, c] W[u,v][c, d]             for the windows (place, u, v) that cover an active source
//! dW[u,v][c, d] += s[source, c] dI[place, d]            for the same
//! ds[source, c] += sum_d W[u,v][c, d] dI[place, d]      for all
//! ```
//!
//! Currents are by place, the channels of each padded to whole vectors.

use std::ops::Range;

use crate::lifetime::fused::kernel::propagate::Sources;
use crate::lifetime::fused::lanes::{Kernel, Lanes, Octet};
use crate::lifetime::fused::windows::{Pair, Windows};

/// `I += s W`.
pub(in crate::lifetime::fused) struct Convolve<'a> {
    /// Who spikes.
    pub(in crate::lifetime::fused) sources: Sources<'a>,
    /// Which windows cover whom.
    pub(in crate::lifetime::fused) windows: &'a Windows,
    /// W.
    pub(in crate::lifetime::fused) weights: &'a [Octet],
    /// I.
    pub(in crate::lifetime::fused) current: &'a mut [Octet],
}

impl Kernel for Convolve<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        for_each_cover(self.sources, self.windows, |spike, row, place| {
            add_scaled(lanes, spike, &self.weights[row], &mut self.current[place]);
        });
    }
}

/// `dW += s dI`.
pub(in crate::lifetime::fused) struct ConvolutionWeightAdjoint<'a> {
    /// Who spikes.
    pub(in crate::lifetime::fused) sources: Sources<'a>,
    /// Which windows cover whom.
    pub(in crate::lifetime::fused) windows: &'a Windows,
    /// dI.
    pub(in crate::lifetime::fused) current: &'a [Octet],
    /// dW.
    pub(in crate::lifetime::fused) weights: &'a mut [Octet],
}

impl Kernel for ConvolutionWeightAdjoint<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        for_each_cover(self.sources, self.windows, |spike, row, place| {
            add_scaled(lanes, spike, &self.current[place], &mut self.weights[row]);
        });
    }
}

/// Calls `visit` for every window that covers an active source: with its spike, and where the vectors of the source's
/// row of weights and those of the window's place lie.
#[inline(always)]
fn for_each_cover(sources: Sources<'_>, windows: &Windows, mut visit: impl FnMut(f32, Range<usize>, Range<usize>)) {
    let (channels, octets) = (windows.channels_before, windows.octets_after());
    let vectors = |number: usize| number * octets..(number + 1) * octets;
    for neuron in sources.active.iter().map(|neuron| *neuron as usize) {
        for cover in windows.covers_of(neuron / channels) {
            visit(sources.spikes[neuron], vectors(cover.row + neuron % channels), vectors(cover.after));
        }
    }
}

/// `sums += factor values`.
#[inline(always)]
fn add_scaled<L: Lanes>(lanes: L, factor: f32, values: &[Octet], sums: &mut [Octet]) {
    let factor = lanes.splat(factor);
    for (sum, value) in sums.iter_mut().zip(values) {
        lanes.store(sum, lanes.multiply_add(factor, lanes.load(value), lanes.load(sum)));
    }
}

/// `ds += W dI`, dense: small matrix products, an offset's weights times the currents of several places at once.
pub(in crate::lifetime::fused) struct ConvolutionSpikeAdjoint<'a> {
    /// Which places share weights.
    pub(in crate::lifetime::fused) windows: &'a Windows,
    /// W transposed.
    pub(in crate::lifetime::fused) transposed: &'a [Octet],
    /// dI, by neuron.
    pub(in crate::lifetime::fused) current: &'a [f32],
    /// ds by presynaptic place, channels padded.
    pub(in crate::lifetime::fused) spikes: &'a mut [Octet],
}

impl Kernel for ConvolutionSpikeAdjoint<'_> {
    #[inline(always)]
    fn run<L: Lanes>(mut self, lanes: L) {
        let octets = self.windows.octets_before();
        let mut first = 0;
        while first + 4 <= octets {
            self.stripe::<L, 2, 4>(lanes, first);
            first += 4;
        }
        if first + 2 <= octets {
            self.stripe::<L, 4, 2>(lanes, first);
            first += 2;
        }
        if first < octets {
            self.stripe::<L, 8, 1>(lanes, first);
        }
    }
}

impl ConvolutionSpikeAdjoint<'_> {
    /// `OCTETS` vectors of presynaptic channels from `first` on, `PLACES` places at once.
    #[inline(always)]
    fn stripe<L: Lanes, const PLACES: usize, const OCTETS: usize>(&mut self, lanes: L, first: usize) {
        let windows = self.windows;
        let size = windows.channels_after * windows.octets_before();
        for (pairs, weights) in windows.pairs.iter().zip(self.transposed.chunks_exact(size)) {
            let (groups, rest) = pairs.as_chunks::<PLACES>();
            for pairs in groups {
                self.block::<L, PLACES, OCTETS>(lanes, first, pairs, weights);
            }
            for pair in rest {
                self.block::<L, 1, OCTETS>(lanes, first, &[*pair], weights);
            }
        }
    }

    #[inline(always)]
    fn block<L: Lanes, const PLACES: usize, const OCTETS: usize>(
        &mut self,
        lanes: L,
        first: usize,
        pairs: &[Pair; PLACES],
        weights: &[Octet],
    ) {
        let (channels, octets) = (self.windows.channels_after, self.windows.octets_before());
        let mut currents = [self.current; PLACES];
        for (current, pair) in currents.iter_mut().zip(pairs) {
            *current = &self.current[pair.after * channels..][..channels];
        }
        let mut sums = [[lanes.splat(0.0); OCTETS]; PLACES];
        for (channel, row) in weights.chunks_exact(octets).enumerate().take(channels) {
            let Some(row) = row[first..].first_chunk::<OCTETS>() else { return };
            for (sums, current) in sums.iter_mut().zip(&currents) {
                let current = lanes.splat(current[channel]);
                for (sum, weight) in sums.iter_mut().zip(row) {
                    *sum = lanes.multiply_add(current, lanes.load(weight), *sum);
                }
            }
        }
        for (sums, pair) in sums.iter().zip(pairs) {
            let spikes = &mut self.spikes[pair.before * octets + first..][..OCTETS];
            for (spike, sum) in spikes.iter_mut().zip(sums) {
                lanes.store(spike, lanes.add(lanes.load(spike), *sum));
            }
        }
    }
}
