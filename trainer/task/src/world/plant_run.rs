//! A life of a plant in progress: its state, its delay lines and its random stream. This file may not know what controls
//! the plant.
//!
//! The noise of step `t` is drawn when step `t` is taken, so a life depends on its stream and its commands alone.
//!
//! ```
//! use std::sync::Arc;
//!
//! use metaplastic_task::seed::{Purpose, rng};
//! use metaplastic_task::world::adaptive_control::{AdaptiveControl, AdaptiveControlParameters};
//! use metaplastic_task::world::plant_run::PlantRun;
//!
//! let mut draw = rng(1, Purpose::Training, 0);
//! let plant = Arc::new(AdaptiveControl::draw(AdaptiveControlParameters::default(), &mut draw));
//! let mut run = PlantRun::new(plant, draw);
//! let mut other = run.clone();
//! run.record();
//! for _ in 0..200 {
//!     run.command(&[0.5]);
//!     other.command(&[0.4]);
//! }
//! assert_eq!((run.index(), run.sensed().len()), (200, 4));
//! assert_ne!(run.state(), other.state()); // the same noise, other commands
//! // Backwards: what the command of the last step did to its cost, which delays make nothing.
//! assert_eq!(run.command_back(1.0), [0.0]);
//! ```

use std::sync::Arc;

use rand::Rng;
use rand_distr::StandardNormal;

use super::changeable::Changeable;
use super::closed_loop::{DifferentiableWorld, World, WorldShape};
use super::delay::DelayLine;
use super::flat_step::{FixedInputs, input_count, output_count, step};
use super::plant::{Plant, PlantShape};
use super::plant_adjoint::{PlantAdjoint, RecordedStep};
use super::record::{LifeRecord, Tracking};
use super::start::WorldStart;
use crate::episode::Episode;
use crate::seed::{EpisodeDraw, TaskRng};

/// A life of a plant in progress.
#[derive(Debug)]
pub struct PlantRun<P> {
    plant: Arc<P>,
    progress: PlantProgress,
}

/// All that changes in a life, and its sizes.
#[derive(Clone, Debug)]
struct PlantProgress {
    shape: PlantShape,
    rng: TaskRng,
    index: usize,
    state: Vec<f64>,
    lines: Vec<DelayLine>,
    /// None if nothing is recorded.
    record: Option<Vec<RecordedStep>>,
    adjoint: PlantAdjoint,
}

/// An episode in a plant, whose noise goes on behind what was drawn of it.
pub(crate) fn episode<P: Plant + 'static>(plant: P, draw: &EpisodeDraw) -> Episode {
    let run = PlantRun::new(Arc::new(plant), draw.episode.clone());
    Episode::in_world(WorldStart::new(Box::new(run), draw.life.clone()))
}

impl<P: Plant> PlantRun<P> {
    /// The start of a life; `rng` gives its noise.
    #[must_use]
    pub fn new(plant: Arc<P>, rng: TaskRng) -> Self {
        let shape = plant.shape();
        let lengths = shape.delays.iter().zip(plant.delay_starts());
        let lines = lengths.map(|(length, start)| DelayLine::new(*length, start)).collect();
        let (state, adjoint) = (plant.start(), PlantAdjoint::new(&shape));
        Self { plant, progress: PlantProgress { shape, rng, index: 0, state, lines, record: None, adjoint } }
    }

    /// The plant.
    #[must_use]
    pub fn plant(&self) -> &P {
        &self.plant
    }

    /// The number of the coming step.
    #[must_use]
    pub fn index(&self) -> usize {
        self.progress.index
    }

    /// The state before the coming step.
    #[must_use]
    pub fn state(&self) -> &[f64] {
        &self.progress.state
    }

    /// What is sensed before the coming step.
    #[must_use]
    pub fn sensed(&self) -> Vec<f64> {
        let mut observation = vec![0.0; self.progress.shape.observations];
        self.plant.observe(self.progress.index, &self.progress.state, &mut observation);
        observation
    }

    /// Takes the commands of a step; returns its cost.
    pub fn command(&mut self, action: &[f64]) -> f64 {
        let noise: Vec<f64> =
            (0..self.progress.shape.noises).map(|_| self.progress.rng.sample(StandardNormal)).collect();
        let inputs = self.progress.inputs(action);
        let mut outputs = vec![0.0; output_count(&self.progress.shape)];
        let fixed = FixedInputs { index: self.progress.index, noise: &noise };
        let cost = step(&*self.plant, &self.progress.shape, fixed, &inputs, &mut outputs);
        self.progress.move_to(&outputs);
        if let Some(record) = &mut self.progress.record {
            record.push(RecordedStep { index: self.progress.index, inputs, noise });
        }
        self.progress.index += 1;
        cost
    }

    /// Records every step from now on.
    pub fn record(&mut self) {
        self.progress.record = Some(Vec::new());
        self.progress.adjoint = PlantAdjoint::new(&self.progress.shape);
    }

    /// Goes back over the last recorded step's action; returns the gradient by its commands.
    ///
    /// # Panics
    /// As [`DifferentiableWorld::act_back`].
    pub fn command_back(&mut self, cost_gradient: f64) -> Vec<f64> {
        let last =
            self.progress.record.as_mut().and_then(Vec::pop).expect("a recorded step is left to go back over");
        self.progress.adjoint.act_back(&*self.plant, last, cost_gradient)
    }

    /// Takes the gradient by what was sensed before the same step.
    ///
    /// # Panics
    /// As [`DifferentiableWorld::observe_back`].
    pub fn sensed_back(&mut self, observation_gradient: &[f64]) {
        self.progress.adjoint.observe_back(&*self.plant, observation_gradient);
    }
}

impl<P> Clone for PlantRun<P> {
    fn clone(&self) -> Self {
        Self { plant: Arc::clone(&self.plant), progress: self.progress.clone() }
    }
}

impl PlantProgress {
    fn inputs(&self, action: &[f64]) -> Vec<f64> {
        assert_eq!(action.len(), self.shape.actions, "commands of a step");
        let mut inputs = Vec::with_capacity(input_count(&self.shape));
        inputs.extend_from_slice(&self.state);
        inputs.extend_from_slice(action);
        inputs.extend(self.lines.iter().map(DelayLine::oldest));
        inputs
    }

    fn move_to(&mut self, outputs: &[f64]) {
        let (state, delay) = outputs.split_at(self.shape.state);
        self.state.copy_from_slice(state);
        self.lines.iter_mut().zip(delay).for_each(|(line, value)| line.shift(*value));
    }
}

impl<P: Plant + 'static> World for PlantRun<P> {
    fn shape(&self) -> WorldShape {
        let PlantShape { observations, actions, .. } = self.progress.shape;
        let steps = self.plant.steps();
        WorldShape { analog: observations, commands: actions, steps, ..WorldShape::default() }
    }

    fn observe(&mut self, analog: &mut [f32], _spikes: &mut [u8]) {
        analog.iter_mut().zip(self.sensed()).for_each(|(to, value)| *to = value as f32);
    }

    fn act(&mut self, commands: &[f32]) -> f64 {
        self.command(&wide(commands))
    }

    fn copy(&self) -> Box<dyn World> {
        Box::new(self.clone())
    }

    fn differentiable(&mut self) -> Option<&mut dyn DifferentiableWorld> {
        Some(self)
    }

    fn measured(&self, record: &LifeRecord) -> Vec<f64> {
        self.plant.measured(record)
    }

    fn changes(&self) -> Vec<usize> {
        self.plant.changes()
    }

    fn changeable(&self) -> Vec<Changeable> {
        self.plant.changeable(self.progress.index)
    }

    fn change(&mut self, index: usize, value: f64) {
        if let Some(plant) = self.plant.changed(self.progress.index, index, value) {
            self.plant = Arc::new(plant);
        }
    }

    fn recorded_step_bytes(&self) -> usize {
        let PlantShape { noises, .. } = self.progress.shape;
        size_of::<RecordedStep>() + (input_count(&self.progress.shape) + noises) * size_of::<f64>()
    }

    fn tracking(&self) -> Vec<Tracking> {
        self.plant.tracking(self.progress.index, &self.progress.state)
    }
}

impl<P: Plant + 'static> DifferentiableWorld for PlantRun<P> {
    fn record(&mut self) {
        Self::record(self);
    }

    fn act_back(&mut self, cost_gradient: f64, command_gradient: &mut [f32]) {
        let gradient = self.command_back(cost_gradient);
        command_gradient.iter_mut().zip(gradient).for_each(|(to, value)| *to = value as f32);
    }

    fn observe_back(&mut self, analog_gradient: &[f32]) {
        self.sensed_back(&wide(analog_gradient));
    }
}

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().copied().map(f64::from).collect()
}
