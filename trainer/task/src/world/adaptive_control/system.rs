//! The plant with motor, sensor and PD controller, stepped over a generic scalar. This file may not know how its
//! parameters are read.

use rand::Rng;
use rand_distr::StandardNormal;

use super::coefficients::PlantCoefficients;
use super::parameters::{AdaptiveControlParameters, PathKind};
use super::plants_file::PlantRecord;
use crate::seed::TaskRng;
use crate::world::changeable::Changeable;
use crate::world::path::{DesiredPath, SampledPath};
use crate::world::plant::{Plant, PlantShape, PlantStep, Tracking};
use crate::world::record::LifeRecord;
use crate::world::scalar::{PlantScalar, clamp};
use crate::world::steps::whole_steps;
use crate::world::tracking_score::{TrackingScore, episode_scores};

/// Positions in the state: the drive behind its low-pass.
const DRIVE: usize = 0;
/// The controlled value.
const Q: usize = 1;
/// The sensor behind its low-pass.
const SENSOR: usize = 2;
/// What is sensed.
const SENSED: usize = 3;
/// Its filtered difference.
const DIFFERENCE: usize = 4;
/// Its rate, as the PD controller has it.
const RATE: usize = 5;

/// The longest delay that is taken out of an aligned error, seconds, as in the benchmark.
const LONGEST_DELAY: f64 = 0.3;

/// A plant, or as many as follow one another in a life, with initial state and path.
#[derive(Clone, Debug)]
pub struct AdaptiveControl {
    parameters: AdaptiveControlParameters,
    decays: Decays,
    plants: Vec<PlantCoefficients>,
    initial_state: f64,
    path: SampledPath,
}

/// Factors of the low-passes in a step.
#[derive(Clone, Copy, Debug)]
struct Decays {
    /// Of drive and sensor.
    signal: f64,
    difference: f64,
    rate: f64,
    /// What a difference is multiplied by to be a rate.
    per_step: f64,
}

impl Decays {
    fn new(parameters: &AdaptiveControlParameters) -> Self {
        let decay = |seconds: f64| if seconds > 0.0 { (-parameters.step_seconds / seconds).exp() } else { 0.0 };
        let is_difference = parameters.rate_low_pass_seconds == 0.0;
        Self {
            signal: decay(parameters.low_pass_seconds),
            difference: decay(parameters.difference_low_pass_seconds),
            rate: decay(parameters.rate_low_pass_seconds),
            per_step: if is_difference { 1.0 } else { parameters.step_seconds.recip() },
        }
    }
}

impl AdaptiveControl {
    /// An unknown plant, initial state and path, and the plants that it changes to.
    #[must_use]
    pub fn draw(parameters: AdaptiveControlParameters, rng: &mut TaskRng) -> Self {
        let first = PlantCoefficients::draw(rng);
        let initial_state = rng.sample(StandardNormal);
        let path = draw_path(&parameters, rng);
        let changes = (0..parameters.changes).map(|_| PlantCoefficients::draw(rng));
        Self::new(parameters, std::iter::once(first).chain(changes).collect(), initial_state, &path)
    }

    /// A given plant, with its path as harmonics of the parameters' period. It does not change.
    #[must_use]
    pub fn of_record(parameters: AdaptiveControlParameters, record: &PlantRecord) -> Self {
        let path = DesiredPath::harmonics(&record.amplitudes, parameters.path_period_seconds);
        let parameters = AdaptiveControlParameters { changes: 0, ..parameters };
        Self::new(parameters, vec![record.coefficients], record.initial_state, &path)
    }

    /// A step's time is that at its end, as the benchmark has it.
    fn new(
        parameters: AdaptiveControlParameters,
        plants: Vec<PlantCoefficients>,
        initial_state: f64,
        path: &DesiredPath,
    ) -> Self {
        let steps = parameters.episode_steps() * plants.len();
        let path = path.sampled(steps, |step| (step + 1) as f64 * parameters.step_seconds);
        Self { decays: Decays::new(&parameters), parameters, plants, initial_state, path }
    }

    /// The parameters that it was made with.
    #[must_use]
    pub fn parameters(&self) -> &AdaptiveControlParameters {
        &self.parameters
    }

    /// The plants of a life, in their order.
    #[must_use]
    pub fn plants(&self) -> &[PlantCoefficients] {
        &self.plants
    }

    /// The plant of a step; the last one stays.
    fn coefficients(&self, index: usize) -> &PlantCoefficients {
        &self.plants[self.episode(index)]
    }

    /// The number of the plant of a step.
    fn episode(&self, index: usize) -> usize {
        (index / self.parameters.episode_steps()).min(self.plants.len() - 1)
    }

    /// The PD command.
    fn command<S: PlantScalar>(&self, index: usize, state: &[S]) -> S {
        let AdaptiveControlParameters { proportional, derivative, desired_rate_weight, .. } = self.parameters;
        let desired = self.path.at(index);
        let error = -state[SENSED] + desired.value;
        let error_rate = -state[RATE] + desired_rate_weight * desired.rate;
        error * proportional + error_rate * derivative
    }

    /// The drive at its end of the delay, from the motor command.
    fn drive<S: PlantScalar>(&self, motor: S) -> S {
        (motor / self.parameters.drive_scale).tanh() * self.parameters.drive
    }

    /// Moves the controlled value on by one step.
    fn move_plant<S: PlantScalar>(&self, index: usize, state: &mut [S]) {
        let velocity = state[DRIVE] + self.coefficients(index).drift(state[Q]);
        state[Q] = clamp(state[Q] + velocity * self.parameters.step_seconds, self.parameters.stop);
    }

    /// Moves what is sensed on by one step; `arrived` comes out of the sensor's delay.
    fn sense<S: PlantScalar>(&self, arrived: S, state: &mut [S]) {
        let difference = arrived - state[SENSED];
        state[DIFFERENCE] = low_pass(self.decays.difference, state[DIFFERENCE], difference);
        state[RATE] = low_pass(self.decays.rate, state[RATE], state[DIFFERENCE] * self.decays.per_step);
        state[SENSED] = arrived;
    }
}

impl Plant for AdaptiveControl {
    fn shape(&self) -> PlantShape {
        let delay = self.parameters.delay_steps();
        PlantShape { state: 6, actions: 1, observations: 4, noises: 2, delays: vec![delay, delay] }
    }

    fn steps(&self) -> usize {
        self.parameters.episode_steps() * self.plants.len()
    }

    fn changes(&self) -> Vec<usize> {
        (1..self.plants.len()).map(|episode| episode * self.parameters.episode_steps()).collect()
    }

    fn start(&self) -> Vec<f64> {
        let mut state = vec![0.0; 6];
        state[Q] = self.initial_state;
        state
    }

    /// What is sensed, the desired value, the PD command and the desired rate, each with its scale.
    fn observe<S: PlantScalar>(&self, index: usize, state: &[S], observation: &mut [S]) {
        let desired = self.path.at(index);
        observation[0] = state[SENSED] * self.parameters.sensed_scale;
        observation[1] = S::from(desired.value * self.parameters.desired_scale);
        observation[2] = self.command(index, state) * self.parameters.command_scale;
        observation[3] = S::from(desired.rate * self.parameters.rate_scale);
    }

    fn step<S: PlantScalar>(&self, step: PlantStep<'_, S>) -> S {
        let PlantStep { index, state, action, delayed, delay, noise } = step;
        let cost = self.parameters.cost().of(-state[Q] + self.path.at(index).value);
        delay[0] = self.drive(self.command(index, state) + action[0]);
        state[DRIVE] = low_pass(self.decays.signal, state[DRIVE], delayed[0] + self.parameters.noise * noise[0]);
        self.move_plant(index, state);
        state[SENSOR] = low_pass(self.decays.signal, state[SENSOR], state[Q] + self.parameters.noise * noise[1]);
        delay[1] = state[SENSOR];
        self.sense(delayed[1], state);
        cost
    }

    fn changeable(&self, index: usize) -> Vec<Changeable> {
        self.coefficients(index).changeable()
    }

    fn changed(&self, index: usize, which: usize, value: f64) -> Option<Self> {
        let mut system = self.clone();
        let episode = self.episode(index);
        // The plants that come later are as unknown as before.
        system.plants[episode] = self.plants[episode].changed(which, value)?;
        Some(system)
    }

    /// Both errors of [`TrackingScore`], each the mean over the plants of the life.
    fn measured(&self, record: &LifeRecord) -> Vec<f64> {
        let most_delay = whole_steps(LONGEST_DELAY, self.parameters.step_seconds);
        let scores = episode_scores(&record.tracking, self.parameters.episode_steps(), most_delay);
        let mean = |of: fn(&TrackingScore) -> f64| scores.iter().map(of).sum::<f64>() / scores.len().max(1) as f64;
        vec![mean(|score| score.rmse), mean(|score| score.aligned_rmse)]
    }

    fn tracking(&self, index: usize, state: &[f64]) -> Vec<Tracking> {
        vec![Tracking { desired: self.path.at(index).value, actual: state[Q] }]
    }
}

fn draw_path(parameters: &AdaptiveControlParameters, rng: &mut TaskRng) -> DesiredPath {
    let AdaptiveControlParameters { path_sines, path_period_seconds, .. } = *parameters;
    match parameters.path {
        PathKind::Harmonics => DesiredPath::draw_harmonics(path_sines, path_period_seconds, rng),
        PathKind::Sines => DesiredPath::draw_sines(path_sines, &parameters.sine_ranges(), rng),
    }
}

fn low_pass<S: PlantScalar>(decay: f64, state: S, input: S) -> S {
    state * decay + input * (1.0 - decay)
}
