//! Currents that training keeps at a mean and a deviation, by postsynaptic channel, whatever the maps before them do.
//!
//! ```text
//! I_j = D g_j (w_j . s / n - mu_j) / sigma_j + b_j        w free weights, kept at norm n;  g = 1 + tanh(raw)
//! W_j = k_j w_j,   k_j = D g_j / (n sigma_j)              what the network gets for its weights
//! B_j = b_j - D g_j mu_j / sigma_j                        and for its biases
//! ```
//!
//! `mu` and `sigma` are running statistics of `w_j . s / n`, over the places and steps of lifetimes. They count as
//! constants of a meta-step, so that no gradient passes through them: batch normalisation (Ioffe & Szegedy 2015) with
//! running statistics, which is the same network in training and behind it. An export has nothing to fold: the network
//! that an engine runs already is the folded one. The raw gains lie behind the meta-parameters of the network in the
//! vector that is descended on, and are zero at the start. A gain stays below 2: currents that are many thresholds
//! large make of a surrogate's long tails a gradient that grows from map to map, and training then loses its way.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::lifetime::input_statistics::Moments;
use crate::model::Slot;

/// Keeps a channel that never gets any current from a division by zero.
const SMALLEST_VARIANCE: f32 = 1e-4;

/// A tensor whose currents are normalised.
#[derive(Clone, Debug, PartialEq)]
pub struct Normalised {
    /// The population that receives the currents.
    pub population: usize,
    /// Where the raw gains lie in the vector that is descended on, one a column.
    pub gains: Range<usize>,
    weights: Range<usize>,
    biases: Range<usize>,
    norm: f32,
    deviation: f32,
    are_gains_learned: bool,
}

/// The deviation that currents shall have.
#[derive(Clone, Copy, Debug)]
pub struct Deviation {
    /// At the start, thresholds.
    pub start: f64,
    /// Whether it is learned from there, by channel.
    pub is_learned: bool,
    /// Where its gains begin in the vector that is descended on.
    pub first_gain: usize,
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
    /// The weights of a slot, kept at `norm`, shall bring currents of `deviation`, thresholds, to a population with
    /// these biases, one a column; it is learned from there, or not. The gains lie from `first_gain` on.
    #[must_use]
    pub fn new(population: usize, [weights, biases]: [&Slot; 2], norm: f64, deviation: Deviation) -> Self {
        let Deviation { start, is_learned, first_gain } = deviation;
        Self {
            population,
            gains: first_gain..first_gain + biases.range.len(),
            weights: weights.range.clone(),
            biases: biases.range.clone(),
            norm: norm as f32,
            deviation: start as f32,
            are_gains_learned: is_learned,
        }
    }

    /// Statistics with which weights whose gain is 1 are the network's.
    #[must_use]
    pub fn neutral(&self) -> Statistics {
        let unit = self.deviation / self.norm;
        Statistics {
            mean: vec![0.0; self.gains.len()],
            variance: vec![unit * unit - SMALLEST_VARIANCE; self.gains.len()],
        }
    }

    /// Puts the network's weights and biases where the free ones are.
    pub fn fold(&self, statistics: &Statistics, free: &mut [f32]) {
        for (column, mean) in statistics.mean.iter().enumerate() {
            let scale = self.scale(statistics, free, column);
            free[self.biases.start + column] -= scale * mean;
            self.column(free, column).for_each(|weight| *weight *= scale / self.norm);
        }
    }

    /// Makes of the gradient with respect to the network's weights that with respect to the free ones and the gains.
    pub fn pull_back(&self, statistics: &Statistics, free: &[f32], gradient: &mut [f32]) {
        for (column, mean) in statistics.mean.iter().enumerate() {
            let scale = self.scale(statistics, free, column);
            let mut along = -scale * mean * gradient[self.biases.start + column];
            let weights = free[self.weights.clone()].iter().skip(column).step_by(self.gains.len());
            for (gradient, weight) in self.column(gradient, column).zip(weights) {
                *gradient *= scale / self.norm;
                along += *gradient * weight;
            }
            let slope = if self.are_gains_learned { 2.0 - self.gain(free, column) } else { 0.0 };
            gradient[self.gains.start + column] = along * slope;
        }
    }

    /// Moves the statistics by `share` towards those of the currents that the folded network received.
    pub fn follow(&self, statistics: &mut Statistics, received: &Moments, free: &[f32], share: f32) {
        for column in 0..self.gains.len() {
            let scale = self.scale(statistics, free, column);
            let mean = (received.mean(column) - free[self.biases.start + column]) / scale + statistics.mean[column];
            let variance = received.variance(column) / (scale * scale);
            statistics.mean[column] += share * (mean - statistics.mean[column]);
            statistics.variance[column] += share * (variance - statistics.variance[column]);
        }
    }

    /// `D g / sigma`.
    fn scale(&self, statistics: &Statistics, free: &[f32], column: usize) -> f32 {
        let sigma = (statistics.variance[column] + SMALLEST_VARIANCE).sqrt();
        self.deviation * self.gain(free, column) / sigma
    }

    fn gain(&self, free: &[f32], column: usize) -> f32 {
        1.0 + free[self.gains.start + column].tanh()
    }

    fn column<'f>(&self, flat: &'f mut [f32], column: usize) -> impl Iterator<Item = &'f mut f32> + use<'f> {
        flat[self.weights.clone()].iter_mut().skip(column).step_by(self.gains.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three inputs, two channels; columns (1, 2, 2) and (2, 2, 1), biases and gains behind them.
    fn tensor() -> (Normalised, Vec<f32>) {
        let tensor = Normalised {
            population: 1,
            gains: 8..10,
            weights: 0..6,
            biases: 6..8,
            norm: 3.0,
            deviation: 0.5,
            are_gains_learned: true,
        };
        (tensor, vec![1.0, 2.0, 2.0, 2.0, 2.0, 1.0, 0.1, -0.2, 0.0, 0.5_f32.atanh()])
    }

    #[test]
    fn neutral_statistics_change_nothing_but_by_the_gain() {
        let (tensor, free) = tensor();
        let mut flat = free.clone();
        tensor.fold(&tensor.neutral(), &mut flat);
        let expected = [1.0, 3.0, 2.0, 3.0, 2.0, 1.5, 0.1, -0.2];
        assert!(flat.iter().zip(expected).all(|(flat, expected)| (flat - expected).abs() < 1e-5), "{flat:?}");
    }

    #[test]
    fn folded_weights_bring_what_was_asked_for() {
        let (tensor, free) = tensor();
        // Channel 0: w / n . s has mean 0.6 and deviation 0.25; channel 1: 0 and 1.
        let statistics =
            Statistics { mean: vec![0.6, 0.0], variance: [0.0625, 1.0].map(|v| v - SMALLEST_VARIANCE).to_vec() };
        let mut flat = free.clone();
        tensor.fold(&statistics, &mut flat);
        // k = 0.5 / (3 . 0.25) = 2 / 3 for channel 0, 0.5 . 1.5 / 3 = 1 / 4 for channel 1.
        let expected = [2.0 / 3.0, 0.5, 4.0 / 3.0, 0.5, 4.0 / 3.0, 0.25];
        assert!(flat.iter().zip(expected).all(|(flat, expected)| (flat - expected).abs() < 1e-5), "{flat:?}");
        assert!((flat[6] - (0.1 - 2.0 * 0.6)).abs() < 1e-5 && flat[7] == -0.2, "{flat:?}");
    }

    #[test]
    fn the_gradient_of_free_weights_is_that_of_finite_differences() {
        let (tensor, free) = tensor();
        let statistics = Statistics { mean: vec![0.6, -0.3], variance: vec![0.3, 0.7] };
        let weighing = [0.3, -1.0, 0.7, 0.2, -0.4, 0.9, 1.5, -0.6, 0.0, 0.0];
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
