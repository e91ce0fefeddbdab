//! The constraints of an experiment's weights while they are trained: frozen ones stay as they start, standardised
//! ones keep their mean, and their deviation unless that is learned, the currents of batch-normalised ones keep a
//! mean and a deviation, and the network runs with quantisation-aware ones rounded as on the chip.

use std::ops::Range;

use metaplastic_shared::network::Connectivity;

use super::batch_normalisation::{BatchNormalisation, Statistics};
use super::free::FreeParameters;
use super::standardised::Standardised;
use crate::quantize::round;

/// The constraints of an experiment's weights.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Constraints {
    /// Where frozen tensors are in the flat vector.
    pub frozen: Vec<Range<usize>>,
    /// Tensors that are kept standardised.
    pub standardised: Vec<Standardised>,
    /// Tensors whose currents are batch-normalised.
    pub batch_normalised: Vec<BatchNormalisation>,
    /// Tensors that the network gets rounded as on the chip.
    pub quantisation_aware: Vec<QuantisationAware>,
}

/// A tensor that the network gets on its grid of 8 bits. The gradient passes as if it were not rounded: a
/// straight-through estimator (Bengio et al. 2013).
#[derive(Clone, Debug, PartialEq)]
pub struct QuantisationAware {
    /// Of its projection.
    pub connectivity: Connectivity,
    /// Where it is in the flat vector.
    pub range: Range<usize>,
}

impl Constraints {
    /// Free parameters from those that a network starts with; gammas are 1.
    #[must_use]
    pub fn free(&self, network: Vec<f32>) -> FreeParameters {
        FreeParameters { network, gammas: self.zero_gammas() }
    }

    fn zero_gammas(&self) -> Vec<Vec<f32>> {
        self.batch_normalised.iter().map(|tensor| vec![0.0; tensor.channels()]).collect()
    }

    /// The meta-parameters of the network that free ones and running statistics stand for.
    #[must_use]
    pub fn fold(&self, free: &FreeParameters, statistics: &[Statistics]) -> Vec<f32> {
        let mut network = free.network.clone();
        for (tensor, (statistics, gammas)) in self.batch_normalised.iter().zip(statistics.iter().zip(&free.gammas))
        {
            tensor.fold(statistics, gammas, &mut network);
        }
        self.quantisation_aware
            .iter()
            .for_each(|tensor| round(tensor.connectivity, &mut network[tensor.range.clone()]));
        network
    }

    /// Turns the gradient with respect to the network's meta-parameters into that with respect to the free ones.
    #[must_use]
    pub fn backward(
        &self,
        free: &FreeParameters,
        statistics: &[Statistics],
        network_gradient: Vec<f32>,
    ) -> FreeParameters {
        let mut gradient = self.free(network_gradient);
        let tensors = self.batch_normalised.iter().zip(statistics);
        tensors.for_each(|(tensor, statistics)| tensor.backward(statistics, free, &mut gradient));
        gradient
    }

    /// Removes from a gradient what would violate these constraints.
    pub fn project(&self, network: &[f32], gradient: &mut [f32]) {
        self.frozen.iter().for_each(|range| gradient[range.clone()].fill(0.0));
        self.standardised.iter().for_each(|tensor| tensor.project(network, gradient));
    }

    /// Brings weights back onto their constraints after a step from `before`.
    pub fn retract(&self, before: &[f32], network: &mut [f32]) {
        self.frozen.iter().for_each(|range| network[range.clone()].copy_from_slice(&before[range.clone()]));
        self.standardised.iter().for_each(|tensor| tensor.retract(before, network));
    }
}
