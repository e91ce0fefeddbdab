//! What a controller is, and a life of a world under it. This file may not know which controllers there are.

use std::fmt::Debug;

use crate::world::life::WorldLife;
use crate::world::record::LifeResult;

/// Turns what is sensed in a step into its commands.
pub trait Controller: Debug + Send {
    /// The commands of the coming step; they are added to what a controller inside the world commands.
    fn command(&mut self, analog: &[f32], commands: &mut [f32]);
}

/// Adds nothing to the world's own controller.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoCommand;

impl Controller for NoCommand {
    fn command(&mut self, _analog: &[f32], commands: &mut [f32]) {
        commands.fill(0.0);
    }
}

/// A quantity among the analog values of a world.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Channel {
    /// The number of the analog value.
    pub index: usize,
    /// What the quantity is multiplied by to be the analog value.
    pub scale: f64,
}

impl Channel {
    /// The quantity.
    #[must_use]
    pub fn read(self, analog: &[f32]) -> f64 {
        f64::from(analog[self.index]) / self.scale
    }
}

/// A whole life under a controller.
pub fn track(mut life: WorldLife, controller: &mut dyn Controller) -> LifeResult {
    let mut commands = vec![0.0; life.world().shape().commands];
    for step in 0..life.episode().steps {
        controller.command(life.sense(step).analog_at(step), &mut commands);
        life.answer(step, &commands, |_, _| 0);
    }
    life.end().result
}
