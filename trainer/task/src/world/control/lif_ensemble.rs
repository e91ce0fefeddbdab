//! A population of leaky integrate-and-fire neurons that represents a vector, as nengo's ensembles do (Eliasmith and
//! Anderson 2003; Bekolay et al. 2014). This file may not know what is decoded from it.
//!
//! The current of a neuron is `J = gain e.x + bias`, with `gain` and `bias` such that it begins to spike at `e.x =
//! intercept` and has its highest rate at `e.x = 1`. Between spikes `tau dv/dt = J - v`; a spike at `v = 1` resets `v`
//! for the refractory time. Times of spikes are interpolated within a step.

use rand::Rng;
use rand_distr::StandardNormal;

use crate::seed::TaskRng;

/// Properties of an ensemble; the default is nengo's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LifEnsembleParameters {
    /// Neurons.
    pub neurons: usize,
    /// Numbers of the represented vector.
    pub dimensions: usize,
    /// Time constant of the membrane, seconds.
    pub membrane_seconds: f64,
    /// Refractory time, seconds.
    pub refractory_seconds: f64,
    /// The range of highest rates, Hz.
    pub rates: (f64, f64),
    /// The range of intercepts.
    pub intercepts: (f64, f64),
    /// Seconds of a step.
    pub step_seconds: f64,
}

impl Default for LifEnsembleParameters {
    fn default() -> Self {
        Self {
            neurons: 500,
            dimensions: 1,
            membrane_seconds: 0.02,
            refractory_seconds: 0.002,
            rates: (200.0, 400.0),
            intercepts: (-1.0, 0.9),
            step_seconds: 0.001,
        }
    }
}

/// The ensemble and its state.
#[derive(Clone, Debug)]
pub struct LifEnsemble {
    parameters: LifEnsembleParameters,
    neurons: Vec<LifNeuron>,
    /// `encoders[n * dimensions..]` of neuron `n`, times its gain.
    encoders: Vec<f64>,
    /// `1 - exp(-dt / tau)` of a whole step.
    whole_step: f64,
}

/// One neuron.
#[derive(Clone, Copy, Debug)]
struct LifNeuron {
    bias: f64,
    voltage: f64,
    /// Refractory seconds that are left.
    refractory: f64,
}

impl LifEnsemble {
    /// A random ensemble: encoders uniform on the sphere, rates and intercepts uniform in their ranges.
    #[must_use]
    pub fn draw(parameters: LifEnsembleParameters, rng: &mut TaskRng) -> Self {
        let (mut neurons, mut encoders) = (Vec::new(), Vec::new());
        for _ in 0..parameters.neurons {
            let gain = parameters.draw_gain(rng);
            encoders.extend(unit_vector(parameters.dimensions, rng).into_iter().map(|value| gain.slope * value));
            neurons.push(LifNeuron { bias: gain.bias, voltage: 0.0, refractory: 0.0 });
        }
        let whole_step = -(-parameters.step_seconds / parameters.membrane_seconds).exp_m1();
        Self { parameters, neurons, encoders, whole_step }
    }

    /// Neurons.
    #[must_use]
    pub fn len(&self) -> usize {
        self.neurons.len()
    }

    /// Whether it has no neuron.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.neurons.is_empty()
    }

    /// One step with a vector; says of each neuron whether it spiked.
    pub fn step(&mut self, vector: &[f64], spiked: &mut [bool]) {
        let encoders = self.encoders.chunks_exact(self.parameters.dimensions);
        for ((neuron, encoder), spiked) in self.neurons.iter_mut().zip(encoders).zip(spiked) {
            let drive: f64 = encoder.iter().zip(vector).map(|(weight, value)| weight * value).sum();
            *spiked = neuron.step(drive + neuron.bias, &self.parameters, self.whole_step);
        }
    }
}

/// Slope and offset of the current over the encoded value.
struct CurrentGain {
    slope: f64,
    bias: f64,
}

impl LifEnsembleParameters {
    fn draw_gain(&self, rng: &mut TaskRng) -> CurrentGain {
        let rate: f64 = rng.random_range(self.rates.0..=self.rates.1);
        let intercept: f64 = rng.random_range(self.intercepts.0..=self.intercepts.1);
        let current = 1.0 / (1.0 - ((self.refractory_seconds - rate.recip()) / self.membrane_seconds).exp());
        let slope = (current - 1.0) / (1.0 - intercept);
        CurrentGain { slope, bias: 1.0 - slope * intercept }
    }
}

impl LifNeuron {
    fn step(&mut self, current: f64, parameters: &LifEnsembleParameters, whole_step: f64) -> bool {
        let LifEnsembleParameters { step_seconds, membrane_seconds, refractory_seconds, .. } = *parameters;
        self.refractory -= step_seconds;
        let time = (step_seconds - self.refractory).clamp(0.0, step_seconds);
        let fraction = if time == step_seconds { whole_step } else { -(-time / membrane_seconds).exp_m1() };
        self.voltage = (self.voltage + (current - self.voltage) * fraction).max(0.0);
        if self.voltage <= 1.0 {
            return false;
        }
        let passed = membrane_seconds * (-(self.voltage - 1.0) / (current - 1.0)).ln_1p();
        self.refractory = refractory_seconds + step_seconds + passed;
        self.voltage = 0.0;
        true
    }
}

fn unit_vector(dimensions: usize, rng: &mut TaskRng) -> Vec<f64> {
    let vector: Vec<f64> = (0..dimensions).map(|_| rng.sample(StandardNormal)).collect();
    let length = vector.iter().map(|value| value * value).sum::<f64>().sqrt();
    vector.into_iter().map(|value| value / length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{Purpose, rng};

    /// `rate(J) = 1 / (t_ref - tau ln(1 - 1 / J))`.
    #[test]
    fn rates_are_those_of_the_equation() {
        let mut source = rng(0, Purpose::Test, 0);
        let mut ensemble = LifEnsemble::draw(LifEnsembleParameters::default(), &mut source);
        let mut spiked = vec![false; ensemble.len()];
        for vector in [-1.0, -0.4, 0.3, 1.0] {
            let mut counts = vec![0_u32; ensemble.len()];
            for _ in 0..2000 {
                ensemble.step(&[vector], &mut spiked);
                counts.iter_mut().zip(&spiked).for_each(|(count, spiked)| *count += u32::from(*spiked));
            }
            for ((count, neuron), encoder) in counts.iter().zip(&ensemble.neurons).zip(&ensemble.encoders) {
                let current = encoder * vector + neuron.bias;
                let rate = if current > 1.0 { 1.0 / (0.002 - 0.02 * (-1.0 / current).ln_1p()) } else { 0.0 };
                let counted = f64::from(*count) / 2.0;
                assert!((counted - rate).abs() < 2.0, "{counted} Hz of {rate} at a current of {current}");
            }
        }
    }

    #[test]
    fn the_highest_rate_is_at_the_encoder_and_in_its_range() {
        let parameters = LifEnsembleParameters { neurons: 200, dimensions: 3, ..LifEnsembleParameters::default() };
        let ensemble = LifEnsemble::draw(parameters, &mut rng(0, Purpose::Test, 1));
        for (neuron, encoder) in ensemble.neurons.iter().zip(ensemble.encoders.chunks(3)) {
            let slope = encoder.iter().map(|value| value * value).sum::<f64>().sqrt();
            let rate = 1.0 / (0.002 - 0.02 * (-1.0 / (slope + neuron.bias)).ln_1p());
            assert!((199.9..=400.1).contains(&rate), "{rate} Hz");
        }
    }
}
