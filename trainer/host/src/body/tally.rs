//! What steps did on a body: the votes that were counted, and whether anything could be learned.

use serde::{Deserialize, Serialize};

/// What some steps of an episode did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Votes of each class's readout neurons: their spikes, or the sum of their potentials where they are graded.
    pub votes: Vec<i32>,
    /// In how many steps a third factor was not zero.
    pub taught: usize,
}

/// What a whole episode did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lived {
    /// Votes of each class's readout neurons, in each decision's window.
    pub votes: Vec<Vec<i32>>,
    /// When plastic weights could change.
    pub taught: Taught,
}

/// In how many steps plastic weights could change, because a third factor was not zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taught {
    /// Of the steps in which the network was told the right answer.
    pub while_told: Share,
    /// Of all other steps.
    pub otherwise: Share,
}

/// Some of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// How many.
    pub some: usize,
    /// Of how many.
    pub all: usize,
}

impl Share {
    /// As a fraction; zero of nothing.
    #[must_use]
    pub fn fraction(self) -> f64 {
        self.some as f64 / self.all.max(1) as f64
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { some: self.some + other.some, all: self.all + other.all }
    }
}

impl Taught {
    /// Of all steps.
    #[must_use]
    pub fn overall(self) -> Share {
        self.while_told.plus(self.otherwise)
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let Self { while_told, otherwise } = other;
        Self { while_told: self.while_told.plus(while_told), otherwise: self.otherwise.plus(otherwise) }
    }

    /// Counts steps that were all of one kind.
    pub(super) fn add(&mut self, told: bool, share: Share) {
        let sum = if told { &mut self.while_told } else { &mut self.otherwise };
        *sum = sum.plus(share);
    }
}
