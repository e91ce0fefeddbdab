//! A projection in a backward step: what the backward step of every kind of projection reads.

use crate::lifetime::fused::dynamics::Dynamics;
use crate::lifetime::fused::forward::projection::sources;
use crate::lifetime::fused::kernel::propagate::Sources;
use crate::lifetime::fused::plan::ProjectionPlan;
use crate::lifetime::fused::state::LifetimeState;

/// A projection in a step.
#[derive(Clone, Copy)]
pub(crate) struct ProjectionStep<'a> {
    /// The network.
    pub(crate) dynamics: &'a Dynamics,
    /// Which projection.
    pub(crate) index: usize,
    /// State before the step.
    pub(crate) before: &'a LifetimeState,
    /// State after the step.
    pub(crate) after: &'a LifetimeState,
}

impl<'a> ProjectionStep<'a> {
    /// Its wiring.
    pub(crate) fn wiring(self) -> &'a ProjectionPlan {
        &self.dynamics.plan.projections[self.index]
    }

    /// The spikes or analog values that it carried.
    pub(crate) fn sources(self) -> Sources<'a> {
        sources(self.dynamics, self.index, self.before, self.after)
    }
}
