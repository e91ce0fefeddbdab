//! The state at the start of a segment, from which the backward pass calculates the segment's states again.

use super::aligned::Aligned;
use super::state::LifetimeState;

/// The state at the start of a segment.
#[derive(Debug)]
pub(crate) enum TapeCheckpoint {
    /// All of it.
    Whole(LifetimeState),
    /// The plastic weights by projection; all else is zero.
    AfterReset(Vec<Aligned>),
}

impl TapeCheckpoint {
    /// The checkpoint of a state, before a reset if there is one.
    pub(crate) fn new(state: &LifetimeState, is_reset: bool) -> Self {
        if !is_reset {
            return Self::Whole(state.clone());
        }
        Self::AfterReset(state.synapses.iter().map(|synapses| synapses.plastic.clone()).collect())
    }

    /// Puts the state back.
    pub(crate) fn restore(&self, state: &mut LifetimeState) {
        match self {
            Self::Whole(whole) => state.clone_from(whole),
            Self::AfterReset(plastic) => {
                state.reset_state();
                let synapses = state.synapses.iter_mut().zip(plastic);
                synapses.for_each(|(synapses, plastic)| synapses.plastic.clone_from(plastic));
            }
        }
    }
}
