//! The world of an episode, at its start: every life in it begins with a copy. This file may not know who lives in it.

use crate::seed::TaskRng;

use super::closed_loop::{World, WorldShape};

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
