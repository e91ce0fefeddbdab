//! Tests of the loop around plants: delays, and the gradient against finite differences. A plant's own test calls
//! [`assert_gradient`].

use std::sync::Arc;

use rand::Rng;
use rand_distr::StandardNormal;

use super::closed_loop::{DifferentiableWorld, World};
use super::life::WorldLife;
use super::plant::{Plant, PlantShape, PlantStep, Tracking};
use super::plant_run::PlantRun;
use super::scalar::{PlantScalar, at_most, clamp};
use super::start::WorldStart;
use crate::episode::Episode;
use crate::seed::{Purpose, TaskRng, rng};

const STEPS: usize = 40;

/// A plant that uses everything a plant may: several delays with start values, noise, and functions that saturate.
#[derive(Debug)]
struct Delayed;

impl Plant for Delayed {
    fn shape(&self) -> PlantShape {
        PlantShape { state: 3, actions: 2, observations: 2, noises: 1, delays: vec![1, 3, 10] }
    }

    fn steps(&self) -> usize {
        STEPS
    }

    fn start(&self) -> Vec<f64> {
        vec![0.3, -0.2, 0.1]
    }

    fn delay_starts(&self) -> Vec<f64> {
        vec![0.0, 0.5, -0.4]
    }

    fn observe<S: PlantScalar>(&self, index: usize, state: &[S], observation: &mut [S]) {
        observation[0] = state[0] * state[1] - (index as f64 * 0.1).sin();
        observation[1] = state[2].tanh();
    }

    fn step<S: PlantScalar>(&self, step: PlantStep<'_, S>) -> S {
        let (a, b) = (step.action[0], step.action[1]);
        step.delay[0] = a * b;
        step.delay[1] = clamp(step.state[0] * 2.0, 0.7);
        step.delay[2] = step.state[1] + a * step.noise[0];
        step.state[0] = step.state[0] * 0.8 + step.delayed[0] * 0.4 + step.delayed[1] * 0.3;
        step.state[1] = (step.state[1] + step.delayed[2] * step.state[2]).sin() * 0.9 + 0.1 * step.noise[0];
        step.state[2] = step.state[2] * 0.7 + b.tanh() * 0.5;
        let error = step.state[0] - step.state[1];
        at_most(error * error, 1.0) + step.delayed[2] * step.state[2]
    }

    fn tracking(&self, _index: usize, state: &[f64]) -> Vec<Tracking> {
        vec![Tracking { desired: 0.0, actual: state[0] }]
    }
}

fn normal(rng: &mut TaskRng, count: usize, scale: f64) -> Vec<f64> {
    (0..count).map(|_| scale * rng.sample::<f64, _>(StandardNormal)).collect()
}

/// A linear controller in the loop with a plant, and a loss with a weight for each step's cost.
struct Controlled<P> {
    plant: Arc<P>,
    weights: Vec<f64>,
}

impl<P: Plant> Controlled<P> {
    fn run(&self, matrix: &[f64], recorded: bool) -> (PlantRun<P>, Vec<Vec<f64>>, f64) {
        let mut run = PlantRun::new(Arc::clone(&self.plant), rng(3, Purpose::Test, 5));
        if recorded {
            run.record();
        }
        let (mut loss, mut sensed) = (0.0, Vec::new());
        for weight in &self.weights {
            let observation = run.sensed();
            let rows = matrix.chunks(observation.len());
            let action: Vec<f64> = rows.map(|row| row.iter().zip(&observation).map(|(m, o)| m * o).sum()).collect();
            loss += weight * run.command(&action);
            sensed.push(observation);
        }
        (run, sensed, loss)
    }

    fn gradient(&self, matrix: &[f64]) -> Vec<f64> {
        let (mut run, sensed, _) = self.run(matrix, true);
        let mut gradient = vec![0.0; matrix.len()];
        for (weight, observation) in self.weights.iter().zip(&sensed).rev() {
            let action = run.command_back(*weight);
            let mut back = vec![0.0; observation.len()];
            for (row, action) in action.iter().enumerate() {
                for (column, value) in observation.iter().enumerate() {
                    gradient[row * observation.len() + column] += action * value;
                    back[column] += action * matrix[row * observation.len() + column];
                }
            }
            run.sensed_back(&back);
        }
        gradient
    }
}

/// The start of a life in a plant.
pub(crate) fn life<P: Plant + 'static>(run: PlantRun<P>) -> WorldLife {
    let start = WorldStart::new(Box::new(run), rng(0, Purpose::Test, 0));
    WorldLife::begin(&Episode::in_world(start)).expect("a world")
}

/// Compares the gradient by a linear controller's weights, through 40 steps of a closed loop, with central differences.
pub(crate) fn assert_gradient<P: Plant>(plant: P, scale: f64) {
    let shape = plant.shape();
    let mut source = rng(8, Purpose::Test, 0);
    let weights = normal(&mut source, STEPS, 1.0);
    let controlled = Controlled { plant: Arc::new(plant), weights };
    let matrix = normal(&mut source, shape.actions * shape.observations, scale);
    let gradient = controlled.gradient(&matrix);
    let length = gradient.iter().map(|value| value * value).sum::<f64>().sqrt();
    assert!(length > 1e-6, "the costs depend on the actions: {gradient:?}");
    for index in 0..matrix.len() {
        let moved = |by: f64| {
            let mut matrix = matrix.clone();
            matrix[index] += by;
            controlled.run(&matrix, false).2
        };
        let step = 1e-5 * scale;
        let expected = (moved(step) - moved(-step)) / (2.0 * step);
        let error = (gradient[index] - expected).abs();
        assert!(error < 1e-6 * length, "{index}: {} {expected} of {length}", gradient[index]);
    }
}

#[test]
fn the_gradient_passes_through_delays_of_one_three_and_ten_steps() {
    assert_gradient(Delayed, 0.5);
}

#[test]
fn a_life_depends_on_its_stream_and_its_commands_alone() {
    let costs = |index| {
        let mut run = PlantRun::new(Arc::new(Delayed), rng(1, Purpose::Test, index));
        (0..STEPS).map(|step| run.command(&[step as f64 * 0.01, 0.1])).collect::<Vec<_>>()
    };
    assert_eq!(costs(0), costs(0));
    assert_ne!(costs(0), costs(1));
}

#[test]
fn a_copy_of_a_life_goes_on_alike() {
    let mut run = PlantRun::new(Arc::new(Delayed), rng(1, Purpose::Test, 0));
    for _ in 0..7 {
        run.command(&[0.2, 0.1]);
    }
    let mut copy = run.clone();
    let costs = |run: &mut PlantRun<Delayed>| (0..9).map(|_| run.command(&[0.2, 0.3])).collect::<Vec<_>>();
    assert_eq!(costs(&mut run), costs(&mut copy));
}

#[test]
fn the_world_of_a_plant_passes_on_the_plants_values() {
    let mut run = PlantRun::new(Arc::new(Delayed), rng(1, Purpose::Test, 0));
    let mut exact = run.clone();
    let world: &mut dyn DifferentiableWorld = &mut run;
    world.record();
    exact.record();
    let (mut analog, mut gradient) = ([0.0_f32; 2], [0.0_f32; 2]);
    for _ in 0..5 {
        world.observe(&mut analog, &mut []);
        assert_eq!(analog.to_vec(), exact.sensed().iter().map(|value| *value as f32).collect::<Vec<_>>());
        assert_eq!(world.act(&[0.25, 0.5]), exact.command(&[0.25, 0.5]));
        assert_eq!(world.tracking(), exact.tracking());
    }
    for _ in 0..5 {
        world.act_back(0.5, &mut gradient);
        let expected = exact.command_back(0.5);
        assert_eq!(gradient.to_vec(), expected.iter().map(|value| *value as f32).collect::<Vec<_>>());
        world.observe_back(&[0.5, 0.25]);
        exact.sensed_back(&[0.5, 0.25]);
    }
    let shape = world.shape();
    assert_eq!((shape.analog, shape.commands, shape.spikes, shape.choices, shape.steps), (2, 2, 0, 0, STEPS));
    assert_eq!(world.decide(0), 0.0);
}
