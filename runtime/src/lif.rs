//! Leaky integrate-and-fire neurons.
//!
//! ```text
//! v_j = a_v v_j + I_j - theta s_j(t-1)         I_j with the bias
//! s_j = [v_j >= theta + beta a_j], unless within `refractory` steps after a spike
//! a_j = rho a_j + (1 - rho) s_j
//! ```
//!
//! v, theta, b and beta are i16 in the population's exponent, a is Q15. The sum is exact in 32 bits, then
//! saturates.

use metaplastic_shared::arithmetic::{multiply_q15, round_shift, saturate};
use metaplastic_shared::format::LifFormat;
use metaplastic_shared::network::Lif;

use crate::arena::Arena;
use crate::hash::Hash;
use crate::kernel;
use crate::spikes::Spikes;
use crate::traces::follow;

/// A LIF population: what it is and its state.
pub(crate) struct LifPopulation<'a> {
    lif: Lif,
    format: LifFormat,
    bias: &'a [i16],
    pub(crate) membrane: &'a mut [i16],
    adaptation: &'a mut [i16],
    refractory: &'a mut [u16],
}

impl<'a> LifPopulation<'a> {
    pub(crate) fn carve(arena: &mut Arena<'a>, size: usize, lif: Lif, format: LifFormat, bias: &'a [i16]) -> Self {
        let kept = |needed: bool| if needed { size } else { 0 };
        Self {
            lif,
            format,
            bias,
            membrane: arena.take(size),
            adaptation: arena.take(kept(lif.adaptive)),
            refractory: arena.take_indices(kept(lif.refractory > 0)),
        }
    }

    pub(crate) fn reset(&mut self) {
        self.membrane.fill(0);
        self.adaptation.fill(0);
        self.refractory.fill(0);
    }

    /// What every step's input begins with: the bias. `input` is at least as long as the population.
    pub(crate) fn begin_input(&self, input: &mut [i32]) {
        kernel::widen(input, self.bias);
    }

    /// One step from the summed input (in the membrane's exponent, bias included) to spikes.
    pub(crate) fn update(&mut self, input: &mut [i32], spikes: &mut Spikes<'_>) {
        for spiked in spikes.before() {
            if let Some(sum) = input.get_mut(usize::from(*spiked)) {
                *sum -= i32::from(self.format.threshold);
            }
        }
        let LifFormat { decay, threshold, .. } = self.format;
        if self.refractory.is_empty() && self.adaptation.is_empty() {
            return spikes.fill(|indices| kernel::integrate(self.membrane, input, decay, threshold, indices));
        }
        kernel::integrate(self.membrane, input, decay, threshold, &mut []);
        for j in 0..self.membrane.len() {
            if self.may_spike(j) && self.distance(j) >= 0 {
                spikes.push(j);
                self.begin_refractory(j);
            }
        }
    }

    /// The end of a step: the threshold adapts to its spikes.
    pub(crate) fn adapt(&mut self, spikes: &Spikes<'_>) {
        if let Some(adaptation) = self.format.adaptation {
            follow(self.adaptation, adaptation.decay, spikes.now());
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
        let adapted = round_shift(strength * value(self.adaptation), 15);
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
        hash.i16(self.adaptation);
        hash.u16(self.refractory);
    }
}
