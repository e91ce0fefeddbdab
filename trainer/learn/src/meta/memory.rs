//! The memory of a training, estimated before any of it is taken.
//!
//! ```text
//! engine (by projection) + 14 x 4 bytes a parameter + 2 x the inputs of a batch
//! ```

use metaplastic_files::memory::MemoryEstimate;
use metaplastic_task::seed::Purpose;
use metaplastic_task::unseen;

use crate::experiment::Experiment;
use crate::lifetime::Engine;
use crate::lifetime::simulate::simulation_memory;
use crate::model::Parameter;

/// Copies of the flat vector at one time: parameters, both moments, the network, its gradient in the engine, on the
/// tape and for the optimiser, the values before a step, and the checkpoint as it is written.
const COPIES: u64 = 14;
/// Copies of the episodes at one time: the training's and the engine's.
const EPISODE_COPIES: u64 = 2;

/// An upper estimate of the memory of a training with an engine.
#[must_use]
pub fn memory(experiment: &Experiment, engine: &dyn Engine) -> MemoryEstimate {
    let batch = experiment.meta.batch;
    let (episodes, steps) = (batch as usize, experiment.task.steps(Purpose::Training));
    let what = format!("meta.batch = {batch}, held {EPISODE_COPIES} times");
    let mut all = unseen::memory(&*experiment.task, Purpose::Training, &what, EPISODE_COPIES * u64::from(batch));
    let of_engine = engine.memory(&experiment.model, episodes, steps);
    for (index, bytes) in of_engine.into_iter().enumerate() {
        all = all.with(field(experiment, index), bytes + parameters(experiment, index));
    }
    all
}

/// An upper estimate of the memory of the float network in episodes, of which `held` are held at one time.
#[must_use]
pub fn evaluation_memory(experiment: &Experiment, held: u64) -> MemoryEstimate {
    let mut all = unseen::memory(&*experiment.task, Purpose::Validation, "episodes at one time", held);
    for (index, bytes) in simulation_memory(&experiment.model).into_iter().enumerate() {
        all = all.with(field(experiment, index), bytes + parameters(experiment, index));
    }
    all
}

/// Bytes of the parameters of a projection.
fn parameters(experiment: &Experiment, projection: usize) -> u64 {
    let tensors = [Parameter::Weights(projection), Parameter::ThirdFactorWeights(projection)];
    let values = tensors.iter().filter_map(|tensor| experiment.model.slot(*tensor)).map(|slot| slot.range.len());
    COPIES * (values.sum::<usize>() * size_of::<f32>()) as u64
}

fn field(experiment: &Experiment, projection: usize) -> String {
    let model = &experiment.model;
    let description = &model.network.projections[projection];
    let (pre, post) = model.network.shape(description);
    let name = |population: u8| &model.network.populations[usize::from(population)].name;
    format!(
        "the {pre} x {post} synapses of {}, see network.{}.size, network.{}.size and meta.batch",
        model.projection_name(projection),
        name(description.pre),
        name(description.post)
    )
}
