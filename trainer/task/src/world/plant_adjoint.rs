//! The backward pass through a recorded life of a plant, a step at a time. This file may not know the network that gives
//! the gradients of what it sensed.
//!
//! With `l` the gradient by the state behind step `t` and `d` those by the values put into delays, the
//! vector-Jacobian product of the step gives the gradients by the state before it, by its commands, and by what the
//! delays handed out; the last enter the delay lines, with time reversed. The gradient by what was sensed before the
//! step is known only once the network has gone back, and is added then.

use super::delay::DelayLine;
use super::flat_step::{FixedInputs, OutputGradients, observe_vjp, step_vjp};
use super::plant::{Plant, PlantShape};

/// What a step had read.
#[derive(Clone, Debug)]
pub(crate) struct RecordedStep {
    /// The number of the step.
    pub(crate) index: usize,
    /// State, actions and delayed values.
    pub(crate) inputs: Vec<f64>,
    /// Standard normal numbers.
    pub(crate) noise: Vec<f64>,
}

/// The gradients at one time of a life.
#[derive(Clone, Debug)]
pub(crate) struct PlantAdjoint {
    shape: PlantShape,
    /// By the state.
    state: Vec<f64>,
    /// By the values on their way in each delay line.
    lines: Vec<DelayLine>,
    /// The step whose sensed values have not been gone back over yet.
    sensing: Option<RecordedStep>,
}

impl PlantAdjoint {
    /// Behind the last step.
    pub(crate) fn new(shape: &PlantShape) -> Self {
        let lines = shape.delays.iter().map(|length| DelayLine::new(*length, 0.0)).collect();
        Self { shape: shape.clone(), state: vec![0.0; shape.state], lines, sensing: None }
    }

    /// Returns the gradient by the commands of a step.
    pub(crate) fn act_back<P: Plant>(&mut self, plant: &P, step: RecordedStep, cost_gradient: f64) -> Vec<f64> {
        assert!(self.sensing.is_none(), "what was sensed in the step behind is gone back over first");
        let delays = self.lines.iter().map(DelayLine::oldest);
        let outputs: Vec<f64> = self.state.iter().copied().chain(delays).collect();
        let fixed = FixedInputs { index: step.index, noise: &step.noise };
        let gradients = OutputGradients { outputs: &outputs, cost: cost_gradient };
        let gradient = step_vjp(plant, &self.shape, fixed, &step.inputs, gradients);
        self.sensing = Some(step);
        self.split(&gradient)
    }

    /// Adds what the gradient by the sensed values of the same step says about the state.
    pub(crate) fn observe_back<P: Plant>(&mut self, plant: &P, observation_gradient: &[f64]) {
        let step = self.sensing.take().expect("the step's commands are gone back over first");
        let state = &step.inputs[..self.shape.state];
        let gradient = observe_vjp(plant, step.index, state, observation_gradient);
        self.state.iter_mut().zip(gradient).for_each(|(sum, value)| *sum += value);
    }

    /// Takes the gradient by a step's inputs; returns that by its commands.
    fn split(&mut self, gradient: &[f64]) -> Vec<f64> {
        let (state, others) = gradient.split_at(self.shape.state);
        let (action, delayed) = others.split_at(self.shape.actions);
        self.state.copy_from_slice(state);
        self.lines.iter_mut().zip(delayed).for_each(|(line, value)| line.shift(*value));
        action.to_vec()
    }
}
