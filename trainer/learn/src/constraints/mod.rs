//! Constraints of weights during training, and the free parameters that training descends on in their place.

mod batch_normalisation;
mod free;
mod list;
mod standardised;

pub use batch_normalisation::{BatchNormalisation, Deviation, Normalisable, Statistics};
pub use free::FreeParameters;
pub use list::{Constraints, QuantisationAware};
pub use standardised::Standardised;
