//! Constraints of weights during training, and the free parameters that training descends on in their place.
//!
//! ```
//! use metaplastic_learn::constraints::Constraints;
//!
//! // The first two of three weights stay where they start.
//! let constraints = Constraints { frozen: vec![0..2], ..Constraints::default() };
//! let before = [0.5, -0.5, 0.1];
//! let (mut gradient, mut after) = ([1.0; 3], [0.4, -0.6, 0.0]);
//! constraints.project(&before, &mut gradient);
//! constraints.retract(&before, &mut after);
//! assert_eq!((gradient, after), ([0.0, 0.0, 1.0], [0.5, -0.5, 0.0]));
//! ```

mod batch_normalisation;
mod free;
mod list;
mod standardised;

pub use batch_normalisation::{BatchNormalisation, Deviation, Normalisable, Statistics};
pub use free::FreeParameters;
pub use list::{Constraints, QuantisationAware};
pub use standardised::Standardised;
