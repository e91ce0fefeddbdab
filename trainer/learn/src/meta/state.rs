//! The state of a training: everything that changes from one meta-step to the next.

use serde::{Deserialize, Serialize};

use super::lanes::Lane;
use super::metrics::Metrics;
use crate::constraints::{Constraints, FreeParameters, Statistics};
use crate::experiment::Experiment;
use crate::model::Family;
use crate::optimiser::Adam;

/// What changes from one meta-step to the next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingState {
    /// The free parameters that training descends on.
    pub parameters: FreeParameters,
    /// Running statistics, one for every batch-normalised tensor.
    pub statistics: Vec<Statistics>,
    /// The optimiser's state.
    pub adam: Adam,
    /// The lanes of the batch, by number; none where a lane starts anew in the next meta-step. Empty if nothing carries
    /// over, and before the first meta-step.
    pub lanes: Vec<Option<Lane>>,
    /// Every meta-step so far.
    pub metrics: Vec<Metrics>,
}

impl TrainingState {
    /// The current meta-parameters of the network.
    #[must_use]
    pub fn network(&self, constraints: &Constraints) -> Vec<f32> {
        constraints.fold(&self.parameters, &self.statistics)
    }

    /// As [`network`](Self::network), of a training that has ended: its rates times
    /// [`deployed_rate`](crate::experiment::MetaConfiguration::deployed_rate).
    #[must_use]
    pub fn deployed(&self, experiment: &Experiment) -> Vec<f32> {
        let mut network = self.network(&experiment.constraints);
        let rates = experiment.model.slots().iter().filter(|slot| slot.family == Family::Rate);
        let by = experiment.meta.deployed_rate.ln() as f32;
        rates.for_each(|slot| network[slot.range.clone()].iter_mut().for_each(|rate| *rate += by));
        network
    }
}
