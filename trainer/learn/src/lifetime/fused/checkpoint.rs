//! The state at the start of a segment, from which the backward pass calculates the segment's states again.

use super::aligned::AlignedFloats;
use super::state::LifetimeState;

/// The state at the start of a segment.
#[derive(Debug)]
pub(crate) enum TapeCheckpoint {
    /// The initial state.
    Initial,
    /// All of it.
    Whole(LifetimeState),
    /// The plastic weights by projection; all else is zero.
    AfterReset(Vec<AlignedFloats>),
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
            Self::Initial => {
                state.reset_state();
                state.synapses.iter_mut().for_each(|synapses| synapses.plastic.fill(0.0));
            }
            Self::Whole(whole) => state.clone_from(whole),
            Self::AfterReset(plastic) => {
                state.reset_state();
                let synapses = state.synapses.iter_mut().zip(plastic);
                synapses.for_each(|(synapses, plastic)| synapses.plastic.clone_from(plastic));
            }
        }
    }
}
