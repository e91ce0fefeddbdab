//! The third factor `M_j = sum_k G_kj m_k`, and with the learning rate the factor `eta M_j` of change.
//!
//! M is i16 in its declared exponent; `eta M` is i16 with an exponent such that times E it has 16 fractional
//! bits more than P.

use metaplastic_shared::arithmetic::{round_randomly, round_shift, saturate};
use metaplastic_shared::format::{LARGEST_LEAK, LeakFormat, PlasticFormat};
use metaplastic_shared::network::Leak;

use crate::arena::Arena;

/// Neurons whose third factor is summed at once; divides a row.
const SUMS: usize = 8;

/// The factor from stored eligibility to E, and the offsets with which `eta M` and its product with it are rounded.
#[derive(Clone, Copy)]
pub(crate) struct ReciprocalScale {
    /// Q15, one at 32768.
    pub(crate) scale: i32,
    pub(crate) offsets: (u16, u16),
}

/// The source of a projection's third factor, and its value in this step.
pub(crate) struct IntegerThirdFactor<'a> {
    weights: &'a [i8],
    /// Index of the modulator population; none for a constant third factor.
    pub(crate) modulators: Option<usize>,
    row: usize,
    pub(crate) value: &'a mut [i16],
}

impl<'a> IntegerThirdFactor<'a> {
    pub(crate) fn allocate(
        arena: &mut Arena<'a>,
        modulators: Option<usize>,
        weights: &'a [i8],
        post_size: usize,
        row: usize,
    ) -> Self {
        Self { weights, modulators, row, value: arena.take(post_size) }
    }

    /// Computes M from the modulators' values, Q15. Returns whether any M is not zero; `was` is this answer for the
    /// last step.
    pub(crate) fn update(&mut self, modulation: Option<&[i16]>, format: &PlasticFormat, was: bool) -> bool {
        match modulation {
            None => {
                let one = saturate(1 << format.third_factor_exponent);
                self.value.fill(one);
                one != 0
            }
            Some(modulation) if modulation.iter().any(|m| *m != 0) => self.weigh(modulation, format),
            Some(_) => {
                if was {
                    self.value.fill(0);
                }
                false
            }
        }
    }

    /// `M_j = sum_k G_kj m_k`, eight neurons at a time, whose sums stay in registers. Returns whether any M is not
    /// zero.
    #[inline(never)]
    fn weigh(&mut self, modulation: &[i16], format: &PlasticFormat) -> bool {
        let mut any = false;
        let shift = format.third_factor_shift();
        let weights = self.weights.as_chunks::<SUMS>().0;
        for (block, values) in self.value.chunks_mut(SUMS).enumerate() {
            let (mut sums, mut at) = ([0; SUMS], block);
            for m in modulation {
                let Some(weights) = weights.get(at).filter(|_| *m != 0) else {
                    at += self.row / SUMS;
                    continue;
                };
                sums.iter_mut().zip(weights).for_each(|(sum, g)| *sum += i32::from(*m) * i32::from(*g));
                at += self.row / SUMS;
            }
            for (value, sum) in values.iter_mut().zip(sums) {
                *value = saturate(round_shift(sum, shift as u32));
                any |= *value != 0;
            }
        }
        any
    }

    /// Writes `-l_j`, exponent [`LEAK_EXPONENT`](metaplastic_shared::format::LEAK_EXPONENT), into `leaks`, and returns
    /// whether any is not zero.
    #[inline(never)]
    pub(crate) fn leaks(&self, leak: (Leak, LeakFormat), exponent: u8, offset: u16, leaks: &mut [i16]) -> bool {
        let (when, format) = leak;
        let shift = format.shift(when, exponent) as u32;
        let mut any = false;
        for (leak, value) in leaks.iter_mut().zip(self.value.iter()) {
            let factor = if when == Leak::Always { 1 } else { i32::from(*value).abs() };
            let lost = round_randomly(factor * i32::from(format.rate), shift, offset);
            *leak = -(lost.min(LARGEST_LEAK.into()) as i16);
            any |= *leak != 0;
        }
        any
    }

    /// Writes `eta M_j scale` into `factors`, and returns whether any factor is not zero.
    #[inline(never)]
    pub(crate) fn factors(&self, format: &PlasticFormat, scale: ReciprocalScale, factors: &mut [i16]) -> bool {
        let ReciprocalScale { scale, offsets } = scale;
        let shift = format.change_shift() as u32;
        let mut any = false;
        for (factor, value) in factors.iter_mut().zip(self.value.iter()) {
            let rated = round_randomly(i32::from(*value) * i32::from(format.rate), shift, offsets.0);
            let rated = rated.clamp(i16::MIN.into(), i16::MAX.into());
            *factor = saturate(round_randomly(rated * scale, 15, offsets.1));
            any |= *factor != 0;
        }
        any
    }
}
