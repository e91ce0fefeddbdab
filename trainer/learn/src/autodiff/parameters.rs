//! The flat vector as a leaf of the tape, and its tensors in the units of the equations.
//!
//! Decays are `sigmoid(raw)`, positive scalars `exp(raw)`, everything else is itself; the layout is the model's.

use dfdx::prelude::*;

use super::tensor::{ConstantSource, Matrix, Precision, Row, TapedScalar};
use crate::model::{Model, Parameter};

/// The meta-parameters of a model on a lifetime's tape.
pub(super) struct TapedParameters<'m, E: Precision> {
    pub(super) model: &'m Model,
    flat: Row<E>,
}

impl<'m, E: Precision> TapedParameters<'m, E>
where
    Cpu: Device<E>,
{
    pub(super) fn new(model: &'m Model, flat: &[E], source: &ConstantSource<E>) -> Self {
        Self { model, flat: source.tensor(flat.to_vec(), (flat.len(),)) }
    }

    /// The leaf, with respect to which the gradient is.
    pub(super) fn leaf(&self) -> Tensor<(usize,), E, Cpu> {
        self.flat.clone().split_tape().0
    }

    /// A tensor as it is, if the network has it.
    pub(super) fn matrix(&self, parameter: Parameter) -> Option<Matrix<E>> {
        let slot = self.model.slot(parameter)?;
        Some(self.flat.clone().slice((slot.range.clone(),)).reshape_like(&slot.shape))
    }

    /// A tensor that the network has, in the shape `[neurons]`.
    pub(super) fn row(&self, parameter: Parameter) -> Row<E> {
        let matrix = self.present(parameter);
        let length = matrix.shape().num_elements();
        matrix.reshape_like(&(length,))
    }

    /// A tensor that the network has, repeated until there are `length` values: `[neurons]`.
    pub(super) fn repeated(&self, parameter: Parameter, length: usize, source: &ConstantSource<E>) -> Row<E> {
        let row = self.row(parameter);
        let values = row.shape().0;
        row.gather(source.indices((0..length).map(|position| position % values).collect()))
    }

    /// A decay `sigmoid(raw)` that the network has.
    pub(super) fn decay(&self, parameter: Parameter) -> TapedScalar<E> {
        self.present(parameter).reshape_like(&()).sigmoid()
    }

    /// A positive scalar `exp(raw)` that the network has.
    pub(super) fn positive(&self, parameter: Parameter) -> TapedScalar<E> {
        self.present(parameter).reshape_like(&()).exp()
    }

    /// A tensor that the network has.
    pub(super) fn present(&self, parameter: Parameter) -> Matrix<E> {
        self.matrix(parameter).expect("callers name only tensors of their network")
    }
}
