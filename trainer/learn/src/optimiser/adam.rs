//! The optimiser Adam (Kingma & Ba 2015), with bias correction:
//!
//! ```text
//! m = beta1 m + (1 - beta1) g          v = beta2 v + (1 - beta2) g^2
//! p = p - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
//! ```
//!
//! dfdx's own keeps its moments private, and a checkpoint that continues bit for bit must contain them.

use serde::{Deserialize, Serialize};

/// Adam's constants.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AdamConfiguration {
    /// Decay of the mean gradient a step, 0 to 0.9999.
    pub beta1: f64,
    /// Decay of the mean squared gradient a step, 0 to 0.999999.
    pub beta2: f64,
    /// Keeps the division finite, above zero.
    pub epsilon: f64,
}

impl Default for AdamConfiguration {
    fn default() -> Self {
        Self { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
    }
}

/// Adam's state: everything but the parameters that the next step depends on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Adam {
    /// m, one per parameter.
    pub first: Vec<f32>,
    /// v, one per parameter.
    pub second: Vec<f32>,
    /// t, steps taken.
    pub steps: u32,
}

impl Adam {
    /// The state before the first step, of `parameters` parameters.
    #[must_use]
    pub fn new(parameters: usize) -> Self {
        Self { first: vec![0.0; parameters], second: vec![0.0; parameters], steps: 0 }
    }

    /// Takes a step against the gradient, which has a value for each of the parameters. A parameter whose gradient
    /// has always been zero does not move.
    pub fn step<'p>(
        &mut self,
        configuration: &AdamConfiguration,
        rate: f64,
        gradient: impl Iterator<Item = f32>,
        parameters: impl Iterator<Item = &'p mut f32>,
    ) {
        self.steps += 1;
        let steps = f64::from(self.steps);
        let first_correction = 1.0 - configuration.beta1.powf(steps);
        let second_correction = 1.0 - configuration.beta2.powf(steps);
        let moments = self.first.iter_mut().zip(&mut self.second);
        for ((parameter, gradient), (first, second)) in parameters.zip(gradient).zip(moments) {
            let gradient = f64::from(gradient);
            *first = (configuration.beta1 * f64::from(*first) + (1.0 - configuration.beta1) * gradient) as f32;
            *second = (configuration.beta2 * f64::from(*second) + (1.0 - configuration.beta2) * gradient * gradient)
                as f32;
            let mean = f64::from(*first) / first_correction;
            let size = (f64::from(*second) / second_correction).sqrt() + configuration.epsilon;
            *parameter = (f64::from(*parameter) - rate * mean / size) as f32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_steps_are_those_worked_by_hand() {
        let configuration = AdamConfiguration { beta1: 0.5, beta2: 0.75, epsilon: 1e-8 };
        let (mut adam, mut parameters) = (Adam::new(2), [1.0, 5.0]);
        // t = 1: m = 1, v = 1, both corrected to 2 and 4, so the step is rate * 2 / 2.
        adam.step(&configuration, 0.1, [2.0, 0.0].into_iter(), parameters.iter_mut());
        assert!((parameters[0] - 0.9).abs() < 1e-6, "{parameters:?}");
        assert_eq!((adam.first[0], adam.second[0]), (1.0, 1.0));
        // t = 2: m = 0, so nothing moves; v = 0.75 + 0.25.
        adam.step(&configuration, 0.1, [-1.0, 0.0].into_iter(), parameters.iter_mut());
        assert!((parameters[0] - 0.9).abs() < 1e-6, "{parameters:?}");
        assert_eq!((adam.first[0], adam.second[0], adam.steps), (0.0, 1.0, 2));
        assert_eq!(parameters[1], 5.0, "no gradient, no step");
    }

    #[test]
    fn it_descends_to_the_minimum_of_a_parabola() {
        let (mut adam, mut parameters) = (Adam::new(2), [3.0_f32, -2.0]);
        for _ in 0..400 {
            let gradient = [parameters[0] - 1.0, 100.0 * (parameters[1] - 1.0)];
            adam.step(&AdamConfiguration::default(), 0.05, gradient.into_iter(), parameters.iter_mut());
        }
        assert!(parameters.iter().all(|value| (value - 1.0).abs() < 1e-2), "{parameters:?}");
    }
}
