//! The description of a network: populations, projections, readout, third-factor wiring, external signals.
//!
//! The description has no weights and no number formats; the trainer adds floats to it, the artifact integers.
//! Populations are updated in declaration order. A projection whose presynaptic population comes later, or is
//! the same, is recurrent and carries the spikes of the step before. Each [kind](crate::kinds) of population or
//! projection checks itself; this file checks the conditions between them.

use heapless::Vec;
use serde::{Deserialize, Serialize};

pub use crate::kinds::{
    Connectivity, Convolution, ConvolutionError, DeadZoneError, DecayScope, Domain, Family, Leak, Lif, LifError,
    MAX_INPUTS, MAX_KERNEL, MAX_MODULATORS, MAX_NEURONS, MAX_SIGNALS, MetaParameter, Modulator, Name, NameError,
    Owner, Parameter, Plasticity, PlasticityError, Population, PopulationError, PopulationKind, Projection,
    ProjectionError, ThirdFactor, Trace,
};
use crate::kinds::{MOST_SECTIONS, SectionLength, Sizes};

/// Largest slope of the surrogate derivative.
pub const MAX_SURROGATE_SLOPE: u8 = 100;
/// Largest number of populations of a network.
pub const MAX_POPULATIONS: usize = 12;
/// Largest number of projections of a network.
pub const MAX_PROJECTIONS: usize = 12;
/// Largest number of classes of a readout.
pub const MAX_CLASSES: usize = 64;

/// A network's whole description.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkDescription {
    /// Populations, in the order they are updated.
    pub populations: Vec<Population, MAX_POPULATIONS>,
    /// Projections; their order does not change what a step computes.
    pub projections: Vec<Projection, MAX_PROJECTIONS>,
    /// Number of external signals; every modulator population receives all of them.
    pub signals: u16,
    /// The slope `k` of the surrogate derivative `1 / (1 + k |v - theta|)^2`, 1 to [`MAX_SURROGATE_SLOPE`].
    pub surrogate_slope: u8,
    /// The neurons that are read out.
    pub readout: Readout,
}

/// The neurons that are read out: `classes` groups of `neurons_per_class` consecutive neurons, from neuron 0 on. A
/// class scores by the number of its spikes, or by the sum of its potentials where the neurons are graded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readout {
    /// Index of a LIF population.
    pub population: u8,
    /// Number of classes, 2 to [`MAX_CLASSES`].
    pub classes: u16,
    /// Number of neurons of each class.
    pub neurons_per_class: u16,
}

/// The reasons for which a network description is refused; each names the population or projection and the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// A population is refused by its kind.
    #[error("population {population}: {error}")]
    Population {
        /// Index of the population.
        population: usize,
        /// The reason.
        error: PopulationError,
    },
    /// A projection is refused.
    #[error("projection {projection}: {error}")]
    Projection {
        /// Index of the projection.
        projection: usize,
        /// The reason.
        error: ProjectionError,
    },
    /// More external signals than allowed.
    #[error("signals: {0} is over the limit of {MAX_SIGNALS}")]
    Signals(u16),
    /// External signals without a modulator population to receive them.
    #[error("signals: {0} external signals, but no modulator population receives them")]
    UnheardSignals(u16),
    /// The surrogate slope is out of range.
    #[error("surrogate slope {0} is not in 1..={MAX_SURROGATE_SLOPE}")]
    SurrogateSlope(u8),
    /// The readout names no LIF population.
    #[error("readout: population {0} is not a LIF population")]
    ReadoutPopulation(u8),
    /// The readout's classes are too few or too many.
    #[error("readout: {0} classes are not in 2..={MAX_CLASSES}")]
    ReadoutClasses(u16),
    /// The readout reaches beyond its population.
    #[error("readout: {needed} neurons are needed, its population has {size}")]
    ReadoutSize {
        /// classes x neurons per class.
        needed: u32,
        /// Neurons there are.
        size: u16,
    },
    /// No input population.
    #[error("no population is of kind input")]
    NoInput,
    /// More input neurons than one step's message can hold, see [`wire`](crate::wire).
    #[error("inputs: {0} neurons in all input populations are over the limit of {MAX_INPUTS}")]
    Inputs(usize),
}

impl NetworkDescription {
    /// Checks every index, size and kind. A network that passes can be stepped without further checks.
    ///
    /// # Errors
    /// The first thing that is wrong, see [`NetworkError`].
    pub fn check(&self) -> Result<(), NetworkError> {
        self.check_populations()?;
        for (index, projection) in self.projections.iter().enumerate() {
            let checked = self.check_projection(projection);
            checked.map_err(|error| NetworkError::Projection { projection: index, error })?;
        }
        self.check_readout()
    }

    fn check_populations(&self) -> Result<(), NetworkError> {
        for (index, population) in self.populations.iter().enumerate() {
            let checked = population.check();
            checked.map_err(|error| NetworkError::Population { population: index, error })?;
        }
        match self.input_size() {
            0 => return Err(NetworkError::NoInput),
            size if size > usize::from(MAX_INPUTS) => return Err(NetworkError::Inputs(size)),
            _ => {}
        }
        if self.signals > MAX_SIGNALS {
            return Err(NetworkError::Signals(self.signals));
        }
        if self.signals > 0 && !self.populations.iter().any(Population::is_modulator) {
            return Err(NetworkError::UnheardSignals(self.signals));
        }
        if !(1..=MAX_SURROGATE_SLOPE).contains(&self.surrogate_slope) {
            return Err(NetworkError::SurrogateSlope(self.surrogate_slope));
        }
        Ok(())
    }

    fn check_projection(&self, projection: &Projection) -> Result<(), ProjectionError> {
        let wrong = |end, population, expected| Err(ProjectionError::WrongKind { end, population, expected });
        if !self.end("pre", projection.pre)?.spikes() {
            return wrong("pre", projection.pre, "an input or a spiking LIF population");
        }
        let post = self.end("post", projection.post)?;
        if post.kind == PopulationKind::Input {
            return wrong("post", projection.post, "a LIF or a modulator population");
        }
        if projection.convolution().is_some() && post.is_modulator() {
            return wrong("post", projection.post, "a LIF population, where a map may be");
        }
        projection.connectivity.check(self.shape(projection))?;
        self.check_map(projection, post)?;
        projection.check_plasticity(post).map_err(ProjectionError::Plasticity)?;
        let third_factor =
            projection.plasticity.as_ref().and_then(|plasticity| plasticity.third_factor.population());
        match third_factor {
            Some(population) if !self.end("third factor", population)?.is_modulator() => {
                wrong("third factor", population, "a modulator population")
            }
            _ => Ok(()),
        }
    }

    /// Checks that all projections onto a map are convolutions to the same positions: a map is updated by position.
    fn check_map(&self, projection: &Projection, post: &Population) -> Result<(), ProjectionError> {
        let Some((_, map)) = self.map_of(projection.post.into()) else { return Ok(()) };
        match projection.connectivity {
            Connectivity::Convolution(convolution) if convolution.post_map() == map.post_map() => {}
            _ => return Err(ProjectionError::MixedMap),
        }
        let needed = self.weight_shape(projection).1;
        match post.bias_channels() {
            Some(channels) if usize::from(channels) != needed => {
                Err(ProjectionError::MapChannels { channels, needed })
            }
            _ => Ok(()),
        }
    }

    /// The first convolution onto a population, and its index; none if the population is not a map. All other
    /// convolutions onto it have the same postsynaptic rows, columns and channels.
    #[must_use]
    pub fn map_of(&self, population: usize) -> Option<(usize, Convolution)> {
        let onto = self.projections.iter().enumerate().filter(|(_, it)| usize::from(it.post) == population);
        onto.filter_map(|(index, it)| it.convolution().map(|convolution| (index, convolution))).next()
    }

    fn end(&self, end: &'static str, population: u8) -> Result<&Population, ProjectionError> {
        let populations = self.populations.len();
        let missing = ProjectionError::NoSuchPopulation { end, population, populations };
        self.populations.get(usize::from(population)).ok_or(missing)
    }

    fn check_readout(&self) -> Result<(), NetworkError> {
        let Readout { population, classes, neurons_per_class } = self.readout;
        let size = match self.populations.get(usize::from(population)) {
            Some(Population { size, kind: PopulationKind::Lif(_), .. }) => *size,
            _ => return Err(NetworkError::ReadoutPopulation(population)),
        };
        if !(2..=MAX_CLASSES).contains(&usize::from(classes)) {
            return Err(NetworkError::ReadoutClasses(classes));
        }
        let needed = u32::from(classes) * u32::from(neurons_per_class);
        if needed == 0 || needed > u32::from(size) {
            return Err(NetworkError::ReadoutSize { needed, size });
        }
        Ok(())
    }

    /// Whether the readout has graded neurons, which score by their potentials.
    #[must_use]
    pub fn has_graded_readout(&self) -> bool {
        self.populations.get(usize::from(self.readout.population)).is_some_and(Population::is_graded)
    }

    /// Neurons of all input populations together, in declaration order: the width of a step's input.
    #[must_use]
    pub fn input_size(&self) -> usize {
        let inputs = self.populations.iter().filter(|population| population.kind == PopulationKind::Input);
        inputs.map(|population| usize::from(population.size)).sum()
    }

    /// Bytes of one step's input spikes: one bit for each neuron, least significant first.
    #[must_use]
    pub fn input_bytes(&self) -> usize {
        self.input_size().div_ceil(8)
    }

    /// Whether the projection carries the spikes of the step before.
    #[must_use]
    pub fn is_recurrent(&self, projection: &Projection) -> bool {
        projection.pre >= projection.post
    }

    /// Presynaptic and postsynaptic neurons of a projection.
    #[must_use]
    pub fn shape(&self, projection: &Projection) -> (usize, usize) {
        (self.size_of(projection.pre), self.size_of(projection.post))
    }

    /// Rows and columns of a projection's innate weights. Dense: presynaptic and postsynaptic neurons. Convolution:
    /// positions of a window times presynaptic channels, and postsynaptic channels.
    #[must_use]
    pub fn weight_shape(&self, projection: &Projection) -> (usize, usize) {
        projection.connectivity.weight_shape(self.shape(projection))
    }

    /// Modulator neurons that make a projection's third factor; zero for [`ThirdFactor::One`].
    #[must_use]
    pub fn modulators_of(&self, plasticity: &Plasticity) -> usize {
        plasticity.third_factor.population().map_or(0, |population| self.size_of(population))
    }

    fn sizes_of(&self, projection: &Projection) -> Sizes {
        let (pre, post) = self.shape(projection);
        let modulators = projection.plasticity.as_ref().map_or(0, |plasticity| self.modulators_of(plasticity));
        Sizes { pre, post, modulators }
    }

    /// The raw sections of the network's artifact in stored order, without empty ones.
    pub fn sections(&self) -> impl Iterator<Item = SectionLength> + '_ {
        // Counted by number: an iterator over iterators of each kind would take a kilobyte of a small chip's stack.
        let of_populations =
            (0..MOST_SECTIONS * self.populations.len()).filter_map(|at| self.population_section(at));
        let of_projections =
            (0..MOST_SECTIONS * self.projections.len()).filter_map(|at| self.projection_section(at));
        of_populations.chain(of_projections).filter(|section| section.bytes > 0)
    }

    fn population_section(&self, at: usize) -> Option<SectionLength> {
        let (index, number) = (at / MOST_SECTIONS, at % MOST_SECTIONS);
        self.populations.get(index)?.section(index, self.signals, number)
    }

    fn projection_section(&self, at: usize) -> Option<SectionLength> {
        let (index, number) = (at / MOST_SECTIONS, at % MOST_SECTIONS);
        let projection = self.projections.get(index)?;
        projection.section(index, self.sizes_of(projection), number)
    }

    /// The meta-parameters of the populations, of the projections and of the readout, without empty ones.
    pub fn meta_parameters(&self) -> impl Iterator<Item = MetaParameter> + '_ {
        let populations = self.populations.iter().enumerate();
        let of_populations =
            populations.flat_map(|(index, population)| population.meta_parameters(index, self.signals));
        let projections = self.projections.iter().enumerate();
        let of_projections = projections.flat_map(|(index, it)| {
            let post = self.populations.get(usize::from(it.post));
            it.meta_parameters(index, self.sizes_of(it), post.is_some_and(Population::is_modulator))
        });
        let all = of_populations.chain(of_projections).chain([MetaParameter::READOUT_GAIN]);
        all.filter(|it| it.shape.0 * it.shape.1 > 0)
    }

    /// Number of neurons of a population; zero if it does not exist.
    fn size_of(&self, population: u8) -> usize {
        self.populations.get(usize::from(population)).map_or(0, |population| population.size.into())
    }

    /// Number of synapses with a plastic weight.
    #[must_use]
    pub fn plastic_synapses(&self) -> usize {
        let plastic = self.projections.iter().filter(|projection| projection.plasticity.is_some());
        plastic.map(|projection| self.shape(projection)).map(|(pre, post)| pre * post).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Preset;

    fn population(name: &str, size: u16, kind: PopulationKind) -> Population {
        Population { name: Name::try_from(name).unwrap(), size, kind }
    }

    fn network() -> NetworkDescription {
        let lif = PopulationKind::Lif(Lif::default());
        let plasticity = Some(Plasticity::preset(Preset::Event, 2));
        NetworkDescription {
            populations: Vec::from_array([
                population("input", 9, PopulationKind::Input),
                population("output", 4, lif),
                population("modulator", 2, PopulationKind::Modulator(Modulator { dead_zone: 3277 })),
            ]),
            projections: Vec::from_array([
                Projection { pre: 0, post: 1, connectivity: Connectivity::Dense, plasticity },
                Projection { pre: 0, post: 2, connectivity: Connectivity::Dense, plasticity: None },
            ]),
            signals: 1,
            surrogate_slope: 5,
            readout: Readout { population: 1, classes: 2, neurons_per_class: 2 },
        }
    }

    #[test]
    fn a_sound_network_passes_with_its_sizes() {
        let network = network();
        assert_eq!(network.check(), Ok(()));
        assert_eq!((network.input_bytes(), network.plastic_synapses()), (2, 36));
    }

    #[test]
    fn the_most_inputs_and_signals_and_the_steepest_surrogate_pass() {
        let mut network = network();
        let inputs = MAX_INPUTS - network.populations[0].size;
        network.populations.push(population("more", inputs, PopulationKind::Input)).unwrap();
        (network.signals, network.surrogate_slope) = (MAX_SIGNALS, MAX_SURROGATE_SLOPE);
        assert_eq!(network.check(), Ok(()));
    }

    #[test]
    fn each_fault_has_its_error() {
        let fault = |change: fn(&mut NetworkDescription)| {
            let mut network = network();
            change(&mut network);
            network.check().unwrap_err()
        };
        let expected = NetworkError::Population {
            population: 1,
            error: PopulationError::Size { size: 0, limit: MAX_NEURONS },
        };
        assert_eq!(fault(|network| network.populations[1].size = 0), expected);
        assert_eq!(fault(|network| network.populations[0].size = 4097), {
            NetworkError::Population { population: 0, error: PopulationError::Size { size: 4097, limit: 4096 } }
        });
        let another = |network: &mut NetworkDescription| {
            let _ = network.populations.push(population("more", 4088, PopulationKind::Input));
        };
        assert_eq!(fault(another), NetworkError::Inputs(4097));
        assert_eq!(fault(|network| network.signals = 33), NetworkError::Signals(33));
        assert_eq!(fault(|network| network.surrogate_slope = 0), NetworkError::SurrogateSlope(0));
        assert_eq!(fault(|network| network.readout.classes = 1), NetworkError::ReadoutClasses(1));
        assert_eq!(fault(|network| network.readout.population = 0), NetworkError::ReadoutPopulation(0));
        assert_eq!(
            fault(|network| network.readout.neurons_per_class = 3),
            NetworkError::ReadoutSize { needed: 6, size: 4 }
        );
        assert!(matches!(
            fault(|network| network.projections[0].post = 7),
            NetworkError::Projection {
                projection: 0,
                error: ProjectionError::NoSuchPopulation { end: "post", population: 7, populations: 3 }
            }
        ));
        assert!(matches!(
            fault(|network| network.projections[0].pre = 2),
            NetworkError::Projection { error: ProjectionError::WrongKind { end: "pre", .. }, .. }
        ));
        assert_eq!(
            fault(|network| network.projections[1].plasticity = network.projections[0].plasticity.clone()),
            NetworkError::Projection {
                projection: 1,
                error: ProjectionError::Plasticity(PlasticityError::Modulators)
            }
        );
        assert_eq!(
            fault(|network| network.populations[0].kind = network.populations[2].kind),
            NetworkError::NoInput
        );
        assert_eq!(
            fault(|network| network.populations[2].kind = PopulationKind::Modulator(Modulator { dead_zone: -1 })),
            NetworkError::Population { population: 2, error: PopulationError::DeadZone(DeadZoneError(-1)) }
        );
    }
}
