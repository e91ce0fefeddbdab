//! A projection, and the list of possible connectivities.

use serde::{Deserialize, Serialize};

use super::check::{FieldError, SHIFT, bound_of_scaled, within};
use super::convolution::{Convolution, ConvolutionError};
use super::dense;
use super::parameter::{Domain, Family, MetaParameter, Parameter};
use super::plasticity::{PlasticFormat, Plasticity, PlasticityError};
use super::population::{Outputs, Population};
use super::section::{Section, SectionLength};
use super::third_factor;
use crate::format::{WEIGHT_EXPONENTS, row_length};

/// A projection from a spiking or an analog population.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Projection {
    /// Index of the presynaptic population: input, spiking LIF or analog.
    pub pre: u8,
    /// Index of the postsynaptic population: LIF or modulator.
    pub post: u8,
    /// Which synapses exist, and which of them share a weight.
    pub connectivity: Connectivity,
    /// The rule of its plastic weights; none for innate weights alone.
    pub plasticity: Option<Plasticity>,
}

/// Which synapses a projection has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Connectivity {
    /// Every neuron to every neuron, each synapse with its own weight.
    #[default]
    Dense,
    /// Every window of a map to one position of the next, all windows with the same weights.
    Convolution(Convolution),
}

/// The reasons for which a projection's description is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProjectionError {
    /// The projection names a population that does not exist.
    #[error("{end} population {population} does not exist, there are {populations}")]
    NoSuchPopulation {
        /// Which of its ends: `pre`, `post` or `third factor`.
        end: &'static str,
        /// The index it names.
        population: u8,
        /// Number of populations.
        populations: usize,
    },
    /// The population at one end has a kind that is not allowed there.
    #[error("{end} population {population} must be {expected}")]
    WrongKind {
        /// Which of its ends.
        end: &'static str,
        /// The index it names.
        population: u8,
        /// The kinds that are allowed.
        expected: &'static str,
    },
    /// A population with a convolution onto it has another kind of input too.
    #[error("a population with a convolution onto it takes convolutions alone, all of one map's shape")]
    MixedMap,
    /// The neurons of a map share a bias, but not by the map's channels.
    #[error("its map has {needed} channels, the bias is shared by {channels} (or 0)")]
    MapChannels {
        /// Channels of the postsynaptic population.
        channels: u16,
        /// Channels of the convolution's map.
        needed: usize,
    },
    /// The convolution is refused.
    #[error(transparent)]
    Convolution(ConvolutionError),
    /// The plasticity is refused.
    #[error(transparent)]
    Plasticity(PlasticityError),
}

/// Neurons before and after a projection, and modulators that make its third factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sizes {
    pub(crate) pre: usize,
    pub(crate) post: usize,
    pub(crate) modulators: usize,
}

impl Connectivity {
    /// Rows and columns of the innate weights between `(pre, post)` neurons.
    pub(crate) fn weight_shape(self, shape: (usize, usize)) -> (usize, usize) {
        match self {
            Self::Dense => dense::weight_shape(shape),
            Self::Convolution(convolution) => convolution.weight_shape(shape.1),
        }
    }

    pub(crate) fn check(self, shape: (usize, usize)) -> Result<(), ProjectionError> {
        match self {
            Self::Dense => Ok(()),
            Self::Convolution(convolution) => convolution.check(shape).map_err(ProjectionError::Convolution),
        }
    }
}

impl Projection {
    /// Its convolution; none if it is dense.
    #[must_use]
    pub fn convolution(&self) -> Option<Convolution> {
        match self.connectivity {
            Connectivity::Dense => None,
            Connectivity::Convolution(convolution) => Some(convolution),
        }
    }

    /// Checks that the projection can be plastic between these populations, and that its rule has terms.
    pub(crate) fn check_plasticity(&self, pre: &Population, post: &Population) -> Result<(), PlasticityError> {
        let Some(plasticity) = &self.plasticity else { return Ok(()) };
        if self.connectivity != Connectivity::Dense {
            return Err(PlasticityError::Convolution);
        }
        if pre.is_analog() {
            return Err(PlasticityError::Analog);
        }
        if post.is_modulator() {
            return Err(PlasticityError::Modulators);
        }
        if plasticity.rule.terms.is_empty() { Err(PlasticityError::NoTerms) } else { Ok(()) }
    }

    /// Raw section `number` of projection `index`, in stored order.
    pub(crate) fn section(&self, index: usize, sizes: Sizes, number: usize) -> Option<SectionLength> {
        match (number, &self.plasticity) {
            (0, _) => {
                let (rows, columns) = self.connectivity.weight_shape((sizes.pre, sizes.post));
                Some(SectionLength { section: Section::Weights(index), bytes: rows * row_length(columns) })
            }
            (1, Some(plasticity)) => Some(plasticity.coefficients(index, sizes.post)),
            (2, Some(_)) => Some(third_factor::section(index, sizes.modulators, sizes.post)),
            _ => None,
        }
    }

    /// The meta-parameters of projection `index`; the family of its weights depends on `onto_modulators`.
    pub(crate) fn meta_parameters(
        &self,
        index: usize,
        sizes: Sizes,
        onto_modulators: bool,
    ) -> impl Iterator<Item = MetaParameter> {
        let weights = MetaParameter {
            parameter: Parameter::Weights(index),
            family: if onto_modulators { Family::ModulatorWeights } else { Family::Weights },
            shape: self.connectivity.weight_shape((sizes.pre, sizes.post)),
            domain: Domain::Real,
        };
        let plastic = self.plasticity.as_ref().map(|it| it.meta_parameters(index, sizes.modulators, sizes.post));
        [weights].into_iter().chain(plastic.into_iter().flatten())
    }
}

/// Exponents at the two ends of a projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exponents {
    /// Of a presynaptic neuron's output: of an analog value; zero for spikes.
    pub output: i32,
    /// Of the postsynaptic potential.
    pub potential: i32,
}

/// Formats and scalar constants of a projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectionFormat {
    /// Exponent of the i8 innate weights W, see [`WEIGHT_EXPONENTS`].
    pub weight_exponent: i8,
    /// Formats of the plastic part; present exactly when the projection is plastic.
    pub plastic: Option<PlasticFormat>,
}

impl ProjectionFormat {
    pub(crate) fn check(&self, projection: &Projection, ends: Exponents) -> Result<(), FieldError> {
        within("weight_exponent", self.weight_exponent.into(), WEIGHT_EXPONENTS)?;
        within("weight shift", self.weight_shift(ends), SHIFT)?;
        match (&projection.plasticity, &self.plastic) {
            (None, None) => Ok(()),
            (Some(plasticity), Some(plastic)) => plastic.check(plasticity),
            _ => Err(FieldError::Kind("plastic")),
        }
    }

    /// Right shift from a sum of outputs times innate weights to the exponent of the postsynaptic potential.
    #[must_use]
    pub fn weight_shift(&self, ends: Exponents) -> i32 {
        i32::from(self.weight_exponent) + ends.output - ends.potential
    }

    /// Upper bound of what `rows` presynaptic neurons with such outputs add to a potential.
    pub(crate) fn largest_input(&self, rows: usize, outputs: Outputs, potential: i32) -> i64 {
        let rows = rows as i64;
        let ends = Exponents { output: outputs.exponent, potential };
        let plastic = self.plastic.map_or(0, |plastic| plastic.largest_input(rows, potential));
        bound_of_scaled(rows * 128 * outputs.largest, self.weight_shift(ends)) + plastic
    }
}
