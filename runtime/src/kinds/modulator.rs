//! Graded modulator neurons: `u_k = a_m u_k + I_k`, `m_k = shrink(tanh(u_k), d)`.
//!
//! The input `I_k` is the sum of spikes times weights and of external signals times weights. u is i16 in the
//! population's exponent, and decays by a random rounding, so that it reaches zero; m and the dead zone d are Q15.

use metaplastic_shared::arithmetic::{ONE_Q15, Signal, decay_and_add, rescale, saturate};
use metaplastic_shared::format::{ModulatorFormat, row_length};
use metaplastic_shared::network::Modulator;

use crate::arena::Arena;
use crate::hash::Hash;
use crate::kernel::tanh::tanh;

/// A modulator population: configuration and state.
pub(crate) struct ModulatorPopulation<'a> {
    description: Modulator,
    format: ModulatorFormat,
    signal_weights: &'a [i8],
    pub(crate) potential: &'a mut [i16],
    pub(crate) value: &'a mut [i16],
}

impl<'a> ModulatorPopulation<'a> {
    pub(crate) fn allocate(
        arena: &mut Arena<'a>,
        size: usize,
        description: Modulator,
        format: ModulatorFormat,
        signal_weights: &'a [i8],
    ) -> Self {
        Self { description, format, signal_weights, potential: arena.take(size), value: arena.take(size) }
    }

    /// Exponent of the potential.
    pub(crate) fn exponent(&self) -> u8 {
        self.format.exponent
    }

    pub(crate) fn reset(&mut self) {
        self.potential.fill(0);
        self.value.fill(0);
    }

    /// One step from the summed spike input (in the potential's exponent) and the signals to values.
    ///
    /// Signals that are not given are zero. `offset` is the rounding's.
    pub(crate) fn update(&mut self, input: &[i32], signals: &[Signal], offset: u16) {
        let shift = self.format.signal_shift();
        let row = row_length(self.potential.len());
        for (k, (u, input)) in self.potential.iter_mut().zip(input).enumerate() {
            let of_signals = rescale(weighted(signals, self.signal_weights, row, k), shift);
            *u = saturate(i32::from(decay_and_add(*u, self.format.decay, offset.into())) + *input + of_signals);
        }
    }

    /// The values that follow from the potentials; `frozen` sets every value to one.
    pub(crate) fn evaluate(&mut self, frozen: bool) {
        for (m, u) in self.value.iter_mut().zip(self.potential.iter()) {
            let shrunk = || self.description.shrink(tanh(*u, self.format.exponent));
            *m = if frozen { ONE_Q15 } else { shrunk() };
        }
    }

    pub(crate) fn hash(&self, hash: &mut Hash) {
        hash.i16(self.potential);
        hash.i16(self.value);
    }
}

/// Column `k` of the signals' weights times the signals, exact.
fn weighted(signals: &[Signal], weights: &[i8], row: usize, k: usize) -> i32 {
    let column = weights.iter().skip(k).step_by(row.max(1));
    signals.iter().zip(column).map(|(signal, weight)| i32::from(signal.to_bits()) * i32::from(*weight)).sum()
}
