//! The cost of an error, in a step: `min(e^2, clip) + weight ln(e^2 + floor)`. The clip bounds what a plant that escapes
//! costs, and the logarithm keeps small errors worth making smaller; the mean over a life's steps is its loss. This file
//! may not know what is in error.
//!
//! ```
//! use metaplastic_task::world::tracking_cost::TrackingCost;
//!
//! let cost = TrackingCost { clip: 4.0, log_weight: 0.1, log_floor: 1e-4 };
//! // A plant that escapes costs little more than one that is far away.
//! assert!(cost.of(1000.0) - cost.of(10.0) < 1.0);
//! // Half of a small error is worth nearly as much as half of ten times the error.
//! let gain = |error: f64| cost.of(error) - cost.of(error / 2.0);
//! assert!(gain(0.1) > 0.9 * gain(1.0) - 0.75);
//! ```

use super::scalar::{PlantScalar, at_most};

/// The three constants.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrackingCost {
    /// Squared errors above it cost no more.
    pub clip: f64,
    /// Weight of the logarithm.
    pub log_weight: f64,
    /// What is added to the squared error in the logarithm.
    pub log_floor: f64,
}

impl TrackingCost {
    /// The cost of an error.
    #[must_use]
    pub fn of<S: PlantScalar>(self, error: S) -> S {
        let squared = error * error;
        at_most(squared, self.clip) + (squared + self.log_floor).ln() * self.log_weight
    }
}
