//! The memory of a training and of the evaluation after it, estimated before any of it is taken.
//!
//! ```text
//! training:   engine + C x 4 bytes a parameter + 2 x the inputs of a batch + the metrics + the lanes,
//!             in a world 3 x the inputs + what is recorded of the lives
//! evaluation: simulation + C x 4 bytes a parameter + the inputs of the episodes + the network in chip arithmetic
//! ```

use metaplastic_files::memory::MemoryEstimate;
use metaplastic_task::seed::Purpose;
use metaplastic_task::unseen::{self, EpisodeIndex, episode};
use metaplastic_task::world::start::WorldStart;

use super::metrics::Metrics;
use crate::experiment::Experiment;
use crate::lifetime::carried::CarriedState;
use crate::lifetime::simulate::simulation_memory;
use crate::lifetime::{BatchSize, Engine, NetworkBytes};
use metaplastic_shared::network::Owner;

/// Copies of the flat vector at one time: parameters, both moments, the network, its gradient in the engine, on the
/// tape and for the optimiser, the values before a step, and the checkpoint as it is written.
const COPIES: u64 = 14;
/// Copies of the episodes at one time: the training's and the engine's.
const EPISODE_COPIES: u64 = 2;
/// In a world, one more: as the life had them.
const WORLD_EPISODE_COPIES: u64 = 3;
/// Copies of what the lanes carry: from the last meta-step and to the next, or twice as a checkpoint is written.
const LANE_COPIES: u64 = 3;
/// Copies of the metrics at one time: as they are kept, and as they are written.
const METRICS_COPIES: u64 = 2;
/// Bytes of a synapse in chip arithmetic: its weight in the draft and in the artifact, and in every thread P and E.
const CHIP_SYNAPSE: u64 = 4;

/// An upper estimate of the memory of a training with an engine.
#[must_use]
pub fn memory(experiment: &Experiment, engine: &dyn Engine) -> MemoryEstimate {
    let (task, meta) = (&*experiment.task, &experiment.meta);
    // What measures nothing has no world, and its episode may take more than there is: none is drawn to look.
    let has_world = !task.measures().is_empty();
    let first = has_world.then(|| episode(task, meta.seed, Purpose::Training, EpisodeIndex::alone(0)));
    let world = first.and_then(|episode| episode.world);
    let copies = if world.is_some() { WORLD_EPISODE_COPIES } else { EPISODE_COPIES };
    let what = format!("meta.batch = {}, in memory {copies} times", meta.batch);
    let inputs = unseen::memory(task, Purpose::Training, &what, copies * u64::from(meta.batch));
    let inputs = with_lives(inputs, world.as_ref(), meta.batch);
    let metrics = METRICS_COPIES * u64::from(meta.meta_steps) * size_of::<Metrics>() as u64;
    let batch = BatchSize {
        episodes: meta.batch as usize,
        steps: task.steps(Purpose::Training),
        resets: task.state_resets(),
        carried: meta.carry_over.map(|carry_over| carry_over.state),
    };
    let network = with_lanes(engine.memory(&experiment.model, batch), experiment, batch);
    with_network(inputs, experiment, network).with(format!("meta.meta_steps = {}", meta.meta_steps), metrics)
}

/// With what is recorded of the lives of a batch in a world.
fn with_lives(inputs: MemoryEstimate, world: Option<&WorldStart>, batch: u32) -> MemoryEstimate {
    let Some(world) = world else { return inputs };
    let field =
        format!("the recorded lives of meta.batch = {batch}, {} steps each, see [task]", world.shape().steps);
    inputs.with(field, u64::from(batch).saturating_mul(world.life_bytes()))
}

/// With what the lanes carry.
fn with_lanes(mut network: NetworkBytes, experiment: &Experiment, batch: BatchSize) -> NetworkBytes {
    let Some(part) = batch.carried else { return network };
    let NetworkBytes { populations, projections } = CarriedState::bytes(&experiment.model, part);
    let copies = LANE_COPIES * batch.episodes as u64;
    let add = |(sum, bytes): (&mut u64, u64)| *sum = sum.saturating_add(copies.saturating_mul(bytes));
    network.populations.iter_mut().zip(populations).for_each(add);
    network.projections.iter_mut().zip(projections).for_each(add);
    network
}

/// An upper estimate of the memory of the network in episodes, in float and in chip arithmetic, of which `in_memory` are
/// in memory at one time.
#[must_use]
pub fn evaluation_memory(experiment: &Experiment, in_memory: u64) -> MemoryEstimate {
    let inputs = unseen::memory(&*experiment.task, Purpose::Validation, "episodes at one time", in_memory);
    let mut network = simulation_memory(&experiment.model);
    let each = CHIP_SYNAPSE * (1 + rayon::current_num_threads() as u64);
    for (bytes, projection) in network.projections.iter_mut().zip(&experiment.model.network.projections) {
        let (pre, post) = experiment.model.network.shape(projection);
        let synapses = if projection.plasticity.is_some() { (pre * post) as u64 } else { 0 };
        *bytes = bytes.saturating_add(each.saturating_mul(synapses));
    }
    with_network(inputs, experiment, network)
}

/// With the network's own memory and that of its parameters, by the fields that they grow with.
fn with_network(mut all: MemoryEstimate, experiment: &Experiment, network: NetworkBytes) -> MemoryEstimate {
    let description = &experiment.model.network;
    for (index, population) in description.populations.iter().enumerate() {
        let bytes = network.populations.get(index).copied().unwrap_or(0);
        let field =
            format!("the {} neurons of {name}, see network.{name}.size", population.size, name = population.name);
        all = all.with(field, bytes.saturating_add(parameters(experiment, Owner::Population(index))));
    }
    for index in 0..description.projections.len() {
        let bytes = network.projections.get(index).copied().unwrap_or(0);
        let owned = parameters(experiment, Owner::Projection(index));
        all = all.with(synapses(experiment, index), bytes.saturating_add(owned));
    }
    all
}

/// Bytes of the parameters of a population or a projection.
fn parameters(experiment: &Experiment, owner: Owner) -> u64 {
    let owned = experiment.model.slots().iter().filter(|slot| slot.parameter.owner() == owner);
    COPIES * (owned.map(|slot| slot.range.len()).sum::<usize>() * size_of::<f32>()) as u64
}

fn synapses(experiment: &Experiment, projection: usize) -> String {
    let model = &experiment.model;
    let description = &model.network.projections[projection];
    let (pre, post) = model.network.shape(description);
    let size = |population: u8| format!("network.{}.size", model.network.populations[usize::from(population)].name);
    let mut sizes = vec![size(description.pre), size(description.post)];
    sizes.dedup();
    let projection = model.projection_name(projection);
    format!("the {pre} x {post} synapses of {projection}, see {} and meta.batch", sizes.join(", "))
}
