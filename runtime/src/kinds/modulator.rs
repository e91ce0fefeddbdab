//! Graded modulator neurons: `u_k = a_m u_k + I_k`, `m_k = shrink(tanh(u_k), d)`.
//!
//! u is i16 in the
//! population's exponent, and decays by a random rounding, so that it reaches zero; m and the dead zone d are Q15.

use metaplastic_shared::arithmetic::{ONE_Q15, decay_and_add, saturate};
use metaplastic_shared::format::ModulatorFormat;
use metaplastic_shared::network::Modulator;

use crate::arena::Arena;
use crate::hash::Hash;
use crate::kernel::tanh::tanh;

/// A modulator population: configuration and state.
pub(crate) struct ModulatorPopulation<'a> {
    description: Modulator,
    format: ModulatorFormat,
    pub(crate) potential: &'a mut [i16],
    pub(crate) value: &'a mut [i16],
}

impl<'a> ModulatorPopulation<'a> {
    pub(crate) fn allocate(
        arena: &mut Arena<'a>,
        size: usize,
        description: Modulator,
        format: ModulatorFormat,
    ) -> Self {
        Self { description, format, potential: arena.take(size), value: arena.take(size) }
    }

    /// Exponent of the potential.
    pub(crate) fn exponent(&self) -> u8 {
        self.format.exponent
    }

    pub(crate) fn reset(&mut self) {
        self.potential.fill(0);
        self.value.fill(0);
    }

    /// One step of the potentials under the summed input, which has their exponent. `offset` is the rounding's.
    pub(crate) fn update(&mut self, input: &[i32], offset: u16) {
        for (u, input) in self.potential.iter_mut().zip(input) {
            *u = saturate(i32::from(decay_and_add(*u, self.format.decay, offset.into())) + *input);
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
