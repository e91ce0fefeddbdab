//! The arm with its senses, its motors and its PD controller, stepped over a generic scalar. This file may not know how
//! its parameters are read.

use super::dynamics::{ArmDynamics, ArmMotion};
use super::load::ArmLoad;
use super::parameters::ArmParameters;
use super::senses;
use crate::seed::TaskRng;
use crate::world::changeable::Changeable;
use crate::world::path::{DesiredPath, SampledPath};
use crate::world::plant::{Plant, PlantShape, PlantStep, Tracking};
use crate::world::record::LifeRecord;
use crate::world::scalar::{PlantScalar, clamp};
use crate::world::tracking_score::{TrackingScore, window_errors};

/// Positions in the state: angles and speeds of the arm, then those that are sensed.
const ANGLES: usize = 0;
const SPEEDS: usize = 2;
const SENSED_ANGLES: usize = 4;
const SENSED_SPEEDS: usize = 6;
const STATE: usize = 8;
const JOINTS: usize = 2;
/// Seconds behind a change whose errors are measured one by one.
pub(super) const SECONDS: usize = 5;

/// An arm with its loads, in their order, and its path.
#[derive(Clone, Debug)]
pub struct Arm {
    parameters: ArmParameters,
    dynamics: ArmDynamics,
    loads: Vec<ArmLoad>,
    paths: [SampledPath; 2],
}

impl Arm {
    /// A path and as many unknown loads as follow one another.
    #[must_use]
    pub fn draw(parameters: ArmParameters, rng: &mut TaskRng) -> Self {
        let ranges = parameters.sine_ranges();
        let steps = parameters.episode_steps() * (usize::from(parameters.changes) + 1);
        let seconds = |step: usize| step as f64 * parameters.step_seconds;
        let mut path = || DesiredPath::draw_sines(parameters.path_sines, &ranges, rng).sampled(steps, seconds);
        let paths = [path(), path()];
        let loads = (0..=parameters.changes).map(|_| parameters.draw_load(rng)).collect();
        Self { dynamics: parameters.dynamics(), parameters, loads, paths }
    }

    /// The parameters that it was made with.
    #[must_use]
    pub fn parameters(&self) -> &ArmParameters {
        &self.parameters
    }

    /// The loads of a life, in their order.
    #[must_use]
    pub fn loads(&self) -> &[ArmLoad] {
        &self.loads
    }

    /// Desired angles, counted from the middle of the path.
    fn offsets(&self, index: usize) -> [f64; 2] {
        self.paths.each_ref().map(|path| path.at(index).value)
    }

    fn desired(&self, index: usize) -> [f64; 2] {
        let ([upper, lower], centres) = (self.offsets(index), self.centres());
        [upper + centres[0], lower + centres[1]]
    }

    fn desired_speeds(&self, index: usize) -> [f64; 2] {
        self.paths.each_ref().map(|path| path.at(index).rate)
    }

    fn centres(&self) -> [f64; 2] {
        [self.parameters.upper_centre, self.parameters.lower_centre]
    }

    /// The load of a step; the last one stays.
    fn load(&self, index: usize) -> &ArmLoad {
        &self.loads[self.episode(index)]
    }

    /// The number of the load of a step.
    fn episode(&self, index: usize) -> usize {
        (index / self.parameters.episode_steps()).min(self.loads.len() - 1)
    }

    /// The PD commands, Nm.
    fn commands<S: PlantScalar>(&self, index: usize, state: &[S]) -> [S; 2] {
        let ArmParameters { upper_proportional, upper_derivative, lower_proportional, lower_derivative, .. } =
            self.parameters;
        let (proportional, derivative) =
            ([upper_proportional, lower_proportional], [upper_derivative, lower_derivative]);
        let desired = self.desired(index);
        [0, 1].map(|joint| {
            let error = -state[SENSED_ANGLES + joint] + desired[joint];
            error * proportional[joint] - state[SENSED_SPEEDS + joint] * derivative[joint]
        })
    }

    /// The torques of a step.
    fn torques<S: PlantScalar>(&self, index: usize, state: &[S], action: &[S]) -> [S; 2] {
        let sensed = pair(state, SENSED_ANGLES);
        let (commands, gravity) = (self.commands(index, state), self.dynamics.gravity_torques(0.0, sensed));
        let ArmParameters { gravity_compensation, torque_limit, .. } = self.parameters;
        [0, 1].map(|joint| {
            let command = commands[joint] + gravity[joint] * gravity_compensation + action[joint];
            clamp(command, torque_limit) * self.load(index).strength[joint]
        })
    }

    /// Moves the arm on by one step of control.
    fn moved<S: PlantScalar>(&self, index: usize, state: &[S], torques: [S; 2]) -> ArmMotion<S> {
        let seconds = self.parameters.step_seconds / f64::from(self.parameters.substeps);
        let start = ArmMotion { angles: pair(state, ANGLES), speeds: pair(state, SPEEDS) };
        (0..self.parameters.substeps)
            .fold(start, |motion, _| self.dynamics.moved(self.load(index), motion, torques, seconds))
    }

    /// The mean cost of both joints.
    fn cost<S: PlantScalar>(&self, index: usize, state: &[S]) -> S {
        let (desired, cost) = (self.desired(index), self.parameters.cost());
        let [upper, lower] = [0, 1].map(|joint| cost.of(-state[ANGLES + joint] + desired[joint]));
        (upper + lower) * 0.5
    }
}

impl Plant for Arm {
    fn shape(&self) -> PlantShape {
        let observations = if self.parameters.senses_load { senses::LOAD.end } else { senses::LOAD.start };
        let delays = vec![self.parameters.delay_steps(); 4];
        PlantShape { state: STATE, actions: 2, observations, noises: 4, delays }
    }

    fn steps(&self) -> usize {
        self.parameters.episode_steps() * self.loads.len()
    }

    fn changes(&self) -> Vec<usize> {
        (1..self.loads.len()).map(|episode| episode * self.parameters.episode_steps()).collect()
    }

    /// On the path, at its speed, and sensed to be there.
    fn start(&self) -> Vec<f64> {
        self.delay_starts().repeat(2)
    }

    fn delay_starts(&self) -> Vec<f64> {
        [self.desired(0), self.desired_speeds(0)].concat()
    }

    /// PD commands, sensed angles and speeds, desired angles and speeds, and the load if it is sensed.
    fn observe<S: PlantScalar>(&self, index: usize, state: &[S], observation: &mut [S]) {
        let ArmParameters { angle_scale, speed_scale, command_scale, .. } = self.parameters;
        let (offsets, speeds, centres) = (self.offsets(index), self.desired_speeds(index), self.centres());
        let commands = self.commands(index, state);
        for joint in 0..2 {
            observation[senses::COMMANDS.start + joint] = commands[joint] * command_scale;
            observation[senses::ANGLES.start + joint] =
                (state[SENSED_ANGLES + joint] - centres[joint]) * angle_scale;
            observation[senses::SPEEDS.start + joint] = state[SENSED_SPEEDS + joint] * speed_scale;
            observation[senses::DESIRED_ANGLES.start + joint] = S::from(offsets[joint] * angle_scale);
            observation[senses::DESIRED_SPEEDS.start + joint] = S::from(speeds[joint] * speed_scale);
        }
        let ArmLoad { payload, friction, strength } = *self.load(index);
        let load = [payload, friction[0], friction[1], strength[0], strength[1]];
        observation[senses::LOAD.start..].iter_mut().zip(load).for_each(|(to, value)| *to = S::from(value));
    }

    fn step<S: PlantScalar>(&self, step: PlantStep<'_, S>) -> S {
        let PlantStep { index, state, action, delayed, delay, noise } = step;
        let cost = self.cost(index, state);
        let torques = self.torques(index, state, action);
        let ArmMotion { angles, speeds } = self.moved(index, state, torques);
        for joint in 0..2 {
            state[ANGLES + joint] = angles[joint];
            state[SPEEDS + joint] = speeds[joint];
            delay[joint] = angles[joint] + self.parameters.angle_noise * noise[joint];
            delay[2 + joint] = speeds[joint] + self.parameters.speed_noise * noise[2 + joint];
        }
        state[SENSED_ANGLES..].copy_from_slice(delayed);
        cost
    }

    fn changeable(&self, index: usize) -> Vec<Changeable> {
        self.load(index).changeable()
    }

    fn changed(&self, index: usize, which: usize, value: f64) -> Option<Self> {
        let mut arm = self.clone();
        let episode = self.episode(index);
        // The loads that come later are as unknown as before.
        arm.loads[episode] = self.loads[episode].changed(which, value)?;
        Some(arm)
    }

    /// The error of both joints over the second half of the life, and in each second behind the last change.
    fn measured(&self, record: &LifeRecord) -> Vec<f64> {
        let second = (1.0 / self.parameters.step_seconds).round() as usize * JOINTS;
        let behind_change = (self.loads.len() - 1) * self.parameters.episode_steps() * JOINTS;
        let TrackingScore { rmse, .. } = TrackingScore::new(&record.tracking, 0);
        let by_second = window_errors(&record.tracking[behind_change..], second);
        std::iter::once(rmse).chain(by_second.into_iter().take(SECONDS)).collect()
    }

    fn tracking(&self, index: usize, state: &[f64]) -> Vec<Tracking> {
        let pairs = self.desired(index).into_iter().zip(pair(state, ANGLES));
        pairs.map(|(desired, actual)| Tracking { desired, actual }).collect()
    }
}

fn pair<S: PlantScalar>(state: &[S], first: usize) -> [S; 2] {
    [state[first], state[first + 1]]
}
