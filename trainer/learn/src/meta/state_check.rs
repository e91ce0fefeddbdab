//! Whether a state that was read from a file is one that the training of an experiment can have.
//!
//! After this check nothing indexes beyond a tensor, and no number that training descends on is infinite or NaN.

use super::state::TrainingState;
use crate::constraints::{BatchNormalisation, Statistics};
use crate::experiment::Experiment;

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
        self.check_metrics(experiment.meta.meta_steps)
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
