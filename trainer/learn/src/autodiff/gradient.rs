//! A gradient in double precision.

use crate::lifetime::carried::CarriedState;

/// A gradient whose every operation was done in `f64`.
#[derive(Clone, Debug, PartialEq)]
pub struct ExactGradient {
    /// Mean cross entropy over all decisions, nats, and the cost of modulation.
    pub loss: f64,
    /// Decisions in which the right class had the highest count.
    pub correct: usize,
    /// The gradient of the loss, in the layout of the model.
    pub values: Vec<f64>,
    /// As [`Gradient::ends`](crate::lifetime::Gradient::ends).
    pub ends: Vec<Option<CarriedState>>,
}

impl ExactGradient {
    /// The sum of two, with the ends of this one first.
    pub(super) fn plus(mut self, other: Self) -> Self {
        self.loss += other.loss;
        self.correct += other.correct;
        self.ends.extend(other.ends);
        self.values.iter_mut().zip(other.values).for_each(|(sum, value)| *sum += value);
        self
    }
}
