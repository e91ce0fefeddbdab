//! The third factor `M_j = sum_k G_kj m_k` of a plastic projection: its source and its number formats.

use serde::{Deserialize, Serialize};

use super::check::{FieldError, RIGHT_SHIFT, within};
use super::parameter::{Domain, Family, MetaParameter, Parameter};
use super::section::{Section, SectionLength};
use crate::format::{TRACE_EXPONENT, WEIGHT_EXPONENTS, row_length};

/// The third factor `M_j` of a projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThirdFactor {
    /// `M_j = 1`: the rule without modulation.
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

    /// Checks the exponents of the weights G and of M; a constant third factor reads neither.
    pub(super) fn check_format(self, weight_exponent: i8, exponent: u8) -> Result<(), FieldError> {
        if self == Self::One {
            return Ok(());
        }
        within("third_factor_weight_exponent", weight_exponent.into(), WEIGHT_EXPONENTS)?;
        within("third factor shift", shift(weight_exponent, exponent), RIGHT_SHIFT)
    }
}

/// Right shift from a sum of modulator values times weights, of exponent `weight_exponent`, to M's exponent.
pub(super) fn shift(weight_exponent: i8, exponent: u8) -> i32 {
    i32::from(weight_exponent) + TRACE_EXPONENT - i32::from(exponent)
}

/// The section of the weights of `modulators` modulator neurons onto `post` neurons.
pub(super) fn section(projection: usize, modulators: usize, post: usize) -> SectionLength {
    SectionLength { section: Section::ThirdFactorWeights(projection), bytes: modulators * row_length(post) }
}

/// The weights of `modulators` modulator neurons onto `post` neurons.
pub(super) fn meta_parameter(projection: usize, modulators: usize, post: usize) -> MetaParameter {
    MetaParameter {
        parameter: Parameter::ThirdFactorWeights(projection),
        family: Family::ThirdFactorWeights,
        shape: (modulators, post),
        domain: Domain::Real,
    }
}
