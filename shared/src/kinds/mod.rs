//! The kinds of populations and projections, one file each: what a kind is, its limits and checks, its number formats
//! and the formulas on them, its sections of an artifact and its meta-parameters.
//!
//! `population` and `projection` list the kinds, one line each. A kind knows nothing of the network it is in; what
//! several kinds have to agree on is [`network`](crate::network)'s.

mod check;
mod convolution;
mod dense;
mod input;
mod lif;
mod modulator;
mod parameter;
mod plasticity;
mod population;
mod projection;
mod third_factor;

pub use check::FieldError;

pub use convolution::{Convolution, ConvolutionError, MAX_KERNEL};
pub use input::MAX_INPUTS;
pub use lif::{Adaptation, DecayScope, Lif, LifError, LifFormat, MAX_NEURONS};
pub use modulator::{DeadZoneError, MAX_MODULATORS, MAX_SIGNALS, Modulator, ModulatorFormat};
pub use parameter::{Domain, Family, MetaParameter, Owner, Parameter, Trace};
pub use plasticity::{
    IncrementParts, PlasticFormat, Plasticity, PlasticityError, TraceDecays, decays_lazily, increment_limit,
};
pub use population::{Population, PopulationError, PopulationFormat, PopulationKind};
pub(crate) use projection::Sizes;
pub use projection::{Connectivity, Projection, ProjectionError, ProjectionFormat};
pub use third_factor::ThirdFactor;
