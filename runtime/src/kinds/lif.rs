//! Leaky integrate-and-fire neurons.
//!
//! ```text
//! i_j = a_i i_j + I_j                          if there is a synaptic current; else i_j = I_j. I_j with the bias
//! v_j = a_v v_j + i_j - theta s_j(t-1)
//! s_j = [v_j >= theta + beta a_j], unless within `refractory` steps after a spike
//! a_j = rho a_j + (1 - rho) s_j
//! ```
//!
//! A graded population never spikes; its output is v. A map is updated position by position.
//!
//! v, i, theta, b and beta are i16 in the population's exponent, a is a [trace](crate::traces). Sums are exact in 32
//! bits, then saturate.

use core::ops::Range;

use metaplastic_shared::arithmetic::{multiply_q15, round_shift, saturate};
use metaplastic_shared::format::LifFormat;
use metaplastic_shared::network::Lif;

use super::convolution::MapSize;
use super::scratch::InputScratch;
use crate::arena::Arena;
use crate::hash::Hash;
use crate::kernel;
use crate::spikes::Spikes;
use crate::traces::FilteredSpikes;

/// A LIF population: configuration and state.
pub(crate) struct LifPopulation<'a> {
    lif: Lif,
    format: LifFormat,
    /// One value per neuron, or one per channel.
    bias: &'a [i16],
    decays: DecayRows<'a>,
    /// The shape of its map, if convolutions project to it.
    pub(crate) map: Option<MapSize>,
    pub(crate) membrane: &'a mut [i16],
    adaptation: FilteredSpikes<'a>,
    refractory: &'a mut [u16],
    /// i; empty without a synaptic current.
    pub(crate) current: &'a mut [i16],
}

/// The decay of each neuron, Q0.16; empty if the population has one decay for all neurons.
#[derive(Clone, Copy, Default)]
pub(crate) struct DecayRows<'a> {
    pub(crate) membrane: &'a [u16],
    pub(crate) synapse: &'a [u16],
}

/// The configuration of a LIF population.
pub(crate) struct LifParts<'a> {
    pub(crate) lif: Lif,
    pub(crate) format: LifFormat,
    /// A value for each neuron or channel.
    pub(crate) bias: &'a [i16],
    pub(crate) decays: DecayRows<'a>,
    pub(crate) map: Option<MapSize>,
}

impl<'a> LifPopulation<'a> {
    pub(crate) fn allocate(arena: &mut Arena<'a>, size: usize, parts: LifParts<'a>) -> Self {
        let LifParts { lif, format, bias, decays, map } = parts;
        let kept = |needed: bool| if needed { size } else { 0 };
        Self {
            lif,
            format,
            bias,
            decays,
            map,
            membrane: arena.take(size),
            adaptation: FilteredSpikes::allocate(arena, kept(lif.adaptive)),
            refractory: arena.take_indices(kept(lif.refractory > 0)),
            current: arena.take(kept(lif.synaptic)),
        }
    }

    /// Exponent of the membrane potential.
    pub(crate) fn exponent(&self) -> u8 {
        self.format.exponent
    }

    /// a, Q15; empty without adaptation.
    pub(crate) fn adaptation(&self) -> &[i16] {
        self.adaptation.values
    }

    /// Steps that each neuron stays refractory; empty where none does.
    pub(crate) fn refractory(&self) -> &[u16] {
        self.refractory
    }

    pub(crate) fn reset(&mut self) {
        self.membrane.fill(0);
        self.adaptation.reset();
        self.refractory.fill(0);
        self.current.fill(0);
    }

    /// Sets the input to the bias, with which every step begins. `input` belongs to the whole population, or to a
    /// position of a map whose first neuron is `first`.
    pub(crate) fn begin_input(&self, first: usize, input: &mut [i32]) {
        let shared = self.bias.len() < self.membrane.len();
        let bias = if shared { self.bias } else { self.bias.get(first..).unwrap_or_default() };
        for input in input.chunks_mut(self.bias.len().max(1)) {
            kernel::widen(input, bias);
        }
    }

    /// One step from the summed input (in the membrane's exponent, bias included) to spikes.
    pub(crate) fn update(&mut self, input: &mut [i32], spikes: &mut Spikes<'_>) {
        let neurons = 0..self.membrane.len();
        if self.lif.synaptic {
            spikes.fill(|indices| {
                self.filter(neurons.clone(), input, indices);
                0
            });
        }
        for spiked in spikes.before() {
            if let Some(sum) = input.get_mut(usize::from(*spiked)) {
                *sum -= i32::from(self.format.threshold);
            }
        }
        if self.refractory.is_empty() && self.adaptation.values.is_empty() {
            return spikes.fill(|indices| self.integrate(neurons, input, indices));
        }
        self.integrate(neurons.clone(), input, &mut []);
        spikes.fill(|_| 0);
        self.spike(neurons, spikes);
    }

    /// Updates the synaptic current of some neurons, if they have one, and replaces their input by it. `found` is
    /// scratch memory.
    fn filter(&mut self, neurons: Range<usize>, input: &mut [i32], found: &mut [u16]) {
        if !self.lif.synaptic {
            return;
        }
        let decay = DecaySlice::of(self.format.synapse_decay.unwrap_or(0), self.decays.synapse, &neurons);
        let Some(current) = self.current.get_mut(neurons) else { return };
        // Only a saturated current reaches this threshold. The neurons that are found are not used.
        decay.integrate(current, input, i16::MAX, found);
        kernel::widen(input, current);
    }

    /// Updates the membrane of some neurons. Finds the neurons that reach the threshold, as offsets from the first.
    fn integrate(&mut self, neurons: Range<usize>, input: &[i32], found: &mut [u16]) -> usize {
        let decay = DecaySlice::of(self.format.decay, self.decays.membrane, &neurons);
        let membrane = self.membrane.get_mut(neurons).unwrap_or_default();
        decay.integrate(membrane, input, self.format.threshold, found)
    }

    /// As [`update`](Self::update), for the neurons of one position of a map: `channels` neurons from `first` on.
    /// The scratch rows have room for `channels` spikes.
    pub(crate) fn update_position(
        &mut self,
        first: usize,
        channels: usize,
        input: &mut InputScratch<'_>,
        spikes: &mut Spikes<'_>,
    ) {
        let InputScratch { rows: found, total: input, .. } = input;
        let (neurons, threshold) = (first..first + channels, self.format.threshold);
        self.filter(neurons.clone(), input, found);
        spikes.take_previous(first, channels, |channel| {
            if let Some(sum) = input.get_mut(channel) {
                *sum -= i32::from(threshold);
            }
        });
        let count = self.integrate(neurons.clone(), input, found);
        if self.lif.graded {
            return;
        }
        if !self.refractory.is_empty() || !self.adaptation.values.is_empty() {
            return self.spike(neurons, spikes);
        }
        found.iter().take(count).for_each(|channel| spikes.push(first + usize::from(*channel)));
    }

    /// Adds the spikes of the neurons that are not refractory and reach their own threshold.
    fn spike(&mut self, neurons: Range<usize>, spikes: &mut Spikes<'_>) {
        for j in neurons {
            if self.may_spike(j) && self.distance(j) >= 0 {
                spikes.push(j);
                self.begin_refractory(j);
            }
        }
    }

    /// Ends a step: the threshold adapts to the step's spikes.
    pub(crate) fn adapt(&mut self, spikes: &Spikes<'_>) {
        if let Some(adaptation) = self.format.adaptation {
            self.adaptation.filter(adaptation.decay, spikes.all());
        }
    }

    /// `psi(v_j) = 1 / (1 + slope |v_j - theta_j|)^2` in Q15, the threshold as the step used it.
    pub(crate) fn surrogate(&self, j: usize, slope: u8) -> i16 {
        let one = 1_u32 << self.format.exponent;
        let denominator = one + u32::from(slope) * self.distance(j).unsigned_abs();
        let root = saturate(((one << 15) / denominator.max(1)) as i32);
        multiply_q15(root, root)
    }

    /// `v_j - (theta + beta a_j)`.
    fn distance(&self, j: usize) -> i32 {
        let value = |slice: &[i16]| slice.get(j).map_or(0, |value| i32::from(*value));
        let strength = self.format.adaptation.map_or(0, |adaptation| i32::from(adaptation.strength));
        let adapted = round_shift(strength * value(self.adaptation.values), 15);
        value(self.membrane) - i32::from(self.format.threshold) - adapted
    }

    fn may_spike(&mut self, j: usize) -> bool {
        let Some(left) = self.refractory.get_mut(j) else { return true };
        let free = *left == 0;
        *left = left.saturating_sub(1);
        free
    }

    fn begin_refractory(&mut self, j: usize) {
        if let Some(left) = self.refractory.get_mut(j) {
            *left = u16::from(self.lif.refractory);
        }
    }

    pub(crate) fn hash(&self, hash: &mut Hash) {
        hash.i16(self.membrane);
        self.adaptation.hash(hash);
        hash.u16(self.refractory);
        hash.i16(self.current);
    }
}

/// The decay of some neurons: one for all, or one per neuron.
enum DecaySlice<'a> {
    All(u16),
    Each(&'a [u16]),
}

impl<'a> DecaySlice<'a> {
    /// `all`, unless the population has a decay for each neuron.
    fn of(all: u16, each: &'a [u16], neurons: &Range<usize>) -> Self {
        if each.is_empty() { Self::All(all) } else { Self::Each(each.get(neurons.clone()).unwrap_or_default()) }
    }

    fn integrate(self, values: &mut [i16], input: &[i32], threshold: i16, found: &mut [u16]) -> usize {
        match self {
            Self::All(decay) => kernel::integrate(values, input, decay, threshold, found),
            Self::Each(decays) => kernel::integrate_each(values, input, decays, threshold, found),
        }
    }
}
