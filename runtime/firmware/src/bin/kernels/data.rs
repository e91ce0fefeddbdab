//! The arrays that the kernels are measured on: 128 presynaptic and 256 postsynaptic neurons, pseudo-random
//! numbers.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

/// Presynaptic neurons.
pub(crate) const PRE: usize = 128;
/// Postsynaptic neurons.
pub(crate) const POST: usize = 256;
/// Presynaptic neurons that spike, a tenth.
pub(crate) const SPIKING: usize = 13;
/// Postsynaptic neurons that spike, a tenth.
pub(crate) const POST_SPIKING: usize = 26;

/// Analog values.
pub(crate) const VALUES: usize = 4;

/// Word-aligned, as the runtime's arena aligns its slices.
#[repr(C, align(8))]
#[derive(Clone, Copy)]
pub(crate) struct Aligned<T>(pub(crate) T);

/// One set of arrays.
pub(crate) struct Data {
    pub(crate) innate: Aligned<[i8; PRE * POST]>,
    pub(crate) plastic: Aligned<[i16; PRE * POST]>,
    pub(crate) eligibility: Aligned<[i16; PRE * POST]>,
    pub(crate) sums: Aligned<[i32; POST]>,
    pub(crate) addends: Aligned<[i32; POST]>,
    pub(crate) membrane: Aligned<[i16; POST]>,
    pub(crate) pre_trace: Aligned<[i16; PRE]>,
    pub(crate) post_trace: Aligned<[i16; POST]>,
    pub(crate) post_fraction: Aligned<[u16; POST]>,
    pub(crate) vector: Aligned<[i16; POST]>,
    pub(crate) leaks: Aligned<[i16; POST]>,
    pub(crate) decays: Aligned<[u16; POST]>,
    pub(crate) found: Aligned<[u16; POST]>,
    pub(crate) count: usize,
    pub(crate) spikes: Aligned<[u16; SPIKING]>,
    pub(crate) post_spikes: Aligned<[u16; POST_SPIKING]>,
}

impl Data {
    pub(crate) const fn new() -> Self {
        Self {
            innate: Aligned([0; PRE * POST]),
            plastic: Aligned([0; PRE * POST]),
            eligibility: Aligned([0; PRE * POST]),
            sums: Aligned([0; POST]),
            addends: Aligned([0; POST]),
            membrane: Aligned([0; POST]),
            pre_trace: Aligned([0; PRE]),
            post_trace: Aligned([0; POST]),
            post_fraction: Aligned([0; POST]),
            vector: Aligned([0; POST]),
            leaks: Aligned([0; POST]),
            decays: Aligned([0; POST]),
            found: Aligned([0; POST]),
            count: 0,
            spikes: Aligned([0; SPIKING]),
            post_spikes: Aligned([0; POST_SPIKING]),
        }
    }

    /// The same numbers whenever it is called: |P| below half its limit, thresholds that 13 neurons reach.
    pub(crate) fn fill(&mut self) {
        let mut random = Pcg32::seed_from_u64(0);
        let mut within = |limit: i32| random.random_range(-limit..=limit);
        self.innate.0.fill_with(|| within(127) as i8);
        self.plastic.0.fill_with(|| within(8000) as i16);
        self.eligibility.0.fill_with(|| within(12_000) as i16);
        self.addends.0.fill_with(|| within(3_000_000));
        self.pre_trace.0.fill_with(|| within(16_000).unsigned_abs() as i16);
        self.post_trace.0.fill_with(|| within(16_000).unsigned_abs() as i16);
        self.post_fraction.0.fill_with(|| within(32_767) as u16);
        self.vector.0.fill_with(|| within(4000) as i16);
        self.leaks.0.iter_mut().enumerate().for_each(|(n, leak)| *leak = -5 * n as i16);
        self.count = 0;
        self.membrane.0.fill_with(|| within(1500) as i16);
        self.sums.0.fill_with(|| within(500));
        self.decays.0.iter_mut().enumerate().for_each(|(n, decay)| *decay = 30_000 + 139 * n as u16);
        self.spikes.0.iter_mut().enumerate().for_each(|(n, spike)| *spike = (n * 9 + n % 4) as u16);
        self.post_spikes.0.iter_mut().enumerate().for_each(|(n, spike)| *spike = (n * 9 + n % 7) as u16);
        for neuron in self.spikes.0 {
            if let Some(sum) = self.sums.0.get_mut(2 * usize::from(neuron)) {
                *sum = 5000;
            }
        }
    }

    /// A number that every element of every array changes.
    pub(crate) fn digest(&self) -> u32 {
        let i8s = self.innate.0.iter().map(|value| *value as u32);
        let i16s = [&self.plastic.0[..], &self.eligibility.0, &self.membrane.0, &self.pre_trace.0];
        let i16s = i16s.into_iter().chain([&self.post_trace.0[..], &self.vector.0]).flatten();
        let i32s = self.sums.0.iter().chain(&self.addends.0).map(|value| *value as u32);
        let found = self.found.0.iter().take(self.count).map(|value| u32::from(*value));
        let u16s = self.post_fraction.0.iter().map(|value| u32::from(*value));
        let all = i8s.chain(i16s.map(|value| *value as u32)).chain(i32s).chain(u16s).chain(found);
        all.fold(0x811c_9dc5, |hash: u32, value| (hash ^ value).wrapping_mul(0x0100_0193).rotate_left(5))
    }
}
