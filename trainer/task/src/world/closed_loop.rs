//! A world as the trainer and every body see it, whatever it is: a life in progress that is observed and acted on, a
//! step at a time. This file may not know which worlds there are.
//!
//! In each step: [`World::observe`], the network's step, [`World::decide`] where a decision of the episode ends, and
//! [`World::act`].
//!
//! ```
//! use metaplastic_task::world::closed_loop::{World, WorldShape};
//!
//! /// A counter that has to be kept at zero.
//! #[derive(Clone, Debug)]
//! struct Counter(f32);
//!
//! impl World for Counter {
//!     fn shape(&self) -> WorldShape {
//!         WorldShape { analog: 1, commands: 1, steps: 100, ..WorldShape::default() }
//!     }
//!
//!     fn observe(&mut self, analog: &mut [f32], _spikes: &mut [u8]) {
//!         analog[0] = self.0;
//!     }
//!
//!     fn act(&mut self, commands: &[f32]) -> f64 {
//!         self.0 += commands[0];
//!         f64::from(self.0 * self.0)
//!     }
//!
//!     fn copy(&self) -> Box<dyn World> {
//!         Box::new(self.clone())
//!     }
//! }
//!
//! let mut world = Counter(3.0);
//! let (mut later, mut sensed) = (world.copy(), [0.0]);
//! world.observe(&mut sensed, &mut []);
//! assert_eq!([world.act(&[-sensed[0]]), later.act(&[1.0])], [0.0, 16.0]);
//! ```

use std::fmt::Debug;

use super::changeable::Changeable;
use super::record::{LifeRecord, Tracking};

/// What a world gives to a network and takes from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WorldShape {
    /// Analog values that are sensed in a step.
    pub analog: usize,
    /// Spike inputs.
    pub spikes: usize,
    /// Graded commands that are taken in each step.
    pub commands: usize,
    /// The largest number of actions to choose from.
    pub choices: usize,
    /// The steps of a life.
    pub steps: usize,
}

/// One life in progress. All its chance comes from the random stream that it was made with.
pub trait World: Debug + Send + Sync {
    /// What it gives and takes.
    fn shape(&self) -> WorldShape;

    /// The inputs of the coming step: analog values, and spikes as bits, the first in the lowest bit.
    fn observe(&mut self, analog: &mut [f32], spikes: &mut [u8]);

    /// Takes the commands of the step, moves on by one step and returns its cost. A world that takes no commands moves
    /// on alone.
    fn act(&mut self, commands: &[f32]) -> f64;

    /// Takes the choice of this step and returns its reward. Where no choice is due, nothing is chosen and the reward
    /// is 0.
    fn decide(&mut self, _action: usize) -> f64 {
        0.0
    }

    /// A copy, which goes on by itself.
    fn copy(&self) -> Box<dyn World>;

    /// The same world, if the gradient of its costs passes through it.
    fn differentiable(&mut self) -> Option<&mut dyn DifferentiableWorld> {
        None
    }

    /// What is measured of a life in it, by the names of the task's [measures](crate::Task::measures): by default the
    /// reward.
    fn measured(&self, record: &LifeRecord) -> Vec<f64> {
        vec![record.reward()]
    }

    /// The steps before which what the world hides changes.
    fn changes(&self) -> Vec<usize> {
        Vec::new()
    }

    /// What of it can be changed while a network is in it, and the present values; nothing by default.
    fn changeable(&self) -> Vec<Changeable> {
        Vec::new()
    }

    /// Changes the number of that index in [`changeable`](Self::changeable) from now on, to a value within its limits. A life
    /// that was changed is another one: nothing else changes a world.
    fn change(&mut self, _index: usize, _value: f64) {}

    /// Bytes of a step that is recorded for the gradient; none of a world that is not differentiable.
    fn recorded_step_bytes(&self) -> usize {
        0
    }

    /// Desired and actual values before the coming step, a pair for each coordinate; none where nothing is tracked.
    fn tracking(&self) -> Vec<Tracking> {
        Vec::new()
    }
}

/// A world that the gradient of its costs passes through, backwards from the last recorded step.
///
/// For each step: [`act_back`](Self::act_back), the network's backward step, and then
/// [`observe_back`](Self::observe_back) with the gradient that the network found.
pub trait DifferentiableWorld: World {
    /// Records every step from now on. A step takes 8 bytes for each number of state, commands, delay lines and noise, so
    /// that a whole life may be recorded while the network's is checkpointed.
    fn record(&mut self);

    /// Goes back over the last recorded step: takes the gradient of the loss by the step's cost, and leaves that by its
    /// commands.
    ///
    /// # Panics
    /// If no step is recorded, or [`observe_back`](Self::observe_back) of the step behind it is missing.
    fn act_back(&mut self, cost_gradient: f64, command_gradient: &mut [f32]);

    /// Takes the gradient of the loss by the analog values of the same step.
    ///
    /// # Panics
    /// Without [`act_back`](Self::act_back) of the same step.
    fn observe_back(&mut self, analog_gradient: &[f32]);
}
