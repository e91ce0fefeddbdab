//! Vibrations of machines, for which no file is needed: always the same states, machines and windows.
//!
//! A state has a speed, harmonics of it, and a resonance that is struck once or several times a turn, as a damaged bearing
//! does; a machine passes them to the three axes of its accelerometer in its own way. In every window, speed and load are a
//! little different, and there is noise.

use std::f64::consts::TAU;

use rand::{Rng, SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;
use rayon::prelude::*;

use super::choices::ClassName;
use super::parameters::WindowsParameters;
use super::set::{NamedWindow, WindowSet};

/// Seed of the set: another seed makes another set.
const SEED: u64 = 0x71b2_a710_5eed_0001;
const STATES: u64 = 40;
const MACHINES: u64 = 4;
/// Windows of a state of a machine.
const WINDOWS: u64 = 6;
const AXES: usize = 3;
const SAMPLES: usize = 256;
const HARMONICS: usize = 4;

/// A state of a machine. Frequencies are cycles a sample.
#[derive(Debug)]
struct MachineState {
    speed: f64,
    harmonics: [[f64; AXES]; HARMONICS],
    /// How often the resonance is struck in a turn, how strongly in each axis, its frequency and its decay a sample.
    strikes: f64,
    struck: [f64; AXES],
    resonance: f64,
    damping: f64,
    noise: f64,
}

/// How a machine passes vibrations on.
#[derive(Debug)]
struct SyntheticMachine {
    factors: [f64; AXES],
}

/// Every window, the same in every call. Classes are the states, or the machines where groups are the classes.
pub(super) fn windows(parameters: &WindowsParameters) -> WindowSet {
    let machines: Vec<_> = (0..MACHINES).map(SyntheticMachine::draw).collect();
    let of_state = |number: u64| {
        let state = MachineState::draw(number);
        let each = machines
            .iter()
            .zip(0..)
            .flat_map(move |(machine, at)| (0..WINDOWS).map(move |window| (machine, at, window)));
        let named = |(machine, at, window): (&SyntheticMachine, u64, u64)| NamedWindow {
            samples: state.window(machine, &mut generator(3, (number * MACHINES + at) * WINDOWS + window)),
            class: name(parameters, number, at),
            group: machine_name(at),
        };
        each.map(named).collect::<Vec<_>>()
    };
    let named: Vec<_> = (0..STATES).into_par_iter().map(of_state).collect();
    WindowSet::new(AXES, named.into_iter().flatten().collect())
}

fn name(parameters: &WindowsParameters, state: u64, machine: u64) -> String {
    if parameters.classes == ClassName::Group { machine_name(machine) } else { format!("state-{:02}", state + 1) }
}

fn machine_name(machine: u64) -> String {
    format!("machine-{}", machine + 1)
}

/// Of states (1), machines (2) and windows (3).
fn generator(what: u64, number: u64) -> Pcg64 {
    Pcg64::seed_from_u64(SEED ^ (what << 32) ^ number)
}

impl MachineState {
    fn draw(number: u64) -> Self {
        let rng = &mut generator(1, number);
        let log_uniform = |rng: &mut Pcg64, low: f64, high: f64| rng.random_range(low.ln()..high.ln()).exp();
        let speed = log_uniform(rng, 0.008, 0.05);
        let strongest = rng.random_range(0..HARMONICS);
        let harmonic = |index: usize, rng: &mut Pcg64| {
            let strength = if index == strongest { 1.0 } else { rng.random_range(0.0..0.5) };
            std::array::from_fn(|_| strength * rng.random_range(0.2..1.0))
        };
        let harmonics = std::array::from_fn(|index| harmonic(index, rng));
        let is_damaged = rng.random_bool(0.6);
        let struck = std::array::from_fn(|_| if is_damaged { rng.random_range(0.4..2.0) } else { 0.0 });
        Self {
            speed,
            harmonics,
            strikes: rng.random_range(1.0..4.0),
            struck,
            resonance: log_uniform(rng, 0.08, 0.4),
            damping: rng.random_range(0.85..0.97),
            noise: rng.random_range(0.05..0.3),
        }
    }

    /// A window of a machine in this state.
    fn window(&self, machine: &SyntheticMachine, rng: &mut Pcg64) -> Vec<f32> {
        let speed = self.speed * rng.random_range(0.97..1.03);
        let load = rng.random_range(0.8..1.25);
        let phases: [f64; HARMONICS] = std::array::from_fn(|_| rng.random_range(0.0..TAU));
        let mut strike = rng.random_range(0.0..1.0_f64);
        let (mut ringing, mut angle) = (0.0, 0.0);
        let mut samples = Vec::with_capacity(SAMPLES * AXES);
        for sample in 0..SAMPLES {
            strike += speed * self.strikes;
            if strike >= 1.0 {
                (strike, ringing, angle) = (strike - 1.0, 1.0, 0.0);
            }
            (ringing, angle) = (ringing * self.damping, angle + TAU * self.resonance);
            for axis in 0..AXES {
                let turn = |index: usize| TAU * speed * (index + 1) as f64 * sample as f64 + phases[index];
                let waves: f64 = (0..HARMONICS).map(|index| self.harmonics[index][axis] * turn(index).sin()).sum();
                let noise: f64 = StandardNormal.sample(rng);
                let value = waves + self.struck[axis] * ringing * angle.sin() + self.noise * noise;
                samples.push((load * machine.factors[axis] * value) as f32);
            }
        }
        samples
    }
}

impl SyntheticMachine {
    fn draw(number: u64) -> Self {
        let rng = &mut generator(2, number);
        Self { factors: std::array::from_fn(|_| rng.random_range(0.7..1.4)) }
    }
}
