//! A machine and the sensor on it, in place of recordings: each of its states has four bands in which it vibrates.

use std::f64::consts::TAU;

use metaplastic_task::seed::TaskRng;
use rand::Rng;
use rand::seq::SliceRandom;
use starter_encoder::{BANDS, SAMPLES, STATES};

/// Amplitudes in the bands of each state.
pub struct Machine([[f64; BANDS]; STATES]);

impl Machine {
    /// A machine that nobody has seen.
    pub fn draw(rng: &mut TaskRng) -> Self {
        Self(std::array::from_fn(|_| {
            let active = |band| if band < 4 { rng.random_range(500.0..1500.0) } else { 0.0 };
            let mut bands = std::array::from_fn(active);
            bands.shuffle(rng);
            bands
        }))
    }

    /// The samples of a step in a state: tones of any phase, and noise.
    pub fn sample(&self, state: usize, rng: &mut TaskRng) -> [i16; SAMPLES] {
        let phases: [f64; BANDS] = std::array::from_fn(|_| rng.random_range(0.0..TAU));
        std::array::from_fn(|at| {
            let turn = at as f64 / SAMPLES as f64 * TAU;
            let tone = |band: usize| self.0[state][band] * (turn * (band + 1) as f64 + phases[band]).sin();
            ((0..BANDS).map(tone).sum::<f64>() + rng.random_range(-300.0..300.0)) as i16
        })
    }
}
