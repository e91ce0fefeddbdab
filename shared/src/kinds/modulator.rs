//! Graded modulator neurons: `u_k = a_m u_k + I_k`, `m_k = shrink(tanh(u_k), d)`; external signals feed them.

use serde::{Deserialize, Serialize};

use super::check::{EXPONENT, FieldError, SHIFT, bound_of_scaled, within};
use super::parameter::{Domain, Family, MetaParameter, Parameter};
use super::section::{Section, SectionLength};
use crate::arithmetic::clamp_symmetric;
use crate::format::{SIGNAL_EXPONENT, WEIGHT_EXPONENTS, row_length};

/// Largest number of modulator neurons of a population. It keeps the third factor's sum within 32 bits.
pub const MAX_MODULATORS: u16 = 256;
/// Largest number of external signals.
pub const MAX_SIGNALS: u16 = 32;

/// The optional part of a graded modulator neuron.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Modulator {
    /// The dead zone `d` of the value: `shrink(m, d) = m - clamp(m, -d, d)`, exactly zero for `|m| <= d` and
    /// continuous at its edge. Q15, 0 (none) to 32767.
    pub dead_zone: i16,
}

/// A dead zone that is negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("dead_zone is {0}, not in 0..=32767")]
pub struct DeadZoneError(
    /// The dead zone it has, Q15.
    pub i16,
);

impl Modulator {
    /// `shrink(m, d)` of a value in Q15. The result is exact; it is nearer to zero, and therefore cannot overflow.
    ///
    /// ```
    /// use metaplastic_shared::network::Modulator;
    /// let modulator = Modulator { dead_zone: 3277 };
    /// assert_eq!([32767, 3278, 3277, 0, -3277, -3278].map(|m| modulator.shrink(m)), [29490, 1, 0, 0, 0, -1]);
    /// ```
    #[inline(always)]
    #[must_use]
    pub const fn shrink(self, value: i16) -> i16 {
        let value = value as i32;
        (value - clamp_symmetric(value, self.dead_zone) as i32) as i16
    }

    pub(super) fn check(self) -> Result<(), DeadZoneError> {
        if self.dead_zone < 0 { Err(DeadZoneError(self.dead_zone)) } else { Ok(()) }
    }

    /// The section of a population of `size` neurons that `signals` external signals feed.
    pub(super) fn section(self, population: usize, size: u16, signals: u16) -> SectionLength {
        let bytes = usize::from(signals) * row_length(size.into());
        SectionLength { section: Section::SignalWeights(population), bytes }
    }

    /// Meta-parameters of a population of `size` neurons that `signals` external signals feed.
    pub(super) fn meta_parameters(
        self,
        index: usize,
        size: u16,
        signals: u16,
    ) -> impl Iterator<Item = MetaParameter> {
        [
            MetaParameter {
                parameter: Parameter::ModulatorDecay(index),
                family: Family::ModulatorDecay,
                shape: (1, 1),
                domain: Domain::Decay,
            },
            MetaParameter {
                parameter: Parameter::SignalWeights(index),
                family: Family::SignalWeights,
                shape: (signals.into(), size.into()),
                domain: Domain::Real,
            },
        ]
        .into_iter()
    }
}

/// Formats and scalar constants of a modulator population.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModulatorFormat {
    /// Exponent of the potential `u`, 0 to 15.
    pub exponent: u8,
    /// a_m, Q0.16.
    pub decay: u16,
    /// Exponent of the i8 weights of external signals, see [`WEIGHT_EXPONENTS`].
    pub signal_exponent: i8,
}

impl ModulatorFormat {
    pub(super) fn check(&self) -> Result<(), FieldError> {
        within("exponent", self.exponent.into(), EXPONENT)?;
        within("signal_exponent", self.signal_exponent.into(), WEIGHT_EXPONENTS)?;
        within("signal shift", self.signal_shift(), SHIFT)
    }

    /// Right shift from a sum of signals times weights to the potential's exponent.
    #[must_use]
    pub fn signal_shift(&self) -> i32 {
        i32::from(self.signal_exponent) + SIGNAL_EXPONENT - i32::from(self.exponent)
    }

    /// Upper bound of what `signals` external signals add to a potential.
    pub(super) fn largest_of_signals(&self, signals: u16) -> i64 {
        bound_of_scaled(i64::from(signals) * (1 << 22), self.signal_shift())
    }
}
