//! The memory of the engine, estimated before any of it is taken: how many copies there are of the tensors, the
//! state and the adjoint of each part of a network at one time. How large one is stands where it is allocated.
//!
//! ```text
//! bytes = 4 (tensors (G + 2) + state (K + T (S + 3)) + plastic weights R + adjoint T) + windows W
//! ```
//!
//! with G groups of episodes, K checkpoints, R of them of plastic weights alone, T threads, S steps in a segment and W
//! copies of the plan.

use super::backward::{PopulationAdjoint, SynapseAdjoint};
use super::batch::group;
use super::forward::plasticity::PlasticState;
use super::plan::{Plan, PopulationPlan, ProjectionPlan};
use super::population::{PopulationState, PopulationTensors};
use super::tensors::ProjectionTensors;
use super::windows::Windows;
use crate::lifetime::carried_part::CarriedPart;
use crate::lifetime::{BatchSize, NetworkBytes};

/// Plans at one time while a batch runs: the batch's, and that of whoever looks at the network.
const PLANS: usize = 2;

/// Copies at one time.
pub(crate) struct Copies {
    plans: usize,
    tensors: usize,
    states: usize,
    plastic: usize,
    adjoints: usize,
}

impl Copies {
    /// Of a batch in segments of at most `segment` steps.
    pub(crate) fn new(batch: BatchSize, segment: usize) -> Self {
        let BatchSize { episodes, steps, resets, carried } = batch;
        let groups = episodes.div_ceil(group(episodes));
        let threads = rayon::current_num_threads().min(groups);
        // Checkpoints at resets have plastic weights only; there are others where a run between resets is longer than
        // a segment.
        let (runs, longest) = (resets + 1, steps.div_ceil(resets + 1));
        let whole = runs * longest.div_ceil(segment.max(1)).saturating_sub(1);
        // One more of the state that an episode begins with, if it carried over.
        let whole = whole + usize::from(carried == Some(CarriedPart::All));
        let plastic = resets + usize::from(carried == Some(CarriedPart::PlasticWeights));
        Self {
            plans: PLANS,
            tensors: groups + 2,
            states: episodes * whole + threads * (segment + 3),
            plastic: episodes * plastic,
            adjoints: threads,
        }
    }

    /// Of lifetimes forward, one in every thread: a network of its own, and the states before and after a step.
    pub(crate) fn forward() -> Self {
        let threads = rayon::current_num_threads();
        Self { plans: threads, tensors: threads, states: 2 * threads, plastic: 0, adjoints: 0 }
    }

    /// Bytes of each part of a network.
    pub(crate) fn bytes(&self, plan: &Plan) -> NetworkBytes {
        let populations = plan.populations.iter().map(|population| self.of_population(population));
        let projections = plan.projections.iter().map(|projection| self.of_projection(plan, projection));
        NetworkBytes { populations: populations.collect(), projections: projections.collect() }
    }

    fn of_population(&self, population: &PopulationPlan) -> u64 {
        bytes([
            (self.tensors, PopulationTensors::floats(population)),
            (self.states, PopulationState::floats(population)),
            (self.adjoints, PopulationAdjoint::floats(population)),
        ])
    }

    fn of_projection(&self, plan: &Plan, projection: &ProjectionPlan) -> u64 {
        let windows = projection.windows.as_ref().map_or(0, Windows::bytes);
        let plastic = if projection.rule.is_some() { projection.shape.len() } else { 0 };
        let floats = bytes([
            (self.tensors, ProjectionTensors::floats(plan, projection)),
            (self.states, PlasticState::floats(projection)),
            (self.plastic, plastic),
            (self.adjoints, SynapseAdjoint::floats(projection)),
        ]);
        floats.saturating_add((self.plans * windows) as u64)
    }
}

/// Bytes of so many copies of so many floats.
fn bytes(copies: impl IntoIterator<Item = (usize, usize)>) -> u64 {
    let floats = copies.into_iter().map(|(copies, floats)| (copies as u64).saturating_mul(floats as u64));
    floats.fold(0_u64, u64::saturating_add).saturating_mul(size_of::<f32>() as u64)
}
