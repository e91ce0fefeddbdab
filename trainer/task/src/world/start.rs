//! The world of an episode, at its start: every life in it begins with a copy. This file may not know who lives in it.
//!
//! ```
//! use metaplastic_task::episodes;
//! use metaplastic_task::seed::Purpose;
//! use metaplastic_task::world::bandit::BanditTask;
//!
//! let episode = episodes(&BanditTask::default(), 1, Purpose::Test, 0..1).remove(0);
//! let start = episode.world.unwrap();
//! assert_eq!((start.shape().choices, start.shape().commands), (5, 0));
//!
//! // Two lives begin alike: the same arm pays the same, pull by pull.
//! let rewards = || {
//!     let mut life = start.begin();
//!     (0..start.shape().steps).map(|_| (life.decide(3), life.act(&[])).0).collect::<Vec<_>>()
//! };
//! assert_eq!(rewards(), rewards());
//! ```

use crate::seed::TaskRng;

use super::closed_loop::{World, WorldShape};
use super::record::{Choice, Tracking};

/// A world before its first step.
#[derive(Debug)]
pub struct WorldStart {
    world: Box<dyn World>,
    chance: TaskRng,
}

impl WorldStart {
    /// A world that nothing has been done in, and the random stream of choices in it.
    #[must_use]
    pub fn new(world: Box<dyn World>, chance: TaskRng) -> Self {
        Self { world, chance }
    }

    /// What it gives and takes.
    #[must_use]
    pub fn shape(&self) -> WorldShape {
        self.world.shape()
    }

    /// An upper estimate of the bytes that one life takes until it has been gone back over: what the world records of its
    /// steps, and what happened in them twice.
    #[must_use]
    pub fn life_bytes(&self) -> u64 {
        let WorldShape { commands, steps, .. } = self.shape();
        let tracked = self.world.tracking().len() * size_of::<Tracking>();
        let happened = size_of::<f64>() + commands * size_of::<f32>() + tracked + size_of::<Choice>();
        (steps as u64).saturating_mul((self.world.recorded_step_bytes() + 2 * happened) as u64)
    }

    /// A life in it.
    #[must_use]
    pub fn begin(&self) -> Box<dyn World> {
        self.world.copy()
    }

    /// The random stream of choices.
    #[must_use]
    pub fn chance(&self) -> TaskRng {
        self.chance.clone()
    }
}

impl Clone for WorldStart {
    fn clone(&self) -> Self {
        Self { world: self.begin(), chance: self.chance() }
    }
}

/// Two worlds are the same if all that they print of themselves is, their random streams included.
impl PartialEq for WorldStart {
    fn eq(&self, other: &Self) -> bool {
        format!("{self:?}") == format!("{other:?}")
    }
}
