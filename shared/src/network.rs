//! What a network is made of: populations, projections, readout, third-factor wiring, external signals.
//!
//! The description has no weights and no number formats; the trainer adds floats to it, the artifact integers.
//! Populations are updated in declaration order. A projection whose presynaptic population comes later, or is
//! the same, is recurrent and carries the spikes of the step before.

use heapless::{String, Vec};
use serde::{Deserialize, Serialize};

use crate::arithmetic::clamp_symmetric;
use crate::rule::{MAX_TERMS, Preset, Rule};

/// Most populations of a network.
pub const MAX_POPULATIONS: usize = 12;
/// Most projections of a network.
pub const MAX_PROJECTIONS: usize = 12;
/// Most neurons of a population.
pub const MAX_NEURONS: u16 = 4096;
/// Most modulator neurons of a population, which keeps the third factor's sum within 32 bits.
pub const MAX_MODULATORS: u16 = 256;
/// Most external signals.
pub const MAX_SIGNALS: u16 = 32;
/// Most classes a readout tells apart.
pub const MAX_CLASSES: usize = 64;

/// The name of a population, for readers and errors; at most 24 bytes.
pub type Name = String<24>;

/// A network's whole description.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// Populations, in the order they are updated.
    pub populations: Vec<Population, MAX_POPULATIONS>,
    /// Projections; their order does not change what a step computes.
    pub projections: Vec<Projection, MAX_PROJECTIONS>,
    /// How many external signals every modulator population receives.
    pub signals: u16,
    /// The slope `k` of the surrogate derivative `1 / (1 + k |v - theta|)^2`, 1 to 100.
    pub surrogate_slope: u8,
    /// Which neurons answer.
    pub readout: Readout,
}

/// A group of like neurons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Population {
    /// What readers call it.
    pub name: Name,
    /// How many neurons, 1 to [`MAX_NEURONS`].
    pub size: u16,
    /// What kind of neuron.
    pub kind: PopulationKind,
}

/// What kind of neuron a population is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PopulationKind {
    /// Spikes come from outside.
    Input,
    /// Leaky integrate-and-fire: `v = a_v v + I - theta s(t-1)`, `s = [v >= theta + beta a]`.
    Lif(Lif),
    /// Graded modulator neurons: `u = a_m u + I`, `m = shrink(tanh(u), d)`; external signals feed these.
    Modulator(Modulator),
}

/// The optional parts of a leaky integrate-and-fire neuron.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lif {
    /// Steps after a spike in which the neuron integrates but cannot spike (Bellec et al. 2018); 0 for none.
    pub refractory: u8,
    /// Whether the threshold adapts: `theta + beta a`, `a = rho a + (1 - rho) s` (Bellec et al. 2018).
    pub adaptive: bool,
}

/// The optional part of a graded modulator neuron.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Modulator {
    /// The dead zone `d` of the value: `shrink(m, d) = m - clamp(m, -d, d)`, exactly zero for `|m| <= d` and
    /// continuous at its edge. Q15, 0 (none) to 32767.
    pub dead_zone: i16,
}

/// A dense projection from a spiking population.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Projection {
    /// Index of the presynaptic population: input or LIF.
    pub pre: u8,
    /// Index of the postsynaptic population: LIF or modulator.
    pub post: u8,
    /// How its plastic weights change; none for innate weights alone.
    pub plasticity: Option<Plasticity>,
}

/// How a projection learns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plasticity {
    /// What makes the eligibility.
    pub rule: Rule,
    /// What turns eligibility into change.
    pub third_factor: ThirdFactor,
}

/// The third factor `M_j` of a projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThirdFactor {
    /// `M_j = 1`: the rule alone.
    One,
    /// `M_j = sum_k G_kj m_k` over the modulator population with this index.
    Modulators(u8),
}

/// The neurons that answer: `classes` groups of `neurons_per_class` neighbours, from neuron 0 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readout {
    /// Index of a LIF population.
    pub population: u8,
    /// How many classes, 2 to [`MAX_CLASSES`].
    pub classes: u16,
    /// How many neurons vote for each.
    pub neurons_per_class: u16,
}

/// What is wrong with a network description; names the place and the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// A population has no neurons or too many.
    #[error("population {population}: size {size} is not in 1..={limit}")]
    Size {
        /// Index of the population.
        population: usize,
        /// The size it has.
        size: u16,
        /// The largest allowed.
        limit: u16,
    },
    /// More external signals than allowed.
    #[error("signals: {0} is over the limit of {MAX_SIGNALS}")]
    Signals(u16),
    /// External signals without a modulator population to receive them.
    #[error("signals: {0} external signals, but no modulator population receives them")]
    UnheardSignals(u16),
    /// The surrogate slope is out of range.
    #[error("surrogate slope {0} is not in 1..=100")]
    SurrogateSlope(u8),
    /// A dead zone is negative.
    #[error("population {population}: dead_zone is {dead_zone}, not in 0..=32767")]
    DeadZone {
        /// Index of the population.
        population: usize,
        /// The dead zone it has, Q15.
        dead_zone: i16,
    },
    /// A projection names a population that does not exist.
    #[error("projection {projection}: {end} population {population} does not exist, there are {populations}")]
    NoSuchPopulation {
        /// Index of the projection.
        projection: usize,
        /// Which of its ends: `pre`, `post` or `third factor`.
        end: &'static str,
        /// The index it names.
        population: u8,
        /// How many there are.
        populations: usize,
    },
    /// A projection's end is of a kind that cannot be there.
    #[error("projection {projection}: {end} population {population} must be {expected}")]
    WrongKind {
        /// Index of the projection.
        projection: usize,
        /// Which of its ends.
        end: &'static str,
        /// The index it names.
        population: u8,
        /// What may be there.
        expected: &'static str,
    },
    /// A rule without terms.
    #[error("projection {0}: its rule has no terms (1..={MAX_TERMS})")]
    NoTerms(usize),
    /// A projection onto modulators that is plastic.
    #[error("projection {0}: only projections onto LIF populations can be plastic")]
    PlasticModulators(usize),
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
}

impl Network {
    /// Checks every index, size and kind. A network that passes can be stepped without further checks.
    ///
    /// # Errors
    /// The first thing that is wrong, see [`NetworkError`].
    pub fn check(&self) -> Result<(), NetworkError> {
        self.check_populations()?;
        for (index, projection) in self.projections.iter().enumerate() {
            self.check_projection(index, projection)?;
        }
        self.check_readout()
    }

    fn check_populations(&self) -> Result<(), NetworkError> {
        for (index, population) in self.populations.iter().enumerate() {
            let limit = if population.is_modulator() { MAX_MODULATORS } else { MAX_NEURONS };
            if !(1..=limit).contains(&population.size) {
                return Err(NetworkError::Size { population: index, size: population.size, limit });
            }
            if let PopulationKind::Modulator(Modulator { dead_zone: dead_zone @ ..0 }) = population.kind {
                return Err(NetworkError::DeadZone { population: index, dead_zone });
            }
        }
        if self.input_size() == 0 {
            return Err(NetworkError::NoInput);
        }
        if self.signals > MAX_SIGNALS {
            return Err(NetworkError::Signals(self.signals));
        }
        if self.signals > 0 && !self.populations.iter().any(Population::is_modulator) {
            return Err(NetworkError::UnheardSignals(self.signals));
        }
        if !(1..=100).contains(&self.surrogate_slope) {
            return Err(NetworkError::SurrogateSlope(self.surrogate_slope));
        }
        Ok(())
    }

    fn check_projection(&self, index: usize, projection: &Projection) -> Result<(), NetworkError> {
        let wrong = |end, population, expected| {
            Err(NetworkError::WrongKind { projection: index, end, population, expected })
        };
        if !self.end(index, "pre", projection.pre)?.spikes() {
            return wrong("pre", projection.pre, "an input or a LIF population");
        }
        let post = self.end(index, "post", projection.post)?;
        if post.kind == PopulationKind::Input {
            return wrong("post", projection.post, "a LIF or a modulator population");
        }
        let Some(plasticity) = &projection.plasticity else { return Ok(()) };
        if post.is_modulator() {
            return Err(NetworkError::PlasticModulators(index));
        }
        if plasticity.rule.terms.is_empty() {
            return Err(NetworkError::NoTerms(index));
        }
        if let ThirdFactor::Modulators(population) = plasticity.third_factor
            && !self.end(index, "third factor", population)?.is_modulator()
        {
            return wrong("third factor", population, "a modulator population");
        }
        Ok(())
    }

    fn end(&self, projection: usize, end: &'static str, population: u8) -> Result<&Population, NetworkError> {
        let populations = self.populations.len();
        let missing = NetworkError::NoSuchPopulation { projection, end, population, populations };
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

    /// Neurons of all input populations together, in declaration order: the width of a step's input.
    #[must_use]
    pub fn input_size(&self) -> usize {
        let inputs = self.populations.iter().filter(|population| population.kind == PopulationKind::Input);
        inputs.map(|population| usize::from(population.size)).sum()
    }

    /// Bytes of one step's input spikes: one bit a neuron, least significant first.
    #[must_use]
    pub fn input_bytes(&self) -> usize {
        self.input_size().div_ceil(8)
    }

    /// Whether the projection carries the spikes of the step before.
    #[must_use]
    pub fn is_recurrent(&self, projection: &Projection) -> bool {
        projection.pre >= projection.post
    }

    /// Neurons before and after a projection.
    #[must_use]
    pub fn shape(&self, projection: &Projection) -> (usize, usize) {
        (self.size_of(projection.pre), self.size_of(projection.post))
    }

    /// Modulator neurons that make a projection's third factor; zero for [`ThirdFactor::One`].
    #[must_use]
    pub fn modulators_of(&self, plasticity: &Plasticity) -> usize {
        match plasticity.third_factor {
            ThirdFactor::One => 0,
            ThirdFactor::Modulators(population) => self.size_of(population),
        }
    }

    /// Neurons of a population; none if it does not exist.
    fn size_of(&self, population: u8) -> usize {
        self.populations.get(usize::from(population)).map_or(0, |population| population.size.into())
    }

    /// Synapses with a plastic weight.
    #[must_use]
    pub fn plastic_synapses(&self) -> usize {
        let plastic = self.projections.iter().filter(|projection| projection.plasticity.is_some());
        plastic.map(|projection| self.shape(projection)).map(|(pre, post)| pre * post).sum()
    }
}

impl Population {
    /// Whether the population emits spikes.
    #[must_use]
    pub fn spikes(&self) -> bool {
        !self.is_modulator()
    }

    /// Whether the population is graded modulator neurons.
    #[must_use]
    pub fn is_modulator(&self) -> bool {
        matches!(self.kind, PopulationKind::Modulator(_))
    }
}

impl Modulator {
    /// `shrink(m, d)` of a value in Q15: exact, and nearer to zero, so that it cannot overflow.
    ///
    /// ```
    /// use metaplastic_shared::network::Modulator;
    /// let modulator = Modulator { dead_zone: 3277 };
    /// assert_eq!([32767, 3278, 3277, 0, -3277, -3278].map(|m| modulator.shrink(m)), [29490, 1, 0, 0, 0, -1]);
    /// ```
    #[inline(always)]
    #[must_use]
    pub const fn shrink(self, value: i16) -> i16 {
        let value = value as i32;
        (value - clamp_symmetric(value, self.dead_zone) as i32) as i16
    }
}

impl Plasticity {
    /// A preset with one coefficient a projection, gated by a modulator population.
    #[must_use]
    pub fn preset(preset: Preset, modulators: u8) -> Self {
        Self { rule: preset.rule(), third_factor: ThirdFactor::Modulators(modulators) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn population(name: &str, size: u16, kind: PopulationKind) -> Population {
        Population { name: Name::try_from(name).unwrap(), size, kind }
    }

    fn network() -> Network {
        let lif = PopulationKind::Lif(Lif::default());
        let plasticity = Some(Plasticity::preset(Preset::Event, 2));
        Network {
            populations: Vec::from_array([
                population("input", 9, PopulationKind::Input),
                population("output", 4, lif),
                population("modulator", 2, PopulationKind::Modulator(Modulator { dead_zone: 3277 })),
            ]),
            projections: Vec::from_array([
                Projection { pre: 0, post: 1, plasticity },
                Projection { pre: 0, post: 2, plasticity: None },
            ]),
            signals: 1,
            surrogate_slope: 5,
            readout: Readout { population: 1, classes: 2, neurons_per_class: 2 },
        }
    }

    #[test]
    fn a_sound_network_passes_and_knows_its_sizes() {
        let network = network();
        assert_eq!(network.check(), Ok(()));
        assert_eq!((network.input_bytes(), network.plastic_synapses()), (2, 36));
    }

    #[test]
    fn each_fault_is_named() {
        let fault = |change: fn(&mut Network)| {
            let mut network = network();
            change(&mut network);
            network.check().unwrap_err()
        };
        let expected = NetworkError::Size { population: 1, size: 0, limit: MAX_NEURONS };
        assert_eq!(fault(|network| network.populations[1].size = 0), expected);
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
            NetworkError::NoSuchPopulation { projection: 0, end: "post", population: 7, populations: 3 }
        ));
        assert!(matches!(
            fault(|network| network.projections[0].pre = 2),
            NetworkError::WrongKind { end: "pre", .. }
        ));
        assert_eq!(
            fault(|network| network.projections[1].plasticity = network.projections[0].plasticity.clone()),
            NetworkError::PlasticModulators(1)
        );
        assert_eq!(
            fault(|network| network.populations[0].kind = network.populations[2].kind),
            NetworkError::NoInput
        );
        assert_eq!(
            fault(|network| network.populations[2].kind = PopulationKind::Modulator(Modulator { dead_zone: -1 })),
            NetworkError::DeadZone { population: 2, dead_zone: -1 }
        );
    }
}
