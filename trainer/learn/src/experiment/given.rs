//! The start of a tensor of meta-parameters as a file gives it.

use super::decay::DecayTable;
use super::error::Fault;
use super::start::StartValues;
use super::weights::WeightsTable;
use crate::model::Parameter;

/// A tensor, and what is given for it.
pub(super) struct GivenStart<'t> {
    /// The tensor.
    pub(super) parameter: Parameter,
    /// What is given.
    pub(super) given: Given<'t>,
}

/// A start as the file gives it.
pub(super) enum Given<'t> {
    /// A quantity that is its raw number, with the standard deviation of its start.
    Normal(f64, f64),
    /// A positive quantity.
    Positive(f64),
    /// A decay.
    Decay(f64),
    /// A decay, or decays that are drawn.
    DecayTable(DecayTable),
    /// A weight matrix.
    Weights(&'t WeightsTable),
    /// Checked start values.
    Values(StartValues),
}

impl<'t> GivenStart<'t> {
    /// What is given for a tensor.
    pub(super) fn new(parameter: Parameter, given: Given<'t>) -> Self {
        Self { parameter, given }
    }
}

impl Given<'_> {
    /// The start values of a tensor with `rows` rows.
    pub(super) fn start(&self, field: &str, rows: usize) -> Result<StartValues, Fault> {
        match self {
            Self::Normal(mean, deviation) => StartValues::normal(field, *mean, *deviation),
            Self::Positive(value) => StartValues::positive(field, *value),
            Self::Decay(value) => StartValues::decay(field, *value),
            Self::DecayTable(table) => table.start(field),
            Self::Weights(table) => table.start(field, rows),
            Self::Values(values) => Ok(values.clone()),
        }
    }
}
