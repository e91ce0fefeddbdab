//! A plant's step on flat vectors, forward and its vector-Jacobian product. This file may not know the order of steps.
//!
//! Inputs are state, actions and delayed values, one behind the other; outputs are the next state and the values put
//! into delays.

use super::plant::{Plant, PlantShape, PlantStep};
use super::scalar::{Dual, LANES, PlantScalar, add_derivatives, seeded};

/// What a step reads besides its inputs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FixedInputs<'a> {
    /// The number of the step.
    pub(crate) index: usize,
    /// Standard normal numbers.
    pub(crate) noise: &'a [f64],
}

/// The gradients by a step's outputs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OutputGradients<'a> {
    /// By the next state and the values put into delays.
    pub(crate) outputs: &'a [f64],
    /// By the cost.
    pub(crate) cost: f64,
}

/// Numbers of a step's inputs.
pub(crate) fn input_count(shape: &PlantShape) -> usize {
    shape.state + shape.actions + shape.delays.len()
}

/// Numbers of a step's outputs.
pub(crate) fn output_count(shape: &PlantShape) -> usize {
    shape.state + shape.delays.len()
}

/// One step; returns its cost.
pub(crate) fn step<P: Plant, S: PlantScalar>(
    plant: &P,
    shape: &PlantShape,
    fixed: FixedInputs<'_>,
    inputs: &[S],
    outputs: &mut [S],
) -> S {
    let (state, others) = inputs.split_at(shape.state);
    let (action, delayed) = others.split_at(shape.actions);
    let (next, delay) = outputs.split_at_mut(shape.state);
    next.copy_from_slice(state);
    plant.step(PlantStep { index: fixed.index, state: next, action, delayed, delay, noise: fixed.noise })
}

/// The gradient by the inputs of a step.
pub(crate) fn step_vjp<P: Plant>(
    plant: &P,
    shape: &PlantShape,
    fixed: FixedInputs<'_>,
    inputs: &[f64],
    gradients: OutputGradients<'_>,
) -> Vec<f64> {
    let mut outputs = vec![Dual::from(0.0); output_count(shape)];
    by_lanes(inputs, |seeded, sums| {
        let cost = step(plant, shape, fixed, seeded, &mut outputs);
        add_derivatives(&cost, gradients.cost, sums);
        let weighted = outputs.iter().zip(gradients.outputs);
        weighted.for_each(|(output, weight)| add_derivatives(output, *weight, sums));
    })
}

/// The gradient by the state of what is observed before step `index`.
pub(crate) fn observe_vjp<P: Plant>(plant: &P, index: usize, state: &[f64], gradient: &[f64]) -> Vec<f64> {
    let mut observation = vec![Dual::from(0.0); gradient.len()];
    by_lanes(state, |seeded, sums| {
        plant.observe(index, seeded, &mut observation);
        let weighted = observation.iter().zip(gradient);
        weighted.for_each(|(value, weight)| add_derivatives(value, *weight, sums));
    })
}

/// Evaluates a function as often as its inputs need lanes; it adds to the sums of the inputs that have one.
fn by_lanes(inputs: &[f64], mut evaluate: impl FnMut(&[Dual], &mut [f64])) -> Vec<f64> {
    let mut gradient = vec![0.0; inputs.len()];
    for (pass, sums) in gradient.chunks_mut(LANES).enumerate() {
        let values = inputs.iter().enumerate();
        let seeded: Vec<Dual> = values.map(|(index, value)| seeded(*value, index, pass * LANES)).collect();
        evaluate(&seeded, sums);
    }
    gradient
}
