//! A population, and the list of possible kinds.

use heapless::String;
use serde::{Deserialize, Serialize};

use super::analog::{Analog, MAX_ANALOG_VALUES};
use super::check::FieldError;
use super::input::MAX_INPUTS;
use super::lif::{Lif, LifError, LifFormat, MAX_NEURONS};
use super::modulator::{DeadZoneError, MAX_MODULATORS, Modulator, ModulatorFormat};
use super::name::{NameError, check_name};
use super::parameter::MetaParameter;
use super::section::SectionLength;

/// The name of a population, for reports and errors; at most 24 bytes of printable ASCII. Its length is stored in one byte, as a
/// manifest with all names must fit on a small chip's stack.
pub type Name = String<24, u8>;

/// A group of neurons of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Population {
    /// The name in reports and errors.
    pub name: Name,
    /// Number of neurons: 1 to [`MAX_NEURONS`], [`MAX_INPUTS`], [`MAX_MODULATORS`] or [`MAX_ANALOG_VALUES`], by kind.
    pub size: u16,
    /// The kind of its neurons.
    pub kind: PopulationKind,
}

/// The kind of a population's neurons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PopulationKind {
    /// Spikes come from outside.
    Input,
    /// Leaky integrate-and-fire: `v = a_v v + I - theta s(t-1)`, `s = [v >= theta + beta a]`; see [`Lif`].
    Lif(Lif),
    /// Graded modulator neurons: `u = a_m u + I`, `m = shrink(tanh(u), d)`.
    Modulator(Modulator),
    /// Values come from outside, see [`Analog`].
    Analog(Analog),
}

/// Formats and scalar constants of a population.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PopulationFormat {
    /// Spikes have no format.
    Input,
    /// See [`LifFormat`].
    Lif(LifFormat),
    /// See [`ModulatorFormat`].
    Modulator(ModulatorFormat),
    /// The description has the format of the values.
    Analog,
}

/// The reasons for which a population's description is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PopulationError {
    /// The population has no neurons or too many.
    #[error("size {size} is not in 1..={limit}")]
    Size {
        /// The size it has.
        size: u16,
        /// The largest allowed.
        limit: u16,
    },
    /// The name is not printable.
    #[error(transparent)]
    Name(NameError),
    /// The description of a LIF population is refused.
    #[error(transparent)]
    Lif(LifError),
    /// The dead zone of a modulator population is refused.
    #[error(transparent)]
    DeadZone(DeadZoneError),
    /// The number format of an analog population is refused.
    #[error(transparent)]
    Analog(FieldError),
}

impl Outputs {
    pub(crate) const SPIKES: Self = Self { exponent: 0, largest: 1 };
}

/// What a population hands on to a projection in a step: spikes, which are zero or one, or values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outputs {
    /// Exponent of a neuron's output.
    pub(crate) exponent: i32,
    /// Its largest magnitude, an integer.
    pub(crate) largest: i64,
}

impl PopulationKind {
    fn largest_size(self) -> u16 {
        match self {
            Self::Input => MAX_INPUTS,
            Self::Lif(_) => MAX_NEURONS,
            Self::Modulator(_) => MAX_MODULATORS,
            Self::Analog(_) => MAX_ANALOG_VALUES,
        }
    }
}

impl Population {
    pub(crate) fn check(&self) -> Result<(), PopulationError> {
        check_name(&self.name).map_err(PopulationError::Name)?;
        let (size, limit) = (self.size, self.kind.largest_size());
        if !(1..=limit).contains(&size) {
            return Err(PopulationError::Size { size, limit });
        }
        match self.kind {
            PopulationKind::Input => Ok(()),
            PopulationKind::Lif(lif) => lif.check(size).map_err(PopulationError::Lif),
            PopulationKind::Modulator(modulator) => modulator.check().map_err(PopulationError::DeadZone),
            PopulationKind::Analog(analog) => analog.check().map_err(PopulationError::Analog),
        }
    }

    pub(crate) fn check_format(&self, format: &PopulationFormat) -> Result<(), FieldError> {
        match (self.kind, format) {
            (PopulationKind::Input, PopulationFormat::Input)
            | (PopulationKind::Analog(_), PopulationFormat::Analog) => Ok(()),
            (PopulationKind::Lif(lif), PopulationFormat::Lif(format)) => format.check(lif),
            (PopulationKind::Modulator(_), PopulationFormat::Modulator(format)) => format.check(),
            _ => Err(FieldError::Kind("kind")),
        }
    }

    /// Raw section `number`, in stored order, of population `index`.
    pub(crate) fn section(&self, index: usize, number: usize) -> Option<SectionLength> {
        self.lif().and_then(|lif| lif.section(index, self.size, number))
    }

    /// The meta-parameters of population `index`.
    pub(crate) fn meta_parameters(&self, index: usize) -> impl Iterator<Item = MetaParameter> {
        let lif = self.lif().map(|lif| lif.meta_parameters(index, self.size));
        let modulator = self.modulator().map(|modulator| modulator.meta_parameters(index));
        lif.into_iter().flatten().chain(modulator.into_iter().flatten())
    }

    pub(crate) fn lif(&self) -> Option<Lif> {
        match self.kind {
            PopulationKind::Lif(lif) => Some(lif),
            _ => None,
        }
    }

    fn modulator(&self) -> Option<Modulator> {
        match self.kind {
            PopulationKind::Modulator(modulator) => Some(modulator),
            _ => None,
        }
    }

    /// Whether the population emits spikes.
    #[must_use]
    pub fn spikes(&self) -> bool {
        !self.is_modulator() && !self.is_graded() && !self.is_analog()
    }

    /// Whether its values come from outside.
    #[must_use]
    pub fn is_analog(&self) -> bool {
        matches!(self.kind, PopulationKind::Analog(_))
    }

    /// Exponent of what a neuron hands on: of an analog value; a spike is 1.
    #[must_use]
    pub fn output_exponent(&self) -> i32 {
        self.outputs().exponent
    }

    pub(crate) fn outputs(&self) -> Outputs {
        match self.kind {
            PopulationKind::Analog(Analog { exponent }) => Outputs { exponent: exponent.into(), largest: 1 << 15 },
            _ => Outputs::SPIKES,
        }
    }

    /// Whether projections may lead onto it.
    pub(crate) fn receives(&self) -> bool {
        self.kind != PopulationKind::Input && !self.is_analog()
    }

    /// Whether the neurons are leaky integrators, which never spike.
    #[must_use]
    pub fn is_graded(&self) -> bool {
        self.lif().is_some_and(|lif| lif.graded)
    }

    /// Number of bias values: one for each channel, or one for each neuron; zero if the population has no bias.
    #[must_use]
    pub fn bias_count(&self) -> usize {
        self.lif().map_or(0, |lif| lif.bias_count(self.size))
    }

    /// Channels that share a bias; none if each neuron has its own.
    pub(crate) fn bias_channels(&self) -> Option<u16> {
        self.lif().map(|lif| lif.channels).filter(|channels| *channels > 0)
    }

    /// Whether the neurons are graded modulator neurons.
    #[must_use]
    pub fn is_modulator(&self) -> bool {
        self.modulator().is_some()
    }
}

impl PopulationFormat {
    /// Exponent of the potential v or u: a potential is the integer times `2^-exponent`. Zero where there is none.
    #[must_use]
    pub fn potential_exponent(&self) -> i32 {
        match self {
            Self::Input | Self::Analog => 0,
            Self::Lif(format) => format.exponent.into(),
            Self::Modulator(format) => format.exponent.into(),
        }
    }

    /// Upper bound of a neuron's sum without its projections: the decayed potential, the bias and the reset, each
    /// an i16. The bound also covers a neuron with a synaptic current. There, the current's sum has the decayed
    /// current and the bias; the membrane's sum has the decayed potential, the current and the reset.
    pub(crate) const LARGEST_OWN_INPUT: i64 = 3 * (1 << 15);
}
