//! Tensors of run-time shape that all write on one tape, and the few shapes of broadcasting the equations use.
//!
//! dfdx gives every tensor a tape of its own and merges them; here all tensors of a lifetime share one, so that
//! state can be cloned and read twice. This file knows no equation but the low-pass filter `a x + (1 - a) s`.

use std::cell::RefCell;
use std::rc::Rc;

use dfdx::prelude::*;

/// A number the reference can be computed in: `f32` as in training, or `f64` for proofs.
pub(super) trait Precision: Dtype + From<f32> + Into<f64> {}

impl Precision for f32 {}
impl Precision for f64 {}

/// The tape of one lifetime, shared by all its tensors.
#[derive(Clone)]
pub(super) struct SharedTape<E: Precision>(Rc<RefCell<OwnedTape<E, Cpu>>>);

impl<E: Precision> SharedTape<E> {
    /// Takes what was recorded, leaving an empty tape.
    pub(super) fn take(&self) -> OwnedTape<E, Cpu> {
        self.0.take()
    }
}

impl<E: Precision> Default for SharedTape<E> {
    fn default() -> Self {
        Self(Rc::default())
    }
}

impl<E: Precision> Merge<NoneTape> for SharedTape<E> {
    fn merge(self, _: NoneTape) -> Self {
        self
    }
}

impl<E: Precision> Merge<Self> for SharedTape<E> {
    fn merge(self, other: Self) -> Self {
        assert!(Rc::ptr_eq(&self.0, &other.0), "a lifetime has one tape");
        self
    }
}

impl<E: Precision> Tape<E, Cpu> for SharedTape<E> {
    const OWNS_TAPE: bool = true;

    fn add_backward_op<F>(&mut self, operation: F)
    where
        F: 'static + FnOnce(&mut Gradients<E, Cpu>) -> Result<(), CpuError>,
    {
        self.0.borrow_mut().add_backward_op(operation);
    }
}

/// A tensor on the lifetime's tape.
pub(super) type Traced<S, E> = Tensor<S, E, Cpu, SharedTape<E>>;
/// `[]`.
pub(super) type TapedScalar<E> = Traced<(), E>;
/// `[neurons]`.
pub(super) type Row<E> = Traced<(usize,), E>;
/// `[episodes, neurons]`, or `[rows, columns]` of a parameter.
pub(super) type Matrix<E> = Traced<(usize, usize), E>;
/// `[episodes, pre, post]`.
pub(super) type Synapses<E> = Traced<(usize, usize, usize), E>;

/// Makes the constants of a lifetime.
#[derive(Clone, Default)]
pub(super) struct ConstantSource<E: Precision> {
    device: Cpu,
    tape: SharedTape<E>,
}

impl<E: Precision> ConstantSource<E>
where
    Cpu: Device<E>,
{
    pub(super) fn tape(&self) -> &SharedTape<E> {
        &self.tape
    }

    pub(super) fn tensor<S: Shape>(&self, values: Vec<E>, shape: S) -> Traced<S, E> {
        self.device.tensor_from_vec(values, shape).put_tape(self.tape.clone())
    }

    pub(super) fn zeros<S: Shape>(&self, shape: S) -> Traced<S, E> {
        self.device.zeros_like(&shape).put_tape(self.tape.clone())
    }

    /// Positions in a vector, for selecting from it.
    pub(super) fn indices(&self, positions: Vec<usize>) -> Tensor<(usize,), usize, Cpu> {
        let count = positions.len();
        self.device.tensor_from_vec(positions, (count,))
    }

    pub(super) fn ones<S: Shape>(&self, shape: S) -> Traced<S, E> {
        self.device.ones_like(&shape).put_tape(self.tape.clone())
    }
}

/// `factor x`, one factor for all.
pub(super) fn scale<E: Precision>(factor: &TapedScalar<E>, x: Matrix<E>) -> Matrix<E>
where
    Cpu: Device<E>,
{
    let shape = *x.shape();
    x * factor.clone().broadcast_like(&shape)
}

/// `a x + (1 - a) s`: a trace.
pub(super) fn leak<E: Precision>(a: &TapedScalar<E>, x: Matrix<E>, s: Matrix<E>) -> Matrix<E>
where
    Cpu: Device<E>,
{
    scale(a, x) + scale(&one_minus(a), s)
}

/// `1 - a`.
pub(super) fn one_minus<E: Precision>(a: &TapedScalar<E>) -> TapedScalar<E>
where
    Cpu: Device<E>,
{
    a.clone().negate() + E::ONE
}

/// The values as a constant: nothing is differentiated through it.
pub(super) fn detached<E: Precision>(x: &Matrix<E>) -> Matrix<E>
where
    Cpu: Device<E>,
{
    let (values, tape) = x.clone().split_tape();
    values.device().tensor_from_vec(values.as_vec(), *values.shape()).put_tape(tape)
}
