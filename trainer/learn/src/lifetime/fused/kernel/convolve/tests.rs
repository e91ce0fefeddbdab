//! The kernels of convolutions against their equations, synapse by synapse.

use metaplastic_shared::network::Convolution;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64;

use super::*;
use crate::lifetime::fused::lanes::{Backend, LANES};

/// Sources, weights and currents of a convolution: small integers, of which no order of sums loses anything.
struct Case {
    windows: Windows,
    active: Vec<u32>,
    spikes: Vec<f32>,
    /// `[offset, before, after]`.
    weights: Vec<f32>,
    /// `[position, after]`.
    current: Vec<f32>,
}

impl Case {
    fn new(before: u16, after: u16) -> Self {
        let convolution = Convolution { height: 3, width: 4, channels: before, kernel: 3, stride: 1, padding: 1 };
        let windows = Windows::new(convolution, 12 * usize::from(after));
        let mut random = Pcg64::seed_from_u64(u64::from(before) << 16 | u64::from(after));
        let mut integers =
            |count: usize| (0..count).map(|_| f32::from(random.random_range(-9_i8..=9))).collect::<Vec<_>>();
        let (weights, current) =
            (integers(windows.rows() * windows.channels_after), integers(12 * usize::from(after)));
        let spikes = integers(12 * usize::from(before)).into_iter().map(|spike| spike.max(0.0)).collect::<Vec<_>>();
        let active = (0..).zip(&spikes).filter(|(_, spike)| **spike > 0.0).map(|(neuron, _)| neuron).collect();
        Self { windows, active, spikes, weights, current }
    }

    fn sources(&self) -> Sources<'_> {
        Sources { rows: self.spikes.len(), active: &self.active, outputs: &self.spikes }
    }

    /// Calls `visit` with source, weight and target of every synapse.
    fn for_synapses(&self, mut visit: impl FnMut(usize, usize, usize)) {
        let Windows { channels_before, channels_after, pairs, .. } = &self.windows;
        for (offset, pairs) in pairs.iter().enumerate() {
            for (pair, number) in
                pairs.iter().flat_map(|pair| (0..channels_before * channels_after).map(move |n| (pair, n)))
            {
                let (before, after) = (number / channels_after, number % channels_after);
                let weight = offset * channels_before * channels_after + number;
                visit(pair.before * channels_before + before, weight, pair.after * channels_after + after);
            }
        }
    }

    /// Weights as the kernels want them, and transposed.
    fn laid_out(&self) -> [Vec<Octet>; 2] {
        let (mut rows, mut transposed) = (vec![0.0; self.windows.len()], vec![0.0; self.windows.transposed_len()]);
        self.windows.for_weights(|flat, row, column| {
            rows[row] = self.weights[flat];
            transposed[column] = self.weights[flat];
        });
        [rows, transposed].map(|values| values.as_chunks().0.to_vec())
    }
}

/// `[rows, channels]` with the channels padded to whole vectors.
fn padded(values: &[f32], channels: usize) -> Vec<Octet> {
    let width = channels.next_multiple_of(LANES);
    let pad = |row: &[f32]| row.iter().copied().chain(vec![0.0; width - channels]).collect::<Vec<_>>();
    values.chunks_exact(channels).flat_map(pad).collect::<Vec<_>>().as_chunks().0.to_vec()
}

/// Rows of every number of vectors that a stripe may have, and of none.
#[test]
fn every_kernel_is_its_equation_whatever_the_vectors_and_the_channels() {
    for channels in [(1, 5), (8, 16), (20, 24), (33, 40), (64, 50), (96, 104), (110, 76), (12, 70), (9, 1)] {
        let case = Case::new(channels.0, channels.1);
        let Windows { channels_before, channels_after, .. } = case.windows;
        let mut current = vec![1.0; case.current.len()];
        let mut weights = vec![1.0; case.weights.len()];
        let mut spikes = vec![1.0; case.spikes.len()];
        case.for_synapses(|source, weight, target| {
            current[target] += case.spikes[source] * case.weights[weight];
            weights[weight] += case.spikes[source] * case.current[target];
            spikes[source] += case.weights[weight] * case.current[target];
        });
        let [rows, transposed] = case.laid_out();
        for backend in Backend::all() {
            let (sources, windows) = (case.sources(), &case.windows);
            let mut found = padded(&vec![1.0; current.len()], channels_after);
            backend.run(Convolve { sources, windows, weights: &rows, current: &mut found });
            assert_eq!(found, padded(&current, channels_after), "I, {channels:?}, {backend:?}");
            let mut found = padded(&vec![1.0; weights.len()], channels_after);
            let by_position = padded(&case.current, channels_after);
            backend.run(ConvolutionWeightAdjoint { sources, windows, current: &by_position, weights: &mut found });
            assert_eq!(found, padded(&weights, channels_after), "dW, {channels:?}, {backend:?}");
            let mut found = padded(&vec![1.0; spikes.len()], channels_before);
            let (transposed, current) = (&transposed[..], &case.current[..]);
            backend.run(ConvolutionSpikeAdjoint { windows, transposed, current, spikes: &mut found });
            assert_eq!(found, padded(&spikes, channels_before), "ds, {channels:?}, {backend:?}");
        }
    }
}
