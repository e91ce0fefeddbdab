//! The memory of the engine, estimated before any of it is taken: how many copies there are of the tensors, the
//! state and the adjoint of each projection at one time. How large one is stands where it is allocated.
//!
//! ```text
//! bytes = 4 (tensors (G + 2) + state (K + T (S + 3)) + adjoint T)
//! ```
//!
//! with G groups of episodes, K checkpoints, T threads and S steps in a segment.

use super::backward::SynapseAdjoint;
use super::batch::group;
use super::forward::plasticity::PlasticState;
use super::plan::Plan;
use super::tensors::ProjectionTensors;

/// Copies at one time.
pub(crate) struct Copies {
    tensors: usize,
    states: usize,
    adjoints: usize,
}

impl Copies {
    /// Of a batch of `episodes` episodes of `steps` steps in segments of at most `segment` steps.
    pub(crate) fn new(episodes: usize, steps: usize, segment: usize) -> Self {
        let groups = episodes.div_ceil(group(episodes));
        let threads = rayon::current_num_threads().min(groups);
        let checkpoints = episodes * steps.div_ceil(segment.max(1));
        Self { tensors: groups + 2, states: checkpoints + threads * (segment + 3), adjoints: threads }
    }

    /// Of lifetimes forward, one in every thread: a network of its own, and the states before and after a step.
    pub(crate) fn forward() -> Self {
        let threads = rayon::current_num_threads();
        Self { tensors: threads, states: 2 * threads, adjoints: 0 }
    }

    /// Bytes by projection.
    pub(crate) fn bytes(&self, plan: &Plan) -> Vec<u64> {
        let floats = |projection| {
            let tensors = (self.tensors * ProjectionTensors::floats(plan, projection)) as u64;
            let states = (self.states * PlasticState::floats(projection)) as u64;
            tensors + states + (self.adjoints * SynapseAdjoint::floats(projection)) as u64
        };
        plan.projections.iter().map(|projection| size_of::<f32>() as u64 * floats(projection)).collect()
    }
}
