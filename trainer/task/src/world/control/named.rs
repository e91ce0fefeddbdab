//! A controller by its name, as a control in the worlds of episodes. This file may not know which controllers there are.

use std::fmt;

use super::controller::{Controller, NoCommand, track};
use crate::control::Control;
use crate::episode::Episode;
use crate::seed::TaskRng;
use crate::world::life::WorldLife;
use crate::world::record::LifeResult;

/// Makes a controller at the start of a life, with all its chance from a stream.
pub type ControllerSource = Box<dyn Fn(&mut TaskRng) -> Box<dyn Controller> + Send + Sync>;

/// A controller by its name.
pub struct NamedController {
    name: &'static str,
    source: ControllerSource,
}

impl NamedController {
    /// A controller that is made anew in each life.
    #[must_use]
    pub fn new(name: &'static str, source: ControllerSource) -> Self {
        Self { name, source }
    }

    /// The controller inside the world, alone.
    #[must_use]
    pub fn inside(name: &'static str) -> Self {
        Self::new(name, Box::new(|_| Box::new(NoCommand)))
    }
}

impl fmt::Debug for NamedController {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("NamedController").field(&self.name).finish()
    }
}

impl Control for NamedController {
    fn name(&self) -> &'static str {
        self.name
    }

    /// The chance of a controller is that of choices, of which its world has none.
    fn run(&self, episode: &Episode) -> Option<LifeResult> {
        let mut chance = episode.world.as_ref()?.chance();
        Some(track(WorldLife::begin(episode)?, &mut *(self.source)(&mut chance)))
    }
}
