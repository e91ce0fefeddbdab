//! An episode of recall as a plant, whose state is nothing but the last command. This file may not know how its parameters
//! are read.

use rand::Rng;
use rand::seq::SliceRandom;

use super::parameters::RecallParameters;
use crate::seed::TaskRng;
use crate::world::plant::{Plant, PlantShape, PlantStep, Tracking};
use crate::world::record::LifeRecord;
use crate::world::scalar::PlantScalar;

/// The values of an episode, and the order in which they are due.
#[derive(Clone, Debug)]
pub struct ShownValues {
    parameters: RecallParameters,
    values: Vec<f64>,
    /// The numbers of the values, in the order in which they are due.
    order: Vec<usize>,
}

/// What an episode is about in a step.
#[derive(Clone, Copy, Debug, PartialEq)]
struct RecallStep {
    /// The number of the value.
    item: usize,
    /// Whether it is shown; else it is due.
    is_shown: bool,
    /// Whether the command counts.
    is_scored: bool,
}

impl ShownValues {
    /// Random values in a random order.
    #[must_use]
    pub fn draw(parameters: RecallParameters, rng: &mut TaskRng) -> Self {
        // What is shown has single precision, so that what is due is exactly what was shown.
        let largest = parameters.largest as f32;
        let values = (0..parameters.values).map(|_| f64::from(rng.random_range(-largest..=largest))).collect();
        let mut order: Vec<usize> = (0..parameters.values.into()).collect();
        order.shuffle(rng);
        Self { parameters, values, order }
    }

    /// The values, by their cues.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The numbers of the values, in the order in which they are due.
    #[must_use]
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// Behind the last step the last one stays.
    fn at(&self, index: usize) -> RecallStep {
        let RecallParameters { show_steps, query_steps, settling_steps, .. } = self.parameters;
        let Some(since) = index.checked_sub(self.parameters.shown_steps()) else {
            return RecallStep { item: index / usize::from(show_steps), is_shown: true, is_scored: false };
        };
        let query = (since / usize::from(query_steps)).min(self.order.len() - 1);
        let is_scored = since % usize::from(query_steps) >= usize::from(settling_steps);
        RecallStep { item: self.order[query], is_shown: false, is_scored }
    }

    /// The value that is due in a step, and its command.
    fn tracking_of(&self, index: usize, command: f64) -> Tracking {
        let RecallStep { item, is_shown, .. } = self.at(index);
        Tracking { desired: if is_shown { f64::NAN } else { self.values[item] }, actual: command }
    }
}

impl Plant for ShownValues {
    fn shape(&self) -> PlantShape {
        let observations = self.parameters.channels();
        PlantShape { state: 1, actions: 1, observations, noises: 0, delays: Vec::new() }
    }

    fn steps(&self) -> usize {
        self.parameters.steps()
    }

    fn start(&self) -> Vec<f64> {
        vec![0.0]
    }

    fn observe<S: PlantScalar>(&self, index: usize, _state: &[S], observation: &mut [S]) {
        let RecallStep { item, is_shown, .. } = self.at(index);
        observation.fill(S::from(0.0));
        observation[item] = S::from(1.0);
        if is_shown {
            observation[self.values.len()] = S::from(self.values[item]);
            observation[self.values.len() + 1] = S::from(1.0);
        }
    }

    fn step<S: PlantScalar>(&self, step: PlantStep<'_, S>) -> S {
        let RecallStep { item, is_scored, .. } = self.at(step.index);
        step.state[0] = step.action[0];
        let error = step.action[0] - self.values[item];
        if is_scored { error * error } else { S::from(0.0) }
    }

    /// The root mean square error of the commands that count, and its square, whose mean over episodes of a guess of the
    /// mean is the variance of the values.
    fn measured(&self, record: &LifeRecord) -> Vec<f64> {
        let tracking = record.commands.iter().enumerate();
        let scored = tracking.filter(|(step, _)| self.at(*step).is_scored);
        let (count, sum) = scored.fold((0_u32, 0.0), |(count, sum), (step, command)| {
            (count + 1, sum + self.tracking_of(step, f64::from(*command)).error().powi(2))
        });
        let mean = sum / f64::from(count.max(1));
        vec![mean.sqrt(), mean]
    }

    /// Of the last step, whose command the state is.
    fn tracking(&self, index: usize, state: &[f64]) -> Vec<Tracking> {
        vec![self.tracking_of(index.saturating_sub(1), state[0])]
    }
}
