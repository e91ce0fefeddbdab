//! Weights that training keeps at a mean of 0 and a fixed deviation, by postsynaptic neuron or channel.
//!
//! ```text
//! sum_i W_ij = 0,   sum_i W_ij^2 = gain^2
//! ```
//!
//! The weights of a meta-step are the standardised weights themselves: the gradient is projected onto what those two
//! equations leave free, and the weights are brought back onto them behind the step. So an export has nothing to fold.
//! Weight standardisation is of Qiao et al. 2019.

use std::ops::Range;

use crate::model::Slot;

/// A standardised tensor.
#[derive(Clone, Debug, PartialEq)]
pub struct Standardised {
    range: Range<usize>,
    columns: usize,
    gain: f32,
}

impl Standardised {
    /// Each column of a tensor has the deviation `gain / sqrt(rows)`.
    #[must_use]
    pub fn new(slot: &Slot, gain: f64) -> Self {
        Self { range: slot.range.clone(), columns: slot.shape.1, gain: gain as f32 }
    }

    /// Brings the weights back to mean and deviation. A column whose weights are all the same becomes zero.
    pub fn restore(&self, flat: &mut [f32]) {
        let weights = &mut flat[self.range.clone()];
        for column in 0..self.columns {
            center(weights, column, self.columns);
            let norm = product(weights, weights, column, self.columns).sqrt();
            let factor = if norm > 0.0 { self.gain / norm } else { 0.0 };
            weights.iter_mut().skip(column).step_by(self.columns).for_each(|weight| *weight *= factor);
        }
    }

    /// Takes out of a gradient what would change mean or deviation of these weights.
    pub fn project(&self, flat: &[f32], gradient: &mut [f32]) {
        let (weights, gradient) = (&flat[self.range.clone()], &mut gradient[self.range.clone()]);
        for column in 0..self.columns {
            center(gradient, column, self.columns);
            let part = product(weights, gradient, column, self.columns) / (self.gain * self.gain);
            let weights = weights.iter().skip(column).step_by(self.columns);
            let gradient = gradient.iter_mut().skip(column).step_by(self.columns);
            gradient.zip(weights).for_each(|(gradient, weight)| *gradient -= part * weight);
        }
    }
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
    fn columns_have_mean_zero_and_the_norm_asked_for_and_gradients_keep_it() {
        let tensor = Standardised { range: 1..9, columns: 2, gain: 2.0 };
        let mut flat = [7.0, 1.0, 3.0, 2.0, 3.0, 3.0, 3.0, 4.0, 3.0, 7.0];
        tensor.restore(&mut flat);
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
}
