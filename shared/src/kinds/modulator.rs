//! Graded modulator neurons: `u_k = a_m u_k + I_k`, `m_k = shrink(tanh(u_k), d)`.

use serde::{Deserialize, Serialize};

use super::check::{EXPONENT, FieldError, within};
use super::parameter::{Domain, Family, MetaParameter, Parameter};
use crate::arithmetic::clamp_symmetric;

/// Largest number of modulator neurons of a population. It keeps the third factor's sum within 32 bits.
pub const MAX_MODULATORS: u16 = 256;

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

    /// Its meta-parameters.
    pub(super) fn meta_parameters(self, index: usize) -> impl Iterator<Item = MetaParameter> {
        let decay = MetaParameter {
            parameter: Parameter::ModulatorDecay(index),
            family: Family::ModulatorDecay,
            shape: (1, 1),
            domain: Domain::Decay,
        };
        [decay].into_iter()
    }
}

/// Formats and scalar constants of a modulator population.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModulatorFormat {
    /// Exponent of the potential `u`, 0 to 15.
    pub exponent: u8,
    /// a_m, Q0.16.
    pub decay: u16,
}

impl ModulatorFormat {
    pub(super) fn check(&self) -> Result<(), FieldError> {
        within("exponent", self.exponent.into(), EXPONENT)
    }
}
