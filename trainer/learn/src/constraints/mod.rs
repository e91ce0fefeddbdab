//! Constraints of weights while they are trained, and what training descends on instead of them.

mod batch_normalisation;
mod free;
mod list;
mod standardised;

pub use batch_normalisation::{BatchNormalisation, Deviation, Normalisable, Statistics};
pub use free::FreeParameters;
pub use list::{Constraints, QuantisationAware};
pub use standardised::Standardised;
