//! A machine with a sensor on it, in place of your recordings: each of its states vibrates in four bands.

use std::array;
use std::f64::consts::TAU;

use metaplastic::task::seed::TaskRng;
use rand::Rng;
use rand::seq::SliceRandom;
use starter_encoder::{BANDS, SAMPLES, STATES, WINDOW};

/// What the sensor reads while the machine is in one state.
pub struct SensedState {
    /// The samples of each step.
    pub samples: [[i16; SAMPLES]; WINDOW],
    /// The state.
    pub state: usize,
    /// Whether somebody says which state it is.
    pub is_labelled: bool,
}

impl SensedState {
    /// The label in a step: somebody says it in the second half of the window.
    pub fn label(&self, step: usize) -> Option<usize> {
        (self.is_labelled && step >= WINDOW / 2).then_some(self.state)
    }
}

/// An episode of a machine that nobody has seen: every state with its label, then every state without, in random orders.
pub fn recording(rng: &mut TaskRng) -> Vec<SensedState> {
    let machine: [[f64; BANDS]; STATES] = array::from_fn(|_| amplitudes(rng));
    let (mut windows, mut states) = (Vec::new(), array::from_fn::<_, STATES, _>(|state| state));
    for is_labelled in [true, false] {
        states.shuffle(rng);
        windows.extend(states.map(|state| {
            let samples = array::from_fn(|_| sense(&machine[state], rng));
            SensedState { samples, state, is_labelled }
        }));
    }
    windows
}

/// How much a state vibrates in each band.
fn amplitudes(rng: &mut TaskRng) -> [f64; BANDS] {
    let mut bands = array::from_fn(|band| if band < 4 { rng.random_range(500.0..1500.0) } else { 0.0 });
    bands.shuffle(rng);
    bands
}

/// The samples of a step: tones of any phase, and noise.
fn sense(amplitudes: &[f64; BANDS], rng: &mut TaskRng) -> [i16; SAMPLES] {
    let phases: [f64; BANDS] = array::from_fn(|_| rng.random_range(0.0..TAU));
    array::from_fn(|sample| {
        let turn = sample as f64 / SAMPLES as f64 * TAU;
        let tone = |band: usize| amplitudes[band] * (turn * (band + 1) as f64 + phases[band]).sin();
        ((0..BANDS).map(tone).sum::<f64>() + rng.random_range(-300.0..300.0)) as i16
    })
}
