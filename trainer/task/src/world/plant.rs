//! A differentiable plant: what is controlled, written once over a generic scalar. This file may not know what controls
//! it, nor where its random numbers come from.
//!
//! A step is a function `(state, actions, delayed, noise) -> (state, values put into delays, cost)`. Delay lines belong
//! to the loop that steps it, so a plant with long delays has a small Jacobian all the same.
//!
//! ```
//! use metaplastic_task::world::plant::{Plant, PlantShape, PlantStep, Tracking};
//! use metaplastic_task::world::scalar::PlantScalar;
//!
//! /// A mass that is pushed: position and speed.
//! #[derive(Debug)]
//! struct Mass(f64);
//!
//! impl Plant for Mass {
//!     fn shape(&self) -> PlantShape {
//!         PlantShape { state: 2, actions: 1, observations: 1, noises: 0, delays: Vec::new() }
//!     }
//!
//!     fn steps(&self) -> usize {
//!         100
//!     }
//!
//!     fn start(&self) -> Vec<f64> {
//!         vec![1.0, 0.0]
//!     }
//!
//!     fn observe<S: PlantScalar>(&self, _index: usize, state: &[S], observation: &mut [S]) {
//!         observation[0] = state[0];
//!     }
//!
//!     fn step<S: PlantScalar>(&self, step: PlantStep<'_, S>) -> S {
//!         step.state[1] = step.state[1] + step.action[0] / self.0 * 0.1;
//!         step.state[0] = step.state[0] + step.state[1] * 0.1;
//!         step.state[0] * step.state[0]
//!     }
//!
//!     fn tracking(&self, _index: usize, state: &[f64]) -> Vec<Tracking> {
//!         vec![Tracking { desired: 0.0, actual: state[0] }]
//!     }
//! }
//!
//! let mut state = vec![1.0, 0.0];
//! let step = PlantStep { index: 0, state: &mut state, action: &[-2.0], delayed: &[], delay: &mut [], noise: &[] };
//! let cost = Mass(2.0).step(step);
//! assert!((state[1] + 0.1_f64).abs() < 1e-12 && (cost - 0.99 * 0.99_f64).abs() < 1e-12);
//! ```

use std::fmt::Debug;

use super::changeable::Changeable;
use super::record::LifeRecord;
pub use super::record::Tracking;
use super::scalar::PlantScalar;
use super::tracking_score::TrackingScore;

/// The sizes of a plant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlantShape {
    /// Numbers of its state.
    pub state: usize,
    /// Commands that it takes in a step.
    pub actions: usize,
    /// Values that are sensed before a step.
    pub observations: usize,
    /// Standard normal numbers that a step uses.
    pub noises: usize,
    /// The lengths of its delay lines in steps, each at least 1.
    pub delays: Vec<usize>,
}

/// What a step reads and writes.
#[derive(Debug)]
pub struct PlantStep<'a, S> {
    /// The number of the step, from 0.
    pub index: usize,
    /// The state before the step; the step leaves the next one.
    pub state: &'a mut [S],
    /// The commands.
    pub action: &'a [S],
    /// What was put into each delay line as many steps ago as it is long; before that, its start value.
    pub delayed: &'a [S],
    /// What the step puts into each delay line.
    pub delay: &'a mut [S],
    /// Standard normal numbers.
    pub noise: &'a [f64],
}

/// A plant with all that is unknown about it, drawn beforehand: the same for every run of the same value.
pub trait Plant: Debug + Send + Sync {
    /// Its sizes.
    fn shape(&self) -> PlantShape;

    /// The steps of a life in it.
    fn steps(&self) -> usize;

    /// The steps before which what it hides changes.
    fn changes(&self) -> Vec<usize> {
        Vec::new()
    }

    /// The state before the first step.
    fn start(&self) -> Vec<f64>;

    /// What the delay lines hand out before anything put into them arrives.
    fn delay_starts(&self) -> Vec<f64> {
        vec![0.0; self.shape().delays.len()]
    }

    /// What is sensed before step `index`.
    fn observe<S: PlantScalar>(&self, index: usize, state: &[S], observation: &mut [S]);

    /// One step; returns its cost.
    fn step<S: PlantScalar>(&self, step: PlantStep<'_, S>) -> S;

    /// What is measured of a life in it, by the names of its task's measures: by default the root mean square error over
    /// its second half.
    fn measured(&self, record: &LifeRecord) -> Vec<f64> {
        let TrackingScore { rmse, .. } = TrackingScore::new(&record.tracking, 0);
        vec![rmse]
    }

    /// What of it can be changed from step `index` on, and the present values; nothing by default.
    fn changeable(&self, _index: usize) -> Vec<Changeable> {
        Vec::new()
    }

    /// The same plant with the number of index `which` in [`changeable`](Self::changeable) changed from step `index` on; none
    /// if there is nothing to change.
    fn changed(&self, _index: usize, _which: usize, _value: f64) -> Option<Self>
    where
        Self: Sized,
    {
        None
    }

    /// What is tracked before step `index`, a number for each coordinate.
    fn tracking(&self, index: usize, state: &[f64]) -> Vec<Tracking>;
}
