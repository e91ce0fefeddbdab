//! The kinds of populations and projections, one file each: its description, limits, checks,
//! number formats with the formulas on them, sections of an artifact and meta-parameters.
//!
//! `population` and `projection` list the kinds, one line each. A kind knows nothing of the network that contains
//! it. The conditions between several kinds are in [`network`](crate::network).
//!
//! ```
//! use metaplastic_shared::kinds::{Convolution, check_name};
//!
//! // A map of 28 rows and columns, seen through windows of 5 by 5 with a stride of 2.
//! let convolution = Convolution { height: 28, width: 28, channels: 1, kernel: 5, stride: 2, padding: 2 };
//! assert_eq!(convolution.post_map(), (14, 14));
//! assert_eq!(convolution.window(), 25);
//!
//! let error = check_name("hidden\n").unwrap_err();
//! assert_eq!(error.to_string(), "the name's byte 0x0a is not printable ASCII (0x20 to 0x7e)");
//! ```

mod analog;
mod check;
mod command;
mod convolution;
mod dense;
mod input;
mod leak;
mod lif;
mod modulator;
mod name;
mod parameter;
mod plasticity;
mod population;
mod projection;
mod section;
mod third_factor;

pub use analog::{Analog, MAX_ANALOG_VALUES};
pub use check::FieldError;
pub use command::{Command, CommandFormat, CommandScale};

pub use convolution::{Convolution, ConvolutionError, MAX_KERNEL};
pub use input::MAX_INPUTS;
pub use leak::{LARGEST_LEAK, LEAK_EXPONENT, Leak, LeakFormat};
pub use lif::{Adaptation, DecayScope, Lif, LifError, LifFormat, MAX_NEURONS};
pub use modulator::{DeadZoneError, MAX_MODULATORS, Modulator, ModulatorFormat};
pub use name::{NameError, check_name};
pub use parameter::{Domain, Family, MetaParameter, Owner, Parameter, Trace};
pub use plasticity::{
    IncrementParts, PlasticFormat, Plasticity, PlasticityError, TraceDecays, decays_lazily, increment_limit,
};
pub(crate) use population::Outputs;
pub use population::{Name, Population, PopulationError, PopulationFormat, PopulationKind};
pub(crate) use projection::Sizes;
pub use projection::{Connectivity, Exponents, Projection, ProjectionError, ProjectionFormat};
pub(crate) use section::MOST_SECTIONS;
pub use section::{Section, SectionLength};
pub use third_factor::ThirdFactor;
