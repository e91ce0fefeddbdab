//! A trained network's meta-parameters, as the kinds need them to choose formats and to write sections.

use metaplastic_shared::arithmetic::Decay;
use metaplastic_shared::format::row_length;

use super::grid::{fitting_exponent, largest, to_i8, to_i16};
use crate::model::{Model, Parameter, sigmoid};

/// The factor by which a quantity of a lifetime may exceed the observed range before it saturates.
pub(super) const HEADROOM: f32 = 1.5;

/// A model and its meta-parameters.
#[derive(Clone, Copy)]
pub(super) struct TrainedNetwork<'a> {
    /// The layout.
    pub(super) model: &'a Model,
    /// The raw values.
    pub(super) flat: &'a [f32],
}

impl<'a> TrainedNetwork<'a> {
    /// The values of a tensor; empty if the network does not have it.
    pub(super) fn values(self, parameter: Parameter) -> &'a [f32] {
        self.model.values(parameter, self.flat)
    }

    /// The largest magnitude of a tensor.
    pub(super) fn largest(self, parameter: Parameter) -> f32 {
        largest(self.values(parameter))
    }

    /// A positive quantity; zero if the network does not have it.
    pub(super) fn positive(self, parameter: Parameter) -> f32 {
        self.model.positive(parameter, self.flat)
    }

    /// A decay, Q0.16; zero if the network does not have it.
    pub(super) fn decay(self, parameter: Parameter) -> u16 {
        to_decay(self.model.decay(parameter, self.flat))
    }

    /// The section of a tensor of decays, Q0.16, padded with zeros.
    pub(super) fn to_decays(self, parameter: Parameter) -> Vec<u8> {
        let raw = self.values(parameter);
        let decays = raw.iter().flat_map(|raw| to_decay(sigmoid(*raw)).to_le_bytes());
        decays.chain(std::iter::repeat_n(0, 2 * (row_length(raw.len()) - raw.len()))).collect()
    }

    /// The exponent in which all values of a tensor fit 8 bits.
    pub(super) fn fitting_exponent(self, parameter: Parameter) -> i8 {
        fitting_exponent(self.values(parameter)) as i8
    }

    /// Columns of a tensor.
    pub(super) fn columns(self, parameter: Parameter) -> usize {
        self.model.slot(parameter).map_or(1, |slot| slot.shape.1)
    }

    /// The section of a tensor in 8 bits, its rows padded with zeros.
    pub(super) fn to_i8(self, parameter: Parameter, exponent: i32) -> Vec<u8> {
        let columns = self.columns(parameter);
        let padding = row_length(columns) - columns;
        let row = |row: &[f32]| -> Vec<u8> {
            let values = row.iter().map(|value| to_i8(*value, exponent) as u8);
            values.chain(std::iter::repeat_n(0, padding)).collect()
        };
        self.values(parameter).chunks_exact(columns).flat_map(row).collect()
    }

    /// The section of a tensor times `factor` in 16 bits, rows of more than one value padded with zeros.
    pub(super) fn to_i16(self, parameter: Parameter, exponent: i32, factor: f32) -> Vec<u8> {
        let columns = self.columns(parameter);
        self.to_i16_padded(parameter, exponent, factor, columns > 1)
    }

    /// As [`to_i16`](Self::to_i16), rows of one value padded too.
    pub(super) fn to_i16_rows(self, parameter: Parameter, exponent: i32) -> Vec<u8> {
        self.to_i16_padded(parameter, exponent, 1.0, true)
    }

    fn to_i16_padded(self, parameter: Parameter, exponent: i32, factor: f32, padded: bool) -> Vec<u8> {
        let columns = self.columns(parameter);
        let padding = if padded { row_length(columns) - columns } else { 0 };
        let row = |row: &[f32]| -> Vec<u8> {
            let values = row.iter().flat_map(|value| to_i16(factor * value, exponent).to_le_bytes());
            values.chain(std::iter::repeat_n(0, 2 * padding)).collect()
        };
        self.values(parameter).chunks_exact(columns).flat_map(row).collect()
    }
}

/// The nearest decay below one, Q0.16.
fn to_decay(value: f32) -> u16 {
    Decay::saturating_from_num(value).to_bits()
}
