//! The leak of plastic weights: a fraction of P that is lost beside what is learned, so that a network that lives on
//! forgets what it no longer needs.
//!
//! ```text
//! P_ij = clamp(P_ij + eta M_j E_ij - l_j P_ij, -P_max, P_max)
//! l_j  = min(lambda |M_j|, 1/2), or min(lambda, 1/2) in every step
//! ```

use serde::{Deserialize, Serialize};

use super::check::{FieldError, NOT_NEGATIVE, RIGHT_SHIFT, within};
use super::parameter::{Domain, Family, MetaParameter, Parameter};

/// When the plastic weights of a projection leak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Leak {
    /// By `lambda |M_j| P_ij`: it forgets while it learns. Without a third factor it costs a chip nothing.
    Modulated,
    /// By `lambda P_ij` in every step, whatever the third factor.
    Always,
}

/// Exponent of `l_j`, the fraction of P that is lost in a step.
pub const LEAK_EXPONENT: i32 = 16;
/// The largest `l_j`, exponent [`LEAK_EXPONENT`]: one half, less what its product with P needs to fit 32 bits.
pub const LARGEST_LEAK: i16 = 32_766;

impl Leak {
    /// lambda of a projection.
    pub(super) fn meta_parameter(projection: usize) -> MetaParameter {
        let (parameter, family) = (Parameter::Leak(projection), Family::Leak);
        MetaParameter { parameter, family, shape: (1, 1), domain: Domain::Positive }
    }
}

/// lambda as a chip has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeakFormat {
    /// lambda, not negative.
    pub rate: i16,
    /// Exponent of lambda, 0 to 30.
    pub exponent: u8,
}

impl LeakFormat {
    /// Right shift from `lambda |M_j|`, or from lambda, to the exponent of `l_j`; `third_factor` is the exponent of M.
    #[must_use]
    pub fn shift(self, leak: Leak, third_factor: u8) -> i32 {
        let of_third_factor = if leak == Leak::Modulated { third_factor.into() } else { 0 };
        i32::from(self.exponent) + of_third_factor - LEAK_EXPONENT
    }

    pub(super) fn check(self, leak: Leak, third_factor: u8) -> Result<(), FieldError> {
        within("leak rate", self.rate.into(), NOT_NEGATIVE)?;
        within("leak exponent", self.exponent.into(), RIGHT_SHIFT)?;
        within("leak shift", self.shift(leak, third_factor), RIGHT_SHIFT)
    }
}
