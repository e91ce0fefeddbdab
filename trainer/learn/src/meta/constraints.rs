//! What weights are not free to do while they are trained: held ones stay as they start, standardised ones keep their
//! mean, and their deviation unless that is learned, normalised ones bring currents of a mean and a deviation, rounded
//! ones are to the network what they will be to the chip.

use std::ops::Range;

use metaplastic_shared::network::Connectivity;

use super::normalised::{Normalised, Statistics};
use super::standardised::Standardised;
use crate::quantize::round;

/// The constraints of an experiment's weights.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Constraints {
    /// Where in the flat vector what is held lies.
    pub held: Vec<Range<usize>>,
    /// Tensors that are kept standardised.
    pub standardised: Vec<Standardised>,
    /// Tensors whose currents are normalised.
    pub normalised: Vec<Normalised>,
    /// Tensors that the network gets as the chip gets them, on a grid of 8 bits. The gradient passes as if it were none:
    /// a straight-through estimator (Bengio et al. 2013).
    pub rounded: Vec<(Connectivity, Range<usize>)>,
}

impl Constraints {
    /// The meta-parameters of the network that free ones and running statistics stand for.
    #[must_use]
    pub fn fold(&self, free: &[f32], statistics: &[Statistics]) -> Vec<f32> {
        let mut flat = free.to_vec();
        self.normalised.iter().zip(statistics).for_each(|(tensor, statistics)| tensor.fold(statistics, &mut flat));
        flat.truncate(free.len() - self.gain_count());
        self.rounded.iter().for_each(|(connectivity, range)| round(*connectivity, &mut flat[range.clone()]));
        flat
    }

    /// How many gains lie behind the meta-parameters of the network in the vector that is descended on.
    #[must_use]
    pub fn gain_count(&self) -> usize {
        self.normalised.iter().map(|tensor| tensor.gains.len()).sum()
    }

    /// Makes of the gradient with respect to the network's meta-parameters that with respect to the free ones.
    pub fn pull_back(&self, free: &[f32], statistics: &[Statistics], gradient: &mut [f32]) {
        let tensors = self.normalised.iter().zip(statistics);
        tensors.for_each(|(tensor, statistics)| tensor.pull_back(statistics, free, gradient));
    }

    /// Takes out of a gradient what these weights are not free to follow.
    pub fn project(&self, flat: &[f32], gradient: &mut [f32]) {
        self.held.iter().for_each(|range| gradient[range.clone()].fill(0.0));
        self.standardised.iter().for_each(|tensor| tensor.project(flat, gradient));
    }

    /// Brings weights back onto their constraints behind a step from `before`.
    pub fn retract(&self, before: &[f32], flat: &mut [f32]) {
        self.held.iter().for_each(|range| flat[range.clone()].copy_from_slice(&before[range.clone()]));
        self.standardised.iter().for_each(|tensor| tensor.retract(before, flat));
    }
}
