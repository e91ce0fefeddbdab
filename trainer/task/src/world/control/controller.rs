//! What a controller is, and a life of a world under it. This file may not know which controllers there are.

use std::fmt::Debug;

use crate::world::closed_loop::World;
use crate::world::plant::Tracking;

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

/// What is scored in a whole life under a controller: for each coordinate, a pair for each step.
pub fn track(world: &mut dyn World, controller: &mut dyn Controller) -> Vec<Vec<Tracking>> {
    let shape = world.shape();
    let (mut analog, mut commands) = (vec![0.0; shape.analog], vec![0.0; shape.commands]);
    let mut tracked = vec![Vec::with_capacity(shape.steps); world.tracking().len()];
    for _ in 0..shape.steps {
        tracked.iter_mut().zip(world.tracking()).for_each(|(life, step)| life.push(step));
        world.observe(&mut analog, &mut []);
        controller.command(&analog, &mut commands);
        world.act(&commands);
    }
    tracked
}
