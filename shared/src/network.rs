//! The description of a network: populations, projections, readout, third-factor wiring.
//!
//! The description has no weights and no number formats; the trainer adds floats to it, the artifact integers.
//! Populations are updated in declaration order. A projection whose presynaptic population comes later, or is
//! the same, is recurrent and carries the spikes of the step before; analog values are
//! always those of the step itself. Each [kind](crate::kinds) of population or
//! projection checks itself; this file checks the conditions between them.
//!
//! ```
//! use metaplastic_shared::network::{
//!     Connectivity, Lif, Name, NetworkDescription, Population, PopulationKind, Projection, Readout,
//! };
//!
//! let population = |name, size, kind| Population { name: Name::try_from(name).unwrap(), size, kind };
//! let dense = |pre, post| Projection { pre, post, connectivity: Connectivity::Dense, plasticity: None };
//! let mut network = NetworkDescription {
//!     populations: [
//!         population("input", 20, PopulationKind::Input),
//!         population("output", 6, PopulationKind::Lif(Lif::default())),
//!     ].into_iter().collect(),
//!     projections: [dense(0, 1), dense(1, 1)].into_iter().collect(),
//!     surrogate_slope: 3,
//!     readout: Readout::of_classes(1, 3, 2),
//! };
//! assert_eq!(network.check(), Ok(()));
//! assert_eq!(network.input_bytes(), 3);
//! assert!(network.is_recurrent(&network.projections[1]) && !network.is_recurrent(&network.projections[0]));
//!
//! network.readout.classes = 4;
//! let error = network.check().unwrap_err();
//! assert_eq!(error.to_string(), "readout: 8 neurons are needed, its population has 6");
//! ```

use heapless::Vec;
use serde::{Deserialize, Serialize};

pub use crate::kinds::{
    Analog, Command, Connectivity, Convolution, ConvolutionError, DeadZoneError, DecayScope, Domain, Family,
    FieldError, Leak, Lif, LifError, MAX_ANALOG_VALUES, MAX_INPUTS, MAX_KERNEL, MAX_MODULATORS, MAX_NEURONS,
    MetaParameter, Modulator, Name, NameError, Owner, Parameter, Plasticity, PlasticityError, Population,
    PopulationError, PopulationKind, Projection, ProjectionError, ThirdFactor, Trace,
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
    /// The slope `k` of the surrogate derivative `1 / (1 + k |v - theta|)^2`, 1 to [`MAX_SURROGATE_SLOPE`].
    pub surrogate_slope: u8,
    /// The neurons that are read out.
    pub readout: Readout,
}

/// The neurons that are read out: groups of `neurons_per_class` consecutive neurons, from neuron 0 on, each for a class
/// or a command. A class scores by the number of its spikes, or by the sum of its potentials where the neurons are graded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readout {
    /// Index of a LIF population.
    pub population: u8,
    /// Number of classes, 2 to [`MAX_CLASSES`], or of commands, 1 to [`MAX_CLASSES`].
    pub classes: u16,
    /// Number of neurons of each class or command.
    pub neurons_per_class: u16,
    /// What is read from them.
    pub kind: ReadoutKind,
}

impl Readout {
    /// Classes of `neurons_per_class` neurons each.
    #[must_use]
    pub const fn of_classes(population: u8, classes: u16, neurons_per_class: u16) -> Self {
        Self { population, classes, neurons_per_class, kind: ReadoutKind::Classes }
    }

    /// Commands of one graded neuron each.
    #[must_use]
    pub const fn of_commands(population: u8, commands: u16, command: Command) -> Self {
        Self { population, classes: commands, neurons_per_class: 1, kind: ReadoutKind::Commands(command) }
    }
}

/// What is read from a readout's neurons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReadoutKind {
    /// A score of each class.
    #[default]
    Classes,
    /// Commands, see [`Command`], of graded neurons.
    Commands(Command),
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
    /// The surrogate slope is out of range.
    #[error("surrogate slope {0} is not in 1..={MAX_SURROGATE_SLOPE}")]
    SurrogateSlope(u8),
    /// The readout names no LIF population.
    #[error("readout: population {0} is not a LIF population")]
    ReadoutPopulation(u8),
    /// The readout's classes are too few or too many.
    #[error("readout: {0} classes are not in 2..={MAX_CLASSES}")]
    ReadoutClasses(u16),
    /// The readout's commands are none or too many.
    #[error("readout: {0} commands are not in 1..={MAX_CLASSES}")]
    ReadoutCommands(u16),
    /// The readout's neurons spike, or their number format is refused.
    #[error("readout: commands are potentials of graded neurons, and population {0} is not graded")]
    CommandsOfSpikes(u8),
    /// The number format of the commands is refused.
    #[error("readout: {0}")]
    Command(FieldError),
    /// The readout reaches beyond its population.
    #[error("readout: {needed} neurons are needed, its population has {size}")]
    ReadoutSize {
        /// classes x neurons per class.
        needed: u32,
        /// Neurons there are.
        size: u16,
    },
    /// No input and no analog population.
    #[error("no population is of kind input or analog")]
    NoInput,
    /// More analog values than one step's message can hold, see [`wire`](crate::wire).
    #[error("analog values: {0} in all analog populations are over the limit of {MAX_ANALOG_VALUES}")]
    AnalogValues(usize),
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
        self.check_inputs()?;
        if !(1..=MAX_SURROGATE_SLOPE).contains(&self.surrogate_slope) {
            return Err(NetworkError::SurrogateSlope(self.surrogate_slope));
        }
        Ok(())
    }

    fn check_inputs(&self) -> Result<(), NetworkError> {
        match (self.input_size(), self.analog_values()) {
            (0, 0) => Err(NetworkError::NoInput),
            (size, _) if size > usize::from(MAX_INPUTS) => Err(NetworkError::Inputs(size)),
            (_, values) if values > usize::from(MAX_ANALOG_VALUES) => Err(NetworkError::AnalogValues(values)),
            _ => Ok(()),
        }
    }

    fn check_projection(&self, projection: &Projection) -> Result<(), ProjectionError> {
        let wrong = |end, population, expected| Err(ProjectionError::WrongKind { end, population, expected });
        let pre = self.end("pre", projection.pre)?;
        if !pre.spikes() && !pre.is_analog() {
            return wrong("pre", projection.pre, "an input, an analog or a spiking LIF population");
        }
        let post = self.end("post", projection.post)?;
        if !post.receives() {
            return wrong("post", projection.post, "a LIF or a modulator population");
        }
        if projection.convolution().is_some() && pre.is_analog() {
            return wrong("pre", projection.pre, "an input or a spiking LIF population, where a map may be");
        }
        if projection.convolution().is_some() && post.is_modulator() {
            return wrong("post", projection.post, "a LIF population, where a map may be");
        }
        projection.connectivity.check(self.shape(projection))?;
        self.check_map(projection, post)?;
        projection.check_plasticity(pre, post).map_err(ProjectionError::Plasticity)?;
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
        let Readout { population, classes, neurons_per_class, kind } = self.readout;
        let size = match self.populations.get(usize::from(population)) {
            Some(Population { size, kind: PopulationKind::Lif(_), .. }) => *size,
            _ => return Err(NetworkError::ReadoutPopulation(population)),
        };
        match kind {
            ReadoutKind::Classes if !(2..=MAX_CLASSES).contains(&usize::from(classes)) => {
                return Err(NetworkError::ReadoutClasses(classes));
            }
            ReadoutKind::Commands(_) if !(1..=MAX_CLASSES).contains(&usize::from(classes)) => {
                return Err(NetworkError::ReadoutCommands(classes));
            }
            ReadoutKind::Commands(_) if !self.has_graded_readout() => {
                return Err(NetworkError::CommandsOfSpikes(population));
            }
            ReadoutKind::Commands(command) => command.check().map_err(NetworkError::Command)?,
            ReadoutKind::Classes => {}
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

    /// Values of all analog populations together, in declaration order: those that a step is given.
    #[must_use]
    pub fn analog_values(&self) -> usize {
        let analog = self.populations.iter().filter(|population| population.is_analog());
        analog.map(|population| usize::from(population.size)).sum()
    }

    /// The number format of each of the [analog values](Self::analog_values).
    pub fn analog_formats(&self) -> impl Iterator<Item = Analog> + '_ {
        self.populations.iter().flat_map(|population| {
            let format = match population.kind {
                PopulationKind::Analog(analog) => Some(analog),
                _ => None,
            };
            format.into_iter().flat_map(|format| core::iter::repeat_n(format, population.size.into()))
        })
    }

    /// The number format of the readout's commands; none of a readout of classes.
    #[must_use]
    pub fn command(&self) -> Option<Command> {
        match self.readout.kind {
            ReadoutKind::Classes => None,
            ReadoutKind::Commands(command) => Some(command),
        }
    }

    /// Bytes of one step's input spikes: one bit for each neuron, least significant first.
    #[must_use]
    pub fn input_bytes(&self) -> usize {
        self.input_size().div_ceil(8)
    }

    /// Whether the projection carries the spikes of the step before.
    #[must_use]
    pub fn is_recurrent(&self, projection: &Projection) -> bool {
        let pre = self.populations.get(usize::from(projection.pre));
        projection.pre >= projection.post && !pre.is_some_and(Population::is_analog)
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
        self.populations.get(index)?.section(index, number)
    }

    fn projection_section(&self, at: usize) -> Option<SectionLength> {
        let (index, number) = (at / MOST_SECTIONS, at % MOST_SECTIONS);
        let projection = self.projections.get(index)?;
        projection.section(index, self.sizes_of(projection), number)
    }

    /// The meta-parameters of the populations, of the projections and of the readout, without empty ones.
    pub fn meta_parameters(&self) -> impl Iterator<Item = MetaParameter> + '_ {
        let populations = self.populations.iter().enumerate();
        let of_populations = populations.flat_map(|(index, population)| population.meta_parameters(index));
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

    fn analog(size: u16) -> Population {
        population("analog", size, PopulationKind::Analog(Analog { exponent: 12 }))
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
            surrogate_slope: 5,
            readout: Readout::of_classes(1, 2, 2),
        }
    }

    #[test]
    fn a_sound_network_passes_with_its_sizes() {
        let network = network();
        assert_eq!(network.check(), Ok(()));
        assert_eq!((network.input_bytes(), network.plastic_synapses()), (2, 36));
    }

    #[test]
    fn the_most_inputs_and_analog_values_and_the_steepest_surrogate_pass() {
        let mut network = network();
        let inputs = MAX_INPUTS - network.populations[0].size;
        network.populations.push(population("more", inputs, PopulationKind::Input)).unwrap();
        network.populations.push(analog(MAX_ANALOG_VALUES)).unwrap();
        network.surrogate_slope = MAX_SURROGATE_SLOPE;
        assert_eq!(network.check(), Ok(()));
        network.populations.push(analog(1)).unwrap();
        assert_eq!(network.check(), Err(NetworkError::AnalogValues(65)));
    }

    #[test]
    fn analog_values_reach_every_population_in_their_step_and_have_their_population_s_format() {
        let mut network = network();
        let plain = |pre, post| Projection { pre, post, connectivity: Connectivity::Dense, plasticity: None };
        network.populations.extend([analog(3), analog(2)]);
        network.projections.extend([plain(3, 1), plain(4, 2)]);
        assert_eq!((network.check(), network.analog_values()), (Ok(()), 5));
        assert!(network.projections[2..].iter().all(|projection| !network.is_recurrent(projection)));
        network.populations[4].kind = PopulationKind::Analog(Analog { exponent: 8 });
        let exponents: Vec<_, 8> = network.analog_formats().map(|format| format.exponent).collect();
        assert_eq!(exponents, [12, 12, 12, 8, 8]);
        network.populations.remove(0);
        network.projections.clear();
        network.readout.population = 0;
        assert_eq!(network.check(), Ok(()), "a network without spikes as input");
    }

    #[test]
    fn faults_of_analog_populations_and_commands_have_their_errors() {
        let fault = |change: fn(&mut NetworkDescription)| {
            let mut network = network();
            network.populations.push(analog(3)).unwrap();
            network.projections[1].pre = 3;
            change(&mut network);
            network.check().unwrap_err()
        };
        let wrong = |projection, end, population, expected| NetworkError::Projection {
            projection,
            error: ProjectionError::WrongKind { end, population, expected },
        };
        assert_eq!(
            fault(|network| network.projections[1].post = 3),
            wrong(1, "post", 3, "a LIF or a modulator population")
        );
        assert_eq!(
            fault(|network| {
                let convolution =
                    Convolution { height: 1, width: 3, channels: 1, kernel: 1, stride: 1, padding: 0 };
                network.projections.remove(0);
                network.projections[0].post = 1;
                network.projections[0].connectivity = Connectivity::Convolution(convolution);
            }),
            wrong(0, "pre", 3, "an input or a spiking LIF population, where a map may be")
        );
        assert_eq!(
            fault(|network| {
                network.projections[1].post = 1;
                network.projections[1].plasticity = network.projections[0].plasticity.clone();
            }),
            NetworkError::Projection { projection: 1, error: ProjectionError::Plasticity(PlasticityError::Analog) }
        );
        let exponent = FieldError::Range { field: "exponent", value: 16, low: 0, high: 15 };
        assert_eq!(
            fault(|network| network.populations[3].kind = PopulationKind::Analog(Analog { exponent: 16 })),
            NetworkError::Population { population: 3, error: PopulationError::Analog(exponent) }
        );
        let commands = |exponent| ReadoutKind::Commands(Command { exponent });
        assert_eq!(
            fault(|network| network.readout.kind = ReadoutKind::Commands(Command { exponent: 11 })),
            NetworkError::CommandsOfSpikes(1)
        );
        let graded = |classes, exponent| {
            let mut network = network();
            network.populations[1].kind = PopulationKind::Lif(Lif { graded: true, ..Lif::default() });
            (network.readout.classes, network.readout.kind) = (classes, commands(exponent));
            network.check()
        };
        assert_eq!((graded(1, 15), graded(0, 15)), (Ok(()), Err(NetworkError::ReadoutCommands(0))));
        assert_eq!(graded(1, 16), Err(NetworkError::Command(exponent)));
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
