//! The desired path of a controlled value: a sum of sines. This file may not know what moves along it.

use std::f64::consts::TAU;

use rand::Rng;
use rand_distr::StandardNormal;

use super::parameters::{AdaptiveControlParameters, PathKind};
use crate::seed::TaskRng;

/// One sine: `amplitude sin(frequency t + phase)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sine {
    /// Its amplitude.
    pub amplitude: f64,
    /// Its angular frequency, radians a second.
    pub frequency: f64,
    /// Its phase, radians.
    pub phase: f64,
}

/// A sum of sines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DesiredPath(pub Vec<Sine>);

impl DesiredPath {
    /// The harmonics `0, 1, 2, ...` of a period, without phases; the first is zero.
    #[must_use]
    pub fn harmonics(amplitudes: &[f64], period_seconds: f64) -> Self {
        let sine = |number, amplitude: &f64| Sine {
            amplitude: *amplitude,
            frequency: TAU * number as f64 / period_seconds,
            phase: 0.0,
        };
        Self(amplitudes.iter().enumerate().map(|(number, amplitude)| sine(number, amplitude)).collect())
    }

    /// A path of a kind.
    #[must_use]
    pub fn draw(parameters: &AdaptiveControlParameters, rng: &mut TaskRng) -> Self {
        match parameters.path {
            PathKind::Harmonics => {
                let amplitudes = real_parts_of_a_unit_vector(usize::from(parameters.path_sines), rng);
                Self::harmonics(&amplitudes, parameters.path_period_seconds)
            }
            PathKind::Sines => Self((0..parameters.path_sines).map(|_| sine(parameters, rng)).collect()),
        }
    }

    /// The value at a time.
    #[must_use]
    pub fn value(&self, seconds: f64) -> f64 {
        self.0.iter().map(|sine| sine.amplitude * (sine.frequency * seconds + sine.phase).sin()).sum()
    }

    /// The rate at a time, a second.
    #[must_use]
    pub fn rate(&self, seconds: f64) -> f64 {
        let rate = |sine: &Sine| sine.amplitude * sine.frequency * (sine.frequency * seconds + sine.phase).cos();
        self.0.iter().map(rate).sum()
    }

    /// The acceleration at a time, a second squared.
    #[must_use]
    pub fn acceleration(&self, seconds: f64) -> f64 {
        let second = |sine: &Sine| {
            -sine.amplitude * sine.frequency * sine.frequency * (sine.frequency * seconds + sine.phase).sin()
        };
        self.0.iter().map(second).sum()
    }
}

/// The real parts of a complex normal vector that is scaled to length 1.
fn real_parts_of_a_unit_vector(count: usize, rng: &mut TaskRng) -> Vec<f64> {
    let numbers: Vec<f64> = (0..2 * count).map(|_| rng.sample(StandardNormal)).collect();
    let length = numbers.iter().map(|number| number * number).sum::<f64>().sqrt();
    numbers[..count].iter().map(|number| number / length).collect()
}

fn sine(parameters: &AdaptiveControlParameters, rng: &mut TaskRng) -> Sine {
    let hertz = rng.random_range(parameters.lowest_frequency..=parameters.highest_frequency);
    let amplitude = rng.random_range(parameters.lowest_amplitude..=parameters.highest_amplitude);
    Sine { amplitude, frequency: TAU * hertz, phase: rng.random_range(0.0..TAU) }
}
