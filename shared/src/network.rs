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
/// Most neurons of a LIF population.
pub const MAX_NEURONS: u16 = 16_384;
/// Most neurons of an input population.
pub const MAX_INPUTS: u16 = 4096;
/// Most modulator neurons of a population, which keeps the third factor's sum within 32 bits.
pub const MAX_MODULATORS: u16 = 256;
/// Largest window of a convolution, in rows.
pub const MAX_KERNEL: u8 = 15;
/// Most external signals.
pub const MAX_SIGNALS: u16 = 32;
/// Most classes a readout tells apart.
pub const MAX_CLASSES: usize = 64;

/// The name of a population, for readers and errors; at most 24 bytes. Its length is a byte, as a manifest with every
/// name has to fit a small chip's stack.
pub type Name = String<24, u8>;

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
    /// How many neurons, 1 to [`MAX_NEURONS`], [`MAX_INPUTS`] or [`MAX_MODULATORS`] by its kind.
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
    /// Whether the neurons never spike: leaky integrators `v = a_v v + I`, which answer by their potential.
    pub graded: bool,
    /// Channels of a map, which share a bias: neuron `j` is of channel `j % channels`. 0 for a bias a neuron.
    pub channels: u16,
}

/// The optional part of a graded modulator neuron.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Modulator {
    /// The dead zone `d` of the value: `shrink(m, d) = m - clamp(m, -d, d)`, exactly zero for `|m| <= d` and
    /// continuous at its edge. Q15, 0 (none) to 32767.
    pub dead_zone: i16,
}

/// A projection from a spiking population.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Projection {
    /// Index of the presynaptic population: input or LIF.
    pub pre: u8,
    /// Index of the postsynaptic population: LIF or modulator.
    pub post: u8,
    /// Which synapses there are, and which share a weight.
    pub connectivity: Connectivity,
    /// How its plastic weights change; none for innate weights alone.
    pub plasticity: Option<Plasticity>,
}

/// Which synapses a projection has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Connectivity {
    /// Every neuron to every neuron, each synapse with its own weight.
    #[default]
    Dense,
    /// Every window of a map to one place of the next, all windows with the same weights.
    Convolution(Convolution),
}

/// A two-dimensional convolution of square windows over a map of `height x width x channels` presynaptic neurons.
///
/// Neuron `(y, x, c)` of a map is number `(y width + x) channels + c`. What lies beyond the edge is silent:
///
/// ```text
/// I_(y,x,d) = sum_(u,v,c) s_(stride y + u - padding, stride x + v - padding, c) W_((u kernel + v) channels + c, d)
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Convolution {
    /// Rows of the presynaptic map, 1 to 255.
    pub height: u8,
    /// Columns of the presynaptic map, 1 to 255.
    pub width: u8,
    /// Presynaptic neurons at each place of the map; with the whole window, at most [`MAX_NEURONS`].
    pub channels: u16,
    /// Rows and columns of a window, 1 to [`MAX_KERNEL`].
    pub kernel: u8,
    /// Places from one window to the next, 1 to `kernel`.
    pub stride: u8,
    /// Silent places around the map, 0 to `kernel - 1`.
    pub padding: u8,
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

/// The neurons that answer: `classes` groups of `neurons_per_class` neighbours, from neuron 0 on. Spiking neurons answer
/// by their number of spikes, graded ones by the sum of their potentials.
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
    /// A convolution that is plastic.
    #[error("projection {0}: only dense projections can be plastic")]
    PlasticConvolution(usize),
    /// A field of a convolution is out of its range.
    #[error("projection {projection}: convolution {field} is {value}, not in {low}..={high}")]
    Convolution {
        /// Index of the projection.
        projection: usize,
        /// The field.
        field: &'static str,
        /// Its value.
        value: u16,
        /// The least allowed.
        low: u16,
        /// The most allowed.
        high: u16,
    },
    /// A population does not have the size of a convolution's map.
    #[error("projection {projection}: {end} population has {size} neurons, the convolution's map needs {needed}")]
    MapSize {
        /// Index of the projection.
        projection: usize,
        /// Which of its ends: `pre`, or `post`, which needs a multiple of the places.
        end: &'static str,
        /// Neurons it has.
        size: u16,
        /// Neurons it needs.
        needed: u32,
    },
    /// A population with a convolution onto it has another kind of input too.
    #[error(
        "projection {0}: a population with a convolution onto it takes convolutions alone, all of one map's shape"
    )]
    MixedMap(usize),
    /// A map's neurons share a bias otherwise than by its channels.
    #[error("projection {projection}: its map has {needed} channels, the bias is shared by {channels} (or 0)")]
    MapChannels {
        /// Index of the projection.
        projection: usize,
        /// Channels of the postsynaptic population.
        channels: u16,
        /// Channels of the convolution's map.
        needed: usize,
    },
    /// Channels that do not divide a population.
    #[error("population {population}: its {size} neurons are not a multiple of {channels} channels")]
    Channels {
        /// Index of the population.
        population: usize,
        /// Neurons it has.
        size: u16,
        /// Channels it is said to have.
        channels: u16,
    },
    /// A graded population with what only spiking neurons have.
    #[error("population {0}: graded neurons never spike, and can be neither refractory nor adaptive")]
    GradedSpikes(usize),
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
            check_population(index, population)?;
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
            return wrong("pre", projection.pre, "an input or a spiking LIF population");
        }
        let post = self.end(index, "post", projection.post)?;
        if post.kind == PopulationKind::Input {
            return wrong("post", projection.post, "a LIF or a modulator population");
        }
        if let Connectivity::Convolution(convolution) = projection.connectivity {
            if post.is_modulator() {
                return wrong("post", projection.post, "a LIF population, where a map may be");
            }
            self.check_convolution(index, projection, convolution)?;
        }
        self.check_map(index, projection, post)?;
        let Some(plasticity) = &projection.plasticity else { return Ok(()) };
        if projection.connectivity != Connectivity::Dense {
            return Err(NetworkError::PlasticConvolution(index));
        }
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

    fn check_convolution(
        &self,
        projection: usize,
        of: &Projection,
        convolution: Convolution,
    ) -> Result<(), NetworkError> {
        convolution.check(projection)?;
        let (pre, post) = (self.size_of(of.pre) as u16, self.size_of(of.post) as u16);
        let (map, places) = (convolution.map_size(), convolution.places() as u32);
        if map != u32::from(pre) {
            return Err(NetworkError::MapSize { projection, end: "pre", size: pre, needed: map });
        }
        let needed = u32::from(post).next_multiple_of(places);
        if needed != u32::from(post) {
            return Err(NetworkError::MapSize { projection, end: "post", size: post, needed });
        }
        Ok(())
    }

    /// A map is updated place by place: all that projects onto it must be convolutions to the same places.
    fn check_map(&self, index: usize, projection: &Projection, post: &Population) -> Result<(), NetworkError> {
        let Some((_, map)) = self.map_of(projection.post.into()) else { return Ok(()) };
        match projection.connectivity {
            Connectivity::Convolution(convolution) if convolution.post_map() == map.post_map() => {}
            _ => return Err(NetworkError::MixedMap(index)),
        }
        let needed = self.weight_shape(projection).1;
        match post.kind {
            PopulationKind::Lif(Lif { channels: channels @ 1.., .. }) if usize::from(channels) != needed => {
                Err(NetworkError::MapChannels { projection: index, channels, needed })
            }
            _ => Ok(()),
        }
    }

    /// The first convolution onto a population, and its index; none if the population is no map. All others onto it
    /// have its rows, columns and channels after.
    #[must_use]
    pub fn map_of(&self, population: usize) -> Option<(usize, Convolution)> {
        let onto = self.projections.iter().enumerate().filter(|(_, it)| usize::from(it.post) == population);
        onto.filter_map(|(index, it)| it.convolution().map(|convolution| (index, convolution))).next()
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

    /// Whether the readout is graded neurons, which answer by their potentials.
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

    /// Rows and columns of a projection's innate weights: neurons before and after it where it is dense, places of a
    /// window times channels before and channels after it where it is a convolution.
    #[must_use]
    pub fn weight_shape(&self, projection: &Projection) -> (usize, usize) {
        let (pre, post) = self.shape(projection);
        match projection.connectivity {
            Connectivity::Dense => (pre, post),
            Connectivity::Convolution(convolution) => (convolution.window(), post / convolution.places().max(1)),
        }
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

fn check_population(index: usize, population: &Population) -> Result<(), NetworkError> {
    let Population { size, kind, .. } = *population;
    let limit = match kind {
        PopulationKind::Input => MAX_INPUTS,
        PopulationKind::Lif(_) => MAX_NEURONS,
        PopulationKind::Modulator(_) => MAX_MODULATORS,
    };
    if !(1..=limit).contains(&size) {
        return Err(NetworkError::Size { population: index, size, limit });
    }
    match kind {
        PopulationKind::Modulator(Modulator { dead_zone: dead_zone @ ..0 }) => {
            Err(NetworkError::DeadZone { population: index, dead_zone })
        }
        PopulationKind::Lif(Lif { channels: channels @ 1.., .. }) if !size.is_multiple_of(channels) => {
            Err(NetworkError::Channels { population: index, size, channels })
        }
        PopulationKind::Lif(Lif { graded: true, refractory, adaptive, .. }) if refractory > 0 || adaptive => {
            Err(NetworkError::GradedSpikes(index))
        }
        _ => Ok(()),
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
}

impl Convolution {
    fn check(self, projection: usize) -> Result<(), NetworkError> {
        let within = |field, value, low, high| {
            if (low..=high).contains(&value) {
                return Ok(());
            }
            Err(NetworkError::Convolution { projection, field, value, low, high })
        };
        let (kernel, stride, padding) = (u16::from(self.kernel), u16::from(self.stride), u16::from(self.padding));
        within("height", self.height.into(), 1, 255)?;
        within("width", self.width.into(), 1, 255)?;
        within("channels", self.channels, 1, MAX_NEURONS)?;
        within("kernel", kernel, 1, MAX_KERNEL.into())?;
        within("stride", stride, 1, kernel)?;
        within("padding", padding, 0, kernel - 1)?;
        let shortest = u16::from(self.height.min(self.width)) + 2 * padding;
        within("kernel", kernel, 1, shortest)?;
        let window = u16::try_from(self.window()).unwrap_or(u16::MAX);
        within("window", window, 1, MAX_NEURONS)
    }

    /// Presynaptic neurons of the whole map.
    #[must_use]
    pub fn map_size(self) -> u32 {
        u32::from(self.height) * u32::from(self.width) * u32::from(self.channels)
    }

    /// Presynaptic neurons of a window: rows of the weights.
    #[must_use]
    pub fn window(self) -> usize {
        usize::from(self.kernel) * usize::from(self.kernel) * usize::from(self.channels)
    }

    /// Rows and columns of the postsynaptic map.
    #[must_use]
    pub fn post_map(self) -> (usize, usize) {
        let places = |length: u8| {
            let padded = usize::from(length) + 2 * usize::from(self.padding);
            padded.saturating_sub(self.kernel.into()) / usize::from(self.stride.max(1)) + 1
        };
        (places(self.height), places(self.width))
    }

    /// Places of the postsynaptic map: how many windows there are.
    #[must_use]
    pub fn places(self) -> usize {
        let (height, width) = self.post_map();
        height * width
    }
}

impl Population {
    /// Whether the population emits spikes.
    #[must_use]
    pub fn spikes(&self) -> bool {
        !self.is_modulator() && !self.is_graded()
    }

    /// Whether the population is leaky integrators, which never spike.
    #[must_use]
    pub fn is_graded(&self) -> bool {
        matches!(self.kind, PopulationKind::Lif(Lif { graded: true, .. }))
    }

    /// Values of its bias: one a channel, or one a neuron; none if it has no bias.
    #[must_use]
    pub fn bias_count(&self) -> usize {
        match self.kind {
            PopulationKind::Lif(Lif { channels: channels @ 1.., .. }) => channels.into(),
            PopulationKind::Lif(_) => self.size.into(),
            PopulationKind::Input | PopulationKind::Modulator(_) => 0,
        }
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
                Projection { pre: 0, post: 1, connectivity: Connectivity::Dense, plasticity },
                Projection { pre: 0, post: 2, connectivity: Connectivity::Dense, plasticity: None },
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
