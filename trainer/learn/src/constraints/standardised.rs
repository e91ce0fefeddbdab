//! Weights that training keeps at a mean of 0 and at a deviation, by postsynaptic neuron or channel.
//!
//! ```text
//! sum_i W_ij = 0,   sum_i W_ij^2 = norm_j^2
//! ```
//!
//! The weights of a meta-step are the standardised weights themselves: the gradient is projected onto what those
//! equations leave free, and the weights are brought back onto them after the step. An export therefore has nothing
//! to fold. A norm that is learned changes by the component of the step along the weights alone: the components
//! across them are mostly noise and would let it grow without limit. Weight standardisation: Qiao et al. 2019.

use std::ops::Range;

use crate::model::ParameterSlot;

/// A norm that is learned stays above this fraction of its start, so that the weights keep a direction.
const SMALLEST: f32 = 0.05;

/// A standardised tensor.
#[derive(Clone, Debug, PartialEq)]
pub struct Standardised {
    range: Range<usize>,
    columns: usize,
    norm: f32,
    is_norm_learned: bool,
}

impl Standardised {
    /// Each column of a tensor has the deviation `norm / sqrt(rows)`, or starts from it.
    #[must_use]
    pub fn new(slot: &ParameterSlot, norm: f64, is_norm_learned: bool) -> Self {
        Self { range: slot.range.clone(), columns: slot.shape.1, norm: norm as f32, is_norm_learned }
    }

    /// Brings the weights to mean and deviation. A column whose weights are all the same becomes zero.
    pub fn standardise(&self, flat: &mut [f32]) {
        let weights = &mut flat[self.range.clone()];
        (0..self.columns).for_each(|column| bring(weights, column, self.columns, self.norm));
    }

    /// Removes from a gradient what would change the mean of these weights, or a deviation that is not learned.
    pub fn project(&self, flat: &[f32], gradient: &mut [f32]) {
        let (weights, gradient) = (&flat[self.range.clone()], &mut gradient[self.range.clone()]);
        for column in 0..self.columns {
            center(gradient, column, self.columns);
            if self.is_norm_learned {
                continue;
            }
            let part = product(weights, gradient, column, self.columns) / (self.norm * self.norm);
            let weights = weights.iter().skip(column).step_by(self.columns);
            let gradient = gradient.iter_mut().skip(column).step_by(self.columns);
            gradient.zip(weights).for_each(|(gradient, weight)| *gradient -= part * weight);
        }
    }

    /// Brings the weights back to mean and deviation after a step from `before`.
    pub fn retract(&self, before: &[f32], flat: &mut [f32]) {
        let (before, weights) = (&before[self.range.clone()], &mut flat[self.range.clone()]);
        for column in 0..self.columns {
            let norm = if self.is_norm_learned { self.moved(before, weights, column) } else { self.norm };
            bring(weights, column, self.columns, norm);
        }
    }

    /// The norm of a column after a step: it grows by the component of the step along the weights.
    fn moved(&self, before: &[f32], after: &[f32], column: usize) -> f32 {
        let norm = product(before, before, column, self.columns).sqrt();
        let along = product(before, after, column, self.columns) / norm;
        if norm > 0.0 { along.max(SMALLEST * self.norm) } else { 0.0 }
    }
}

/// Scales and shifts a column to mean 0 and a norm.
fn bring(weights: &mut [f32], column: usize, columns: usize, norm: f32) {
    center(weights, column, columns);
    let found = product(weights, weights, column, columns).sqrt();
    let factor = if found > 0.0 { norm / found } else { 0.0 };
    weights.iter_mut().skip(column).step_by(columns).for_each(|weight| *weight *= factor);
}

fn center(values: &mut [f32], column: usize, columns: usize) {
    let rows = values.len() / columns;
    let mean = values.iter().skip(column).step_by(columns).sum::<f32>() / rows as f32;
    values.iter_mut().skip(column).step_by(columns).for_each(|value| *value -= mean);
}

fn product(a: &[f32], b: &[f32], column: usize, columns: usize) -> f32 {
    let of = |values: &'_ [f32]| values.iter().skip(column).step_by(columns).copied().collect::<Vec<_>>();
    of(a).into_iter().zip(of(b)).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_mean_zero_and_the_configured_norm_and_gradients_keep_it() {
        let tensor = Standardised { range: 1..9, columns: 2, norm: 2.0, is_norm_learned: false };
        let mut flat = [7.0, 1.0, 3.0, 2.0, 3.0, 3.0, 3.0, 4.0, 3.0, 7.0];
        tensor.standardise(&mut flat);
        let column = |first: usize| [0, 2, 4, 6].map(|row| flat[first + row]);
        // 1, 2, 3, 4 less their mean is -1.5, -0.5, 0.5, 1.5, of norm sqrt 5.
        let expected = [-1.5, -0.5, 0.5, 1.5].map(|value: f32| 2.0 * value / 5.0_f32.sqrt());
        assert!(column(1).iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-6));
        assert_eq!((column(2), flat[0], flat[9]), ([0.0; 4], 7.0, 7.0));
        let mut gradient = [1.0; 10];
        gradient[3] = 5.0;
        tensor.project(&flat, &mut gradient);
        let of = |first: usize| [0, 2, 4, 6].map(|row| gradient[first + row]);
        assert!(of(1).iter().sum::<f32>().abs() < 1e-6);
        assert!(of(1).iter().zip(column(1)).map(|(a, b)| a * b).sum::<f32>().abs() < 1e-6);
        assert_eq!((gradient[0], gradient[9]), (1.0, 1.0));
    }

    #[test]
    fn a_learned_norm_moves_with_the_step_along_the_weights_alone() {
        let tensor = Standardised { range: 0..4, columns: 1, norm: 2.0, is_norm_learned: true };
        let before = [1.0, 1.0, -1.0, -1.0];
        let mut gradient = [2.0, 1.0, 0.0, 1.0];
        tensor.project(&before, &mut gradient);
        assert_eq!(gradient, [1.0, 0.0, -1.0, 0.0]);
        // Half along the weights, and as much across them.
        let mut after = [2.0, 1.0, -2.0, -1.0];
        tensor.retract(&before, &mut after);
        let norm = after.iter().map(|weight| weight * weight).sum::<f32>().sqrt();
        assert!((norm - 3.0).abs() < 1e-6 && (after[0] / after[1] - 2.0).abs() < 1e-6, "{after:?}");
        let mut turned = [-5.0, -5.0, 5.0, 5.0];
        tensor.retract(&before, &mut turned);
        assert!((turned[0] + 0.05).abs() < 1e-6, "{turned:?}");
    }
}
