//! What happened in a life in a world, and what was measured of it. This file may not know worlds, nor who lives in them.
//!
//! ```
//! use metaplastic_task::world::record::{Choice, LifeRecord, Tracking};
//!
//! let choice = |action, reward| Choice { action, reward };
//! let record = LifeRecord { choices: vec![choice(0, 0.0), choice(1, 1.0), choice(1, 1.0)], ..LifeRecord::default() };
//! assert_eq!(record.reward(), 2.0);
//!
//! assert_eq!(Tracking { desired: 1.0, actual: 0.75 }.error(), 0.25);
//! assert!(Tracking { desired: f64::NAN, actual: 0.75 }.error().is_nan()); // it does not matter
//! ```

/// A value that has to be where another one is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tracking {
    /// The desired value; NaN where it does not matter.
    pub desired: f64,
    /// The actual value, without noise or delay of a sensor.
    pub actual: f64,
}

impl Tracking {
    /// The desired value without the actual one.
    #[must_use]
    pub fn error(self) -> f64 {
        self.desired - self.actual
    }
}

/// A choice among actions, and what it brought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// The action.
    pub action: usize,
    /// Its reward.
    pub reward: f64,
}

/// What happened in a life, step by step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LifeRecord {
    /// The cost of every step.
    pub costs: Vec<f64>,
    /// The commands of every step, in rows; none of a world without commands.
    pub commands: Vec<f32>,
    /// The choice of every decision, in order.
    pub choices: Vec<Choice>,
    /// Desired and actual values before every step, in rows of the coordinates.
    pub tracking: Vec<Tracking>,
}

impl LifeRecord {
    /// The rewards of all choices together.
    #[must_use]
    pub fn reward(&self) -> f64 {
        self.choices.iter().map(|choice| choice.reward).sum()
    }
}

/// What a life was, and what was measured of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LifeResult {
    /// What happened.
    pub record: LifeRecord,
    /// What the task measures of it, in the order of its [measures](crate::Task::measures).
    pub measured: Vec<f64>,
}
