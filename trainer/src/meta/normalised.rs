//! Currents that training keeps at a mean and a deviation, by postsynaptic channel, whatever the maps before them do.
//!
//! ```text
//! I_j = D |w_j| / n (w_j . s / |w_j| - mu_j) / sigma_j + b_j        w free weights, of norm n at the start
//! W_j = k_j w_j,   k_j = D / (n sigma_j)                            what the network gets for its weights
//! B_j = b_j - k_j |w_j| mu_j                                        and for its biases
//! ```
//!
//! `mu` and `sigma` are running statistics of `w_j . s / |w_j|`, over the places and steps of lifetimes. They count as
//! constants of a meta-step, so that no gradient passes through them: batch normalisation (Ioffe & Szegedy 2015) with
//! running statistics, which is the same network in training and behind it. An export has nothing to fold: the network
//! that an engine runs already is the folded one.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::lifetime::currents::Moments;
use crate::model::Slot;

/// Keeps a channel that never gets any current from a division by zero.
const SMALLEST_VARIANCE: f32 = 1e-4;

/// A tensor whose currents are normalised.
#[derive(Clone, Debug, PartialEq)]
pub struct Normalised {
    /// The population that receives the currents.
    pub population: usize,
    weights: Range<usize>,
    biases: Range<usize>,
    norm: f32,
    deviation: f32,
}

/// Running statistics of what free weights of norm 1 bring, by channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statistics {
    /// mu.
    pub mean: Vec<f32>,
    /// sigma^2.
    pub variance: Vec<f32>,
}

impl Normalised {
    /// The weights of a slot, kept at `norm` or starting from it, shall bring currents of `deviation`, thresholds, to a
    /// population with these biases, one a column.
    #[must_use]
    pub fn new(population: usize, weights: &Slot, biases: &Slot, norm: f64, deviation: f64) -> Self {
        let (norm, deviation) = (norm as f32, deviation as f32);
        Self { population, weights: weights.range.clone(), biases: biases.range.clone(), norm, deviation }
    }

    /// Statistics that leave the weights as they are.
    #[must_use]
    pub fn neutral(&self) -> Statistics {
        let unit = self.deviation / self.norm;
        Statistics {
            mean: vec![0.0; self.biases.len()],
            variance: vec![unit * unit - SMALLEST_VARIANCE; self.biases.len()],
        }
    }

    /// Puts the network's weights and biases where the free ones are.
    pub fn fold(&self, statistics: &Statistics, flat: &mut [f32]) {
        for (column, mean) in statistics.mean.iter().enumerate() {
            let (factor, length) = (self.factor(statistics, column), self.length(flat, column));
            flat[self.biases.start + column] -= factor * length * mean;
            self.column(flat, column).for_each(|weight| *weight *= factor);
        }
    }

    /// Makes of the gradient with respect to the network's weights that with respect to the free ones.
    pub fn pull_back(&self, statistics: &Statistics, free: &[f32], gradient: &mut [f32]) {
        let columns = self.biases.len();
        for (column, mean) in statistics.mean.iter().enumerate() {
            let along = mean * gradient[self.biases.start + column] / self.length(free, column);
            let factor = self.factor(statistics, column);
            let weights = free[self.weights.clone()].iter().skip(column).step_by(columns);
            let gradients = self.column(gradient, column).zip(weights);
            gradients.for_each(|(gradient, weight)| *gradient = factor * (*gradient - along * weight));
        }
    }

    /// Moves the statistics by `share` towards those of the currents that the folded network received.
    pub fn follow(&self, statistics: &mut Statistics, received: &Moments, free: &[f32], share: f32) {
        for column in 0..self.biases.len() {
            let scale = (self.factor(statistics, column) * self.length(free, column)).recip();
            let mean = (received.mean(column) - free[self.biases.start + column]) * scale + statistics.mean[column];
            let variance = received.variance(column) * scale * scale;
            statistics.mean[column] += share * (mean - statistics.mean[column]);
            statistics.variance[column] += share * (variance - statistics.variance[column]);
        }
    }

    /// k.
    fn factor(&self, statistics: &Statistics, column: usize) -> f32 {
        self.deviation / (self.norm * (statistics.variance[column] + SMALLEST_VARIANCE).sqrt())
    }

    fn length(&self, flat: &[f32], column: usize) -> f32 {
        let weights = flat[self.weights.clone()].iter().skip(column).step_by(self.biases.len());
        weights.map(|weight| weight * weight).sum::<f32>().sqrt().max(f32::MIN_POSITIVE)
    }

    fn column<'f>(&self, flat: &'f mut [f32], column: usize) -> impl Iterator<Item = &'f mut f32> + use<'f> {
        flat[self.weights.clone()].iter_mut().skip(column).step_by(self.biases.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three inputs, two channels; columns (1, 2, 2) and (2, 0, 0), biases behind them.
    fn tensor() -> (Normalised, Vec<f32>) {
        let tensor = Normalised { population: 1, weights: 0..6, biases: 6..8, norm: 2.0, deviation: 0.5 };
        (tensor, vec![1.0, 2.0, 2.0, 0.0, 2.0, 0.0, 0.1, -0.2])
    }

    #[test]
    fn neutral_statistics_change_nothing() {
        let (tensor, free) = tensor();
        let mut flat = free.clone();
        tensor.fold(&tensor.neutral(), &mut flat);
        assert!(flat.iter().zip(&free).all(|(flat, free)| (flat - free).abs() < 1e-5), "{flat:?}");
    }

    #[test]
    fn folded_weights_bring_what_was_asked_for() {
        let (tensor, free) = tensor();
        // Channel 0: w / |w| . s has mean 0.6 and deviation 0.25; channel 1: 0 and 1.
        let statistics =
            Statistics { mean: vec![0.6, 0.0], variance: [0.0625, 1.0].map(|v| v - SMALLEST_VARIANCE).to_vec() };
        let mut flat = free.clone();
        tensor.fold(&statistics, &mut flat);
        // k = 0.5 / (2 . 0.25) = 1 for channel 0, 0.25 for channel 1; |w| = 3 and 2.
        let expected = [1.0, 0.5, 2.0, 0.0, 2.0, 0.0, 0.1 - 3.0 * 0.6, -0.2];
        assert!(flat.iter().zip(expected).all(|(flat, expected)| (flat - expected).abs() < 1e-5), "{flat:?}");
    }

    #[test]
    fn the_gradient_of_free_weights_is_that_of_finite_differences() {
        let (tensor, free) = tensor();
        let statistics = Statistics { mean: vec![0.6, -0.3], variance: vec![0.3, 0.7] };
        let weighing = [0.3, -1.0, 0.7, 0.2, -0.4, 0.9, 1.5, -0.6];
        let value = |free: &[f32]| {
            let mut flat = free.to_vec();
            tensor.fold(&statistics, &mut flat);
            flat.iter().zip(weighing).map(|(flat, weight)| f64::from(flat * weight)).sum::<f64>()
        };
        let mut gradient = weighing.to_vec();
        tensor.pull_back(&statistics, &free, &mut gradient);
        for place in 0..free.len() {
            let moved = |by: f32| {
                let mut moved = free.clone();
                moved[place] += by;
                value(&moved)
            };
            let expected = (moved(1e-2) - moved(-1e-2)) / 2e-2;
            assert!(
                (f64::from(gradient[place]) - expected).abs() < 2e-3,
                "{place}: {} {expected}",
                gradient[place]
            );
        }
    }
}
