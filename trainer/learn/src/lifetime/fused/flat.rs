//! The flat vector of meta-parameters through their transforms, and the gradient back through the derivatives of
//! those.
//!
//! ```text
//! decay = sigmoid(raw),  draw = ddecay decay (1 - decay)        positive = exp(raw),  draw = dpositive positive
//! ```

use super::lanes::LANES;
use crate::model::{Model, Parameter};

/// Values of meta-parameters.
#[derive(Clone, Copy)]
pub(crate) struct FlatValues<'a> {
    /// The layout.
    pub(crate) model: &'a Model,
    /// The raw values.
    pub(crate) flat: &'a [f32],
}

impl<'a> FlatValues<'a> {
    /// The raw values of a tensor; empty if the network does not have it.
    pub(crate) fn raw(self, parameter: Parameter) -> &'a [f32] {
        self.model.values(parameter, self.flat)
    }

    /// A decay; zero if the network does not have it.
    pub(crate) fn decay(self, parameter: Parameter) -> f64 {
        f64::from(self.model.decay(parameter, self.flat))
    }

    /// A positive quantity; zero if the network does not have it.
    pub(crate) fn positive(self, parameter: Parameter) -> f64 {
        f64::from(self.model.positive(parameter, self.flat))
    }
}

/// A gradient in the layout of the flat vector, while it is put together.
pub(crate) struct FlatGradient<'a> {
    model: &'a Model,
    flat: Vec<f32>,
}

impl<'a> FlatGradient<'a> {
    /// Zeros.
    pub(crate) fn new(model: &'a Model) -> Self {
        Self { model, flat: vec![0.0; model.parameter_count()] }
    }

    /// The gradient with respect to a tensor; empty if the network does not have it.
    pub(crate) fn raw(&mut self, parameter: Parameter) -> &mut [f32] {
        self.model.slot(parameter).map_or(&mut [], |slot| &mut self.flat[slot.range.clone()])
    }

    /// Puts in the gradient with respect to a decay.
    pub(crate) fn set_decay(&mut self, parameter: Parameter, gradient: f64, decay: f64) {
        let raw = (gradient * decay * (1.0 - decay)) as f32;
        self.raw(parameter).first_mut().into_iter().for_each(|value| *value = raw);
    }

    /// Puts in the gradient with respect to a positive quantity.
    pub(crate) fn set_positive(&mut self, parameter: Parameter, gradient: f64, positive: f64) {
        let raw = (gradient * positive) as f32;
        self.raw(parameter).first_mut().into_iter().for_each(|value| *value = raw);
    }

    /// The whole gradient.
    pub(crate) fn finish(self) -> Vec<f32> {
        self.flat
    }
}

/// Copies rows of `columns` values to rows padded to whole vectors.
pub(crate) fn pad_rows(rows: &[f32], columns: usize, padded: &mut [f32]) {
    let width = columns.next_multiple_of(LANES);
    for (row, padded) in rows.chunks_exact(columns).zip(padded.chunks_exact_mut(width)) {
        padded[..columns].copy_from_slice(row);
    }
}

/// The reverse of [`pad_rows`].
pub(crate) fn cut_rows(padded: &[f32], columns: usize, rows: &mut [f32]) {
    let width = columns.next_multiple_of(LANES);
    for (row, padded) in rows.chunks_exact_mut(columns).zip(padded.chunks_exact(width)) {
        row.copy_from_slice(&padded[..columns]);
    }
}

/// Adds values to sums.
pub(crate) fn add(sums: &mut [f32], values: &[f32]) {
    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
}
