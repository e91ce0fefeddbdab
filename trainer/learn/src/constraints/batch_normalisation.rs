//! Batch normalisation: training keeps the input currents of a population at a mean and a deviation, by
//! postsynaptic channel, independently of the maps before it.
//!
//! ```text
//! I_j = D g_j (w_j . s / n - mu_j) / sigma_j + b_j        w free weights, kept at norm n;  gamma g = 1 + tanh(raw)
//! W_j = k_j w_j,   k_j = D g_j / (n sigma_j)              the network's weights
//! B_j = b_j - D g_j mu_j / sigma_j                        and its biases
//! ```
//!
//! `mu` and `sigma` are running statistics of `w_j . s / n`, over the positions and steps of lifetimes. They count
//! as constants of a meta-step, so that no gradient passes through them: batch normalisation (Ioffe & Szegedy 2015)
//! with running statistics, which is the same network in training and afterwards. An export has nothing to fold:
//! the network that an engine runs already is the folded one. The raw gammas are zero at the start. A gamma stays
//! below 2: with currents of many thresholds, the long tails of the surrogate give a gradient that grows from map
//! to map, and training diverges.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::free::FreeParameters;
use crate::lifetime::input_statistics::Moments;
use crate::model::ParameterSlot;

/// Prevents a division by zero for a channel without current.
const SMALLEST_VARIANCE: f32 = 1e-4;

/// A tensor whose currents are batch-normalised.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchNormalisation {
    /// The population that receives the currents.
    pub population: usize,
    /// Which of the batch-normalised tensors it is.
    index: usize,
    weights: Range<usize>,
    biases: Range<usize>,
    norm: f32,
    deviation: Deviation,
}

/// The standard deviation that the currents are scaled to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deviation {
    /// At the start, thresholds.
    pub start: f32,
    /// Whether it is learned from there, by channel.
    pub is_learned: bool,
}

/// The tensors of a population whose currents can be batch-normalised.
#[derive(Clone, Copy, Debug)]
pub struct Normalisable<'m> {
    /// The population.
    pub population: usize,
    /// The weights that bring all its currents.
    pub weights: &'m ParameterSlot,
    /// The biases, one per column of the weights.
    pub biases: &'m ParameterSlot,
}

/// Running statistics of the currents that free weights of norm 1 bring, by channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statistics {
    /// mu.
    pub mean: Vec<f32>,
    /// sigma^2.
    pub variance: Vec<f32>,
}

impl Statistics {
    /// Whether a channel can have this variance: its deviation is a number. Rounding leaves some slightly below zero.
    pub(crate) fn is_possible(variance: f32) -> bool {
        variance.is_finite() && variance > -SMALLEST_VARIANCE
    }
}

impl BatchNormalisation {
    /// Batch-normalises the currents of weights that are kept at `norm`, to a deviation. The tensor is number
    /// `index` of the batch-normalised ones.
    #[must_use]
    pub fn new(index: usize, tensors: Normalisable<'_>, norm: f64, deviation: Deviation) -> Self {
        Self {
            population: tensors.population,
            index,
            weights: tensors.weights.range.clone(),
            biases: tensors.biases.range.clone(),
            norm: norm as f32,
            deviation,
        }
    }

    /// Channels.
    #[must_use]
    pub fn channels(&self) -> usize {
        self.biases.len()
    }

    /// Statistics with which weights whose gamma is 1 are the network's.
    #[must_use]
    pub fn neutral(&self) -> Statistics {
        let unit = self.deviation.start / self.norm;
        Statistics {
            mean: vec![0.0; self.channels()],
            variance: vec![unit * unit - SMALLEST_VARIANCE; self.channels()],
        }
    }

    /// Turns the free weights and biases in `network` into the network's.
    pub fn fold(&self, statistics: &Statistics, gammas: &[f32], network: &mut [f32]) {
        for (column, mean) in statistics.mean.iter().enumerate() {
            let scale = self.scale(statistics, gammas, column);
            network[self.biases.start + column] -= scale * mean;
            self.column(network, column).for_each(|weight| *weight *= scale / self.norm);
        }
    }

    /// Turns the gradient with respect to the network's weights into that with respect to the free ones and the
    /// gammas.
    pub fn backward(&self, statistics: &Statistics, free: &FreeParameters, gradient: &mut FreeParameters) {
        let gammas = &free.gammas[self.index];
        for (column, mean) in statistics.mean.iter().enumerate() {
            let scale = self.scale(statistics, gammas, column);
            let mut along = -scale * mean * gradient.network[self.biases.start + column];
            let weights = free.network[self.weights.clone()].iter().skip(column).step_by(self.channels());
            for (gradient, weight) in self.column(&mut gradient.network, column).zip(weights) {
                *gradient *= scale / self.norm;
                along += *gradient * weight;
            }
            let slope = if self.deviation.is_learned { 2.0 - gamma(gammas, column) } else { 0.0 };
            gradient.gammas[self.index][column] = along * slope;
        }
    }

    /// Moves the statistics by `momentum` towards those of the currents that the folded network received.
    pub(crate) fn update(
        &self,
        statistics: &mut Statistics,
        received: &Moments,
        free: &FreeParameters,
        momentum: f32,
    ) {
        let gammas = &free.gammas[self.index];
        for column in 0..self.channels() {
            let scale = self.scale(statistics, gammas, column);
            let bias = free.network[self.biases.start + column];
            let mean = (received.mean(column) - bias) / scale + statistics.mean[column];
            let variance = received.variance(column) / (scale * scale);
            statistics.mean[column] += momentum * (mean - statistics.mean[column]);
            statistics.variance[column] += momentum * (variance - statistics.variance[column]);
        }
    }

    /// `D g / sigma`.
    fn scale(&self, statistics: &Statistics, gammas: &[f32], column: usize) -> f32 {
        let sigma = (statistics.variance[column] + SMALLEST_VARIANCE).sqrt();
        self.deviation.start * gamma(gammas, column) / sigma
    }

    fn column<'f>(&self, flat: &'f mut [f32], column: usize) -> impl Iterator<Item = &'f mut f32> + use<'f> {
        flat[self.weights.clone()].iter_mut().skip(column).step_by(self.channels())
    }
}

fn gamma(raw: &[f32], column: usize) -> f32 {
    1.0 + raw[column].tanh()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three inputs, two channels; columns (1, 2, 2) and (2, 2, 1), then biases.
    fn tensor() -> (BatchNormalisation, FreeParameters) {
        let tensor = BatchNormalisation {
            population: 1,
            index: 0,
            weights: 0..6,
            biases: 6..8,
            norm: 3.0,
            deviation: Deviation { start: 0.5, is_learned: true },
        };
        let network = vec![1.0, 2.0, 2.0, 2.0, 2.0, 1.0, 0.1, -0.2];
        (tensor, FreeParameters { network, gammas: vec![vec![0.0, 0.5_f32.atanh()]] })
    }

    fn folded(tensor: &BatchNormalisation, statistics: &Statistics, free: &FreeParameters) -> Vec<f32> {
        let mut network = free.network.clone();
        tensor.fold(statistics, &free.gammas[0], &mut network);
        network
    }

    #[test]
    fn neutral_statistics_change_nothing_but_by_the_gamma() {
        let (tensor, free) = tensor();
        let flat = folded(&tensor, &tensor.neutral(), &free);
        let expected = [1.0, 3.0, 2.0, 3.0, 2.0, 1.5, 0.1, -0.2];
        assert!(flat.iter().zip(expected).all(|(flat, expected)| (flat - expected).abs() < 1e-5), "{flat:?}");
    }

    #[test]
    fn folded_weights_have_the_configured_mean_and_deviation() {
        let (tensor, free) = tensor();
        // Channel 0: w / n . s has mean 0.6 and deviation 0.25; channel 1: 0 and 1.
        let statistics =
            Statistics { mean: vec![0.6, 0.0], variance: [0.0625, 1.0].map(|v| v - SMALLEST_VARIANCE).to_vec() };
        let flat = folded(&tensor, &statistics, &free);
        // k = 0.5 / (3 . 0.25) = 2 / 3 for channel 0, 0.5 . 1.5 / 3 = 1 / 4 for channel 1.
        let expected = [2.0 / 3.0, 0.5, 4.0 / 3.0, 0.5, 4.0 / 3.0, 0.25];
        assert!(flat.iter().zip(expected).all(|(flat, expected)| (flat - expected).abs() < 1e-5), "{flat:?}");
        assert!((flat[6] - (0.1 - 2.0 * 0.6)).abs() < 1e-5 && flat[7] == -0.2, "{flat:?}");
    }

    #[test]
    fn the_gradient_of_free_weights_is_that_of_finite_differences() {
        let (tensor, free) = tensor();
        let statistics = Statistics { mean: vec![0.6, -0.3], variance: vec![0.3, 0.7] };
        let weighing = [0.3, -1.0, 0.7, 0.2, -0.4, 0.9, 1.5, -0.6];
        let value = |free: &FreeParameters| {
            let flat = folded(&tensor, &statistics, free);
            flat.iter().zip(weighing).map(|(flat, weight)| f64::from(flat * weight)).sum::<f64>()
        };
        let mut gradient = FreeParameters { network: weighing.to_vec(), gammas: vec![vec![0.0; 2]] };
        tensor.backward(&statistics, &free, &mut gradient);
        for (position, computed) in gradient.values().enumerate() {
            let moved = |by: f32| {
                let mut moved = free.clone();
                moved.values_mut().skip(position).take(1).for_each(|value| *value += by);
                value(&moved)
            };
            let expected = (moved(1e-2) - moved(-1e-2)) / 2e-2;
            assert!((f64::from(computed) - expected).abs() < 2e-3, "{position}: {computed} {expected}");
        }
    }
}
