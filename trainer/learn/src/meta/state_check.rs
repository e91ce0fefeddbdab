//! Whether a state that was read from a file is one that the training of an experiment can have.
//!
//! After this check nothing indexes beyond a tensor, and no number that training descends on is infinite or NaN.

use super::lanes::Lane;
use super::state::TrainingState;
use crate::constraints::{BatchNormalisation, Statistics};
use crate::experiment::{CarryOver, Experiment};
use crate::lifetime::carried::CarriedState;

/// A field that no state of the experiment's training has.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StateFault {
    /// A list is too short or too long.
    #[error("{field}: {length} values, this experiment has {expected}")]
    Length {
        /// The list.
        field: String,
        /// Values there are.
        length: usize,
        /// Values there must be.
        expected: usize,
    },
    /// A number is not possible there.
    #[error("{field}[{index}] = {value} is not {expected}")]
    Value {
        /// The list.
        field: String,
        /// Its index there, from 0.
        index: usize,
        /// The number.
        value: f64,
        /// What it must be.
        expected: &'static str,
    },
    /// A count is not possible.
    #[error("{field} = {value}, at most {limit} are possible here")]
    Count {
        /// The count.
        field: &'static str,
        /// Its value.
        value: u64,
        /// The largest that is possible.
        limit: u64,
    },
}

impl TrainingState {
    /// Checks that training can continue from here.
    ///
    /// # Errors
    /// The first field that no state of the experiment's training has.
    pub fn check(&self, experiment: &Experiment) -> Result<(), StateFault> {
        self.check_parameters(experiment)?;
        self.check_statistics(&experiment.constraints.batch_normalised)?;
        let count = self.parameters.count();
        numbers("adam.first", &self.adam.first, count, FINITE)?;
        numbers("adam.second", &self.adam.second, count, POSITIVE)?;
        self.check_metrics(experiment.meta.meta_steps)?;
        self.check_lanes(experiment)
    }

    fn check_parameters(&self, experiment: &Experiment) -> Result<(), StateFault> {
        let tensors = &experiment.constraints.batch_normalised;
        numbers("parameters.network", &self.parameters.network, experiment.model.parameter_count(), FINITE)?;
        length("parameters.gammas", self.parameters.gammas.len(), tensors.len())?;
        tensors.iter().zip(&self.parameters.gammas).enumerate().try_for_each(|(index, (tensor, gammas))| {
            numbers(&format!("parameters.gammas[{index}]"), gammas, tensor.channels(), FINITE)
        })
    }

    fn check_statistics(&self, tensors: &[BatchNormalisation]) -> Result<(), StateFault> {
        length("statistics", self.statistics.len(), tensors.len())?;
        tensors.iter().zip(&self.statistics).enumerate().try_for_each(|(index, (tensor, statistics))| {
            let Statistics { mean, variance } = statistics;
            numbers(&format!("statistics[{index}].mean"), mean, tensor.channels(), FINITE)?;
            numbers(&format!("statistics[{index}].variance"), variance, tensor.channels(), VARIANCE)
        })
    }

    /// Nothing has carried over before the first meta-step.
    fn check_lanes(&self, experiment: &Experiment) -> Result<(), StateFault> {
        let carry_over = experiment.meta.carry_over.filter(|_| !self.metrics.is_empty());
        let lanes = carry_over.map_or(0, |_| experiment.meta.batch as usize);
        length("lanes", self.lanes.len(), lanes)?;
        let Some(CarryOver { state, .. }) = carry_over else { return Ok(()) };
        let zeros = CarriedState::zeros(&experiment.model, state);
        let lanes = self.lanes.iter().enumerate().filter_map(|(index, lane)| Some((index, lane.as_ref()?)));
        lanes.into_iter().try_for_each(|(index, lane)| {
            self.check_first_episode(index, lane, experiment.meta.batch.into())?;
            check_carried(&format!("lanes[{index}]"), &lane.state, &zeros, experiment.model.plastic_limit)
        })
    }

    /// A lane's life began with one of the episodes that it has run.
    fn check_first_episode(&self, index: usize, lane: &Lane, batch: u64) -> Result<(), StateFault> {
        let run = self.metrics.len() as u64 * batch;
        if lane.first_episode < run && lane.first_episode % batch == index as u64 {
            return Ok(());
        }
        let (value, expected) = (lane.first_episode as f64, "the first episode of this lane");
        Err(StateFault::Value { field: "lanes".into(), index, value, expected })
    }

    /// The number of meta-steps done is that of the metrics: each is the next.
    fn check_metrics(&self, meta_steps: u32) -> Result<(), StateFault> {
        count("metrics", self.metrics.len() as u64, meta_steps.into())?;
        let taken = self.metrics.iter().filter(|metrics| !metrics.is_skipped()).count();
        count("adam.steps", self.adam.steps.into(), taken as u64)?;
        let numbered = self.metrics.iter().map(|metrics| metrics.meta_step).enumerate();
        let wrong = numbered.into_iter().find(|(index, meta_step)| *meta_step as usize != index + 1);
        wrong.map_or(Ok(()), |(index, meta_step)| {
            let expected = "the number of the meta-step";
            Err(StateFault::Value { field: "metrics".into(), index, value: meta_step.into(), expected })
        })
    }
}

/// Checks that a state has the lists of the initial one, and that no P is beyond its limit.
fn check_carried(field: &str, state: &CarriedState, zeros: &CarriedState, limit: f32) -> Result<(), StateFault> {
    let (lists, expected) = (state.lists(), zeros.lists());
    length(field, lists.len(), expected.len())?;
    for ((name, values), (expected_name, zeros)) in lists.iter().zip(&expected) {
        let field = format!("{field}.{name}");
        numbers(&field, values, if name == expected_name { zeros.len() } else { 0 }, FINITE)?;
    }
    let plastic = state.plastic.iter().enumerate();
    let beyond = plastic.filter_map(|(of, list)| Some((of, list.iter().position(|value| value.abs() > limit)?)));
    beyond.into_iter().next().map_or(Ok(()), |(of, index)| {
        let (value, expected) = (state.plastic[of][index].into(), "within network.plastic_limit");
        Err(StateFault::Value { field: format!("{field}.plastic[{of}]"), index, value, expected })
    })
}

/// What numbers must be, and how that is checked.
#[derive(Clone, Copy)]
struct Requirement {
    name: &'static str,
    is_met: fn(f32) -> bool,
}

const FINITE: Requirement = Requirement { name: "a finite number", is_met: f32::is_finite };
const POSITIVE: Requirement =
    Requirement { name: "a finite number of at least 0", is_met: |value| value.is_finite() && value >= 0.0 };
const VARIANCE: Requirement = Requirement { name: "a variance", is_met: Statistics::is_possible };

fn numbers(field: &str, values: &[f32], expected: usize, requirement: Requirement) -> Result<(), StateFault> {
    length(field, values.len(), expected)?;
    let wrong = values.iter().position(|value| !(requirement.is_met)(*value));
    wrong.map_or(Ok(()), |index| {
        let value = values[index].into();
        Err(StateFault::Value { field: field.to_owned(), index, value, expected: requirement.name })
    })
}

fn length(field: &str, length: usize, expected: usize) -> Result<(), StateFault> {
    if length == expected {
        return Ok(());
    }
    Err(StateFault::Length { field: field.to_owned(), length, expected })
}

fn count(field: &'static str, value: u64, limit: u64) -> Result<(), StateFault> {
    if value <= limit { Ok(()) } else { Err(StateFault::Count { field, value, limit }) }
}
