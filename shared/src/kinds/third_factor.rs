//! The third factor `M_j = sum_k G_kj m_k` of a plastic projection: what it comes from, and its number formats.

use serde::{Deserialize, Serialize};

use super::check::{FieldError, RIGHT_SHIFT, within};
use super::parameter::{Domain, Family, MetaParameter, Parameter};
use super::plasticity::PlasticFormat;
use crate::artifact::{Section, SectionLength};
use crate::format::{TRACE_EXPONENT, WEIGHT_EXPONENTS, row_length};

/// The third factor `M_j` of a projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThirdFactor {
    /// `M_j = 1`: the rule alone.
    One,
    /// `M_j = sum_k G_kj m_k` over the modulator population with this index.
    Modulators(u8),
}

impl ThirdFactor {
    /// Index of the modulator population; none for a constant third factor.
    #[must_use]
    pub fn population(self) -> Option<u8> {
        match self {
            Self::One => None,
            Self::Modulators(population) => Some(population),
        }
    }

    pub(super) fn check_format(self, format: &PlasticFormat) -> Result<(), FieldError> {
        if self == Self::One {
            return Ok(());
        }
        let exponent = i32::from(format.third_factor_weight_exponent);
        within("third_factor_weight_exponent", exponent, WEIGHT_EXPONENTS)?;
        within("third factor shift", shift(format), RIGHT_SHIFT)
    }
}

/// Right shift from a sum of modulator values times weights to M's exponent.
pub(super) fn shift(format: &PlasticFormat) -> i32 {
    i32::from(format.third_factor_weight_exponent) + TRACE_EXPONENT - i32::from(format.third_factor_exponent)
}

/// The section of the weights of so many modulators onto so many neurons.
pub(super) fn section(projection: usize, modulators: usize, post: usize) -> SectionLength {
    SectionLength { section: Section::ThirdFactorWeights(projection), bytes: modulators * row_length(post) }
}

/// The weights of so many modulators onto so many neurons.
pub(super) fn meta_parameter(projection: usize, modulators: usize, post: usize) -> MetaParameter {
    MetaParameter {
        parameter: Parameter::ThirdFactorWeights(projection),
        family: Family::ThirdFactorWeights,
        shape: (modulators, post),
        domain: Domain::Real,
    }
}
