//! What of a world can be changed while a network is in it, for whoever looks on. This file may not know what a world is.
//!
//! ```
//! use metaplastic_task::world::arm::{Arm, ArmParameters};
//! use metaplastic_task::seed::{Purpose, rng};
//! use metaplastic_task::world::closed_loop::World;
//! use metaplastic_task::world::plant_run::PlantRun;
//!
//! let mut draw = rng(1, Purpose::Test, 0);
//! let mut arm = PlantRun::new(Arm::draw(ArmParameters::default(), &mut draw).into(), draw);
//! assert_eq!((arm.changeable()[0].name.as_str(), arm.changeable()[0].unit), ("payload", "kg"));
//! arm.change(0, 1.5);
//! assert_eq!(arm.changeable()[0].value, 1.5);
//! ```

use std::ops::RangeInclusive;

use serde::Serialize;

/// A number of a world that can be changed, and its present value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Changeable {
    /// Its name.
    pub name: String,
    /// Its unit; empty for none.
    pub unit: &'static str,
    /// Its present value.
    pub value: f64,
    /// The smallest value.
    pub low: f64,
    /// The largest value.
    pub high: f64,
}

impl Changeable {
    /// A number with its limits.
    #[must_use]
    pub fn new(name: impl Into<String>, unit: &'static str, value: f64, limits: RangeInclusive<f64>) -> Self {
        Self { name: name.into(), unit, value, low: *limits.start(), high: *limits.end() }
    }
}
