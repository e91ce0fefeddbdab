//! A network over an artifact and a lent buffer: reset, step, read.
//!
//! A step updates populations in declaration order, then, for each plastic projection, traces, eligibility,
//! third factor and plastic weights. That order is the contract.

use metaplastic_shared::arithmetic::Signal;
use metaplastic_shared::artifact::{Artifact, Manifest, Section};
use metaplastic_shared::format::{PopulationFormat, ProjectionFormat, row_length};
use metaplastic_shared::network::{self as description, PopulationKind, Readout};
use metaplastic_shared::wire::Freeze;

use crate::arena::Arena;
use crate::convolution::{MOST_ROWS, Map};
use crate::hash::Hash;
use crate::lif::LifPopulation;
use crate::modulator::ModulatorPopulation;
use crate::places::{PlaceCount, Places};
use crate::plasticity::{Activity, Plastic, Scratch};
use crate::projection::Projection;
use crate::spikes::{Kept, Spikes};

/// A network that steps and learns.
pub struct Network<'a> {
    artifact: Artifact<'a>,
    interface: Interface,
    populations: &'a mut [Option<Population<'a>>],
    projections: &'a mut [Option<Projection<'a>>],
    sums: &'a mut [i32],
    total: &'a mut [i32],
    /// Rows of a convolution's weights, or channels of a place that spike.
    rows: &'a mut [u16],
    scratch: Scratch<'a>,
    freeze: Freeze,
}

/// What of the description is needed while stepping.
#[derive(Clone, Copy)]
struct Interface {
    input_bytes: usize,
    signals: usize,
    surrogate_slope: u8,
    readout: Readout,
    /// Whether the readout answers by its potentials.
    graded: bool,
}

/// What is lent is too little.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MemoryError {
    /// The buffer for the state is too short.
    #[error("network state: {needed} 8-byte words are needed, {given} are given")]
    Words {
        /// Words needed, see [`Network::memory_words`].
        needed: usize,
        /// Words given.
        given: usize,
    },
    /// There are too few places.
    #[error("network places: {needed} are needed, there are {given}")]
    Places {
        /// See [`PlaceCount::of`].
        needed: PlaceCount,
        /// What there is.
        given: PlaceCount,
    },
}

pub(crate) struct Population<'a> {
    size: usize,
    spikes: Spikes<'a>,
    neurons: Neurons<'a>,
}

enum Neurons<'a> {
    /// With the first neuron's place in a step's input bits.
    Input(usize),
    Lif(LifPopulation<'a>),
    Modulator(ModulatorPopulation<'a>),
}

impl<'a> Network<'a> {
    /// How many 8-byte words of memory the network of an artifact needs.
    #[must_use]
    pub fn memory_words(artifact: &Artifact<'a>) -> usize {
        Source { artifact, manifest: &artifact.manifest() }.words()
    }

    /// A network at birth: all state zero. Words beyond [`memory_words`](Self::memory_words) are left unused.
    ///
    /// # Errors
    /// If there are too few places or the buffer is too small.
    pub fn new<const POPULATIONS: usize, const PROJECTIONS: usize, const PLASTIC: usize>(
        artifact: Artifact<'a>,
        places: &'a mut Places<'a, POPULATIONS, PROJECTIONS, PLASTIC>,
        memory: &'a mut [u64],
    ) -> Result<Self, MemoryError> {
        let Places { populations, projections, plastic } = places;
        Self::placed(artifact, populations, projections, plastic, memory)
    }

    // Not inlined: the manifest must not stay on the stack while the network is used.
    #[inline(never)]
    fn placed(
        artifact: Artifact<'a>,
        populations: &'a mut [Option<Population<'a>>],
        projections: &'a mut [Option<Projection<'a>>],
        plastic: &'a mut [Option<Plastic<'a>>],
        memory: &'a mut [u64],
    ) -> Result<Self, MemoryError> {
        let mut manifest = Manifest::blank();
        artifact.read_manifest(&mut manifest);
        let source = Source { artifact: &artifact, manifest: &manifest };
        let needed = PlaceCount::of_network(&manifest.network);
        let given =
            PlaceCount { populations: populations.len(), projections: projections.len(), plastic: plastic.len() };
        let too_few = MemoryError::Places { needed, given };
        let populations = populations.get_mut(..needed.populations).ok_or(too_few)?;
        let projections = projections.get_mut(..needed.projections).ok_or(too_few)?;
        let plastic = plastic.get_mut(..needed.plastic).ok_or(too_few)?;
        let (needed, given) = (source.words(), memory.len());
        let memory = memory.get_mut(..needed).ok_or(MemoryError::Words { needed, given })?;
        let mut arena = Arena::new(memory);
        source.place_populations(&mut arena, populations);
        source.place_projections(&mut arena, projections, plastic);
        let (sums, total) = source.sums(&mut arena);
        let rows = source.rows(&mut arena);
        let scratch = source.scratch(&mut arena);
        let (interface, freeze) = (Interface::of(&manifest.network), Freeze::Nothing);
        Ok(Self { artifact, interface, populations, projections, sums, total, rows, scratch, freeze })
    }

    /// Begins an episode at birth: all state zero, and what is held still in it.
    pub fn reset(&mut self, freeze: Freeze) {
        self.begin_episode(freeze);
        self.projections.iter_mut().flatten().for_each(Projection::forget);
    }

    /// Begins an episode with the plastic weights as they are; all other state zero.
    pub fn begin_episode(&mut self, freeze: Freeze) {
        self.freeze = freeze;
        self.rest();
    }

    /// Lets all state but the plastic weights be zero, as between two images; what is held still stays so.
    pub fn rest(&mut self) {
        for population in self.populations.iter_mut().flatten() {
            population.spikes.reset();
            match &mut population.neurons {
                Neurons::Input(_) => {}
                Neurons::Lif(lif) => lif.reset(),
                Neurons::Modulator(modulator) => modulator.reset(),
            }
        }
        self.projections.iter_mut().flatten().for_each(Projection::reset);
    }

    /// One step. `inputs` has one bit for each neuron of the input populations together, in declaration order,
    /// least significant bit first; `signals` one value for each external signal. What is not given is silent
    /// or zero, what is too much is ignored.
    pub fn step(&mut self, inputs: &[u8], signals: &[Signal]) {
        self.populations.iter_mut().flatten().for_each(|population| population.spikes.begin_step());
        for index in 0..self.populations.len() {
            self.update_population(index, inputs, signals);
        }
        for index in 0..self.projections.len() {
            self.learn(index);
        }
        for Population { spikes, neurons, .. } in self.populations.iter_mut().flatten() {
            if let Neurons::Lif(lif) = neurons {
                lif.adapt(spikes);
            }
        }
    }

    fn update_population(&mut self, index: usize, inputs: &[u8], signals: &[Signal]) {
        let Some(Some(population)) = self.populations.get_mut(index) else { return };
        let size = population.size;
        match population.neurons {
            Neurons::Input(first) => return population.spikes.read_bits(inputs, first, size),
            Neurons::Lif(LifPopulation { map: Some(map), .. }) => return self.update_map(index, map),
            _ => {}
        }
        let row = row_length(size);
        let total = self.total.get_mut(..row).unwrap_or_default();
        let sums = self.sums.get_mut(..row).unwrap_or_default();
        match at(self.populations, index).map(|population| &population.neurons) {
            Some(Neurons::Lif(lif)) => lif.begin_input(0, total),
            _ => total.fill(0),
        }
        for projection in self.projections.iter().flatten().filter(|projection| projection.post == index) {
            if let Some(pre) = at(self.populations, projection.pre) {
                projection.propagate(&pre.spikes, sums, total);
            }
        }
        let Some(Some(population)) = self.populations.get_mut(index) else { return };
        match &mut population.neurons {
            Neurons::Input(_) => {}
            Neurons::Lif(lif) => lif.update(total, &mut population.spikes),
            Neurons::Modulator(modulator) => {
                modulator.update(total, signals, self.freeze == Freeze::ThirdFactor);
            }
        }
    }

    /// Place by place, so that sums need to be no wider than a place.
    fn update_map(&mut self, index: usize, map: Map) {
        let row = row_length(map.channels);
        let (Some(sums), Some(total)) = (self.sums.get_mut(..row), self.total.get_mut(..row)) else { return };
        for place in map.places() {
            if let Some(Population { neurons: Neurons::Lif(lif), .. }) = at(self.populations, index) {
                lif.begin_input(place.first, total);
            }
            for projection in self.projections.iter().flatten().filter(|projection| projection.post == index) {
                if let Some(pre) = at(self.populations, projection.pre) {
                    projection.propagate_to(place, &pre.spikes, self.rows, sums, total);
                }
            }
            if let Some(Some(Population { spikes, neurons: Neurons::Lif(lif), .. })) =
                self.populations.get_mut(index)
            {
                lif.update_place((place.first, map.channels), total, spikes, self.rows);
            }
        }
    }

    fn learn(&mut self, index: usize) {
        let Some(Some(projection)) = self.projections.get_mut(index) else { return };
        let Some(plastic) = &mut projection.plastic else { return };
        let spikes = |population: usize| at(self.populations, population).map_or(&[][..], |it| it.spikes.now());
        let post_population = match at(self.populations, projection.post).map(|post| &post.neurons) {
            Some(Neurons::Lif(lif)) => Some(lif),
            _ => None,
        };
        let modulators = plastic.third_factor.modulators;
        let activity = Activity {
            pre: spikes(projection.pre),
            post: spikes(projection.post),
            post_population,
            modulation: modulators.map(|population| values(self.populations, population)),
            surrogate_slope: self.interface.surrogate_slope,
        };
        plastic.learn(&activity, self.freeze == Freeze::Plasticity, &mut self.scratch);
    }

    /// The artifact the network was made of.
    #[must_use]
    pub fn artifact(&self) -> &Artifact<'a> {
        &self.artifact
    }

    /// How many populations there are.
    #[must_use]
    pub fn populations(&self) -> usize {
        self.populations.len()
    }

    /// How many projections there are.
    #[must_use]
    pub fn projections(&self) -> usize {
        self.projections.len()
    }

    /// Bytes of one step's input spikes.
    #[must_use]
    pub fn input_bytes(&self) -> usize {
        self.interface.input_bytes
    }

    /// How many external signals a step takes.
    #[must_use]
    pub fn signals(&self) -> usize {
        self.interface.signals
    }

    /// How many classes the readout tells apart.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.interface.readout.classes.into()
    }

    /// How many projections there are, plastic or not.
    #[must_use]
    pub fn projection_count(&self) -> usize {
        self.projections.len()
    }

    /// Index of the population that answers.
    #[must_use]
    pub fn readout_population(&self) -> usize {
        self.interface.readout.population.into()
    }

    fn population(&self, index: usize) -> Option<&Population<'a>> {
        at(self.populations, index)
    }

    /// Adds this step's votes of the readout to `votes`, one a class: spikes of its neurons, or their potentials where
    /// they are graded; saturates.
    pub fn count_votes(&self, votes: &mut [i32]) {
        let each = usize::from(self.interface.readout.neurons_per_class.max(1));
        let population = self.readout_population();
        for spike in self.spikes(population) {
            add_vote(votes, usize::from(spike) / each, 1);
        }
        if self.interface.graded {
            for (neuron, potential) in self.potentials(population).iter().enumerate() {
                add_vote(votes, neuron / each, (*potential).into());
            }
        }
    }

    /// Indices of the neurons of a population that spiked in this step, ascending.
    pub fn spikes(&self, population: usize) -> impl Iterator<Item = u16> + Clone {
        self.population(population).into_iter().flat_map(|population| population.spikes.all())
    }

    /// Membrane potentials v of a LIF population, or potentials u of a modulator population, in its exponent.
    #[must_use]
    pub fn potentials(&self, population: usize) -> &[i16] {
        match self.population(population).map(|population| &population.neurons) {
            Some(Neurons::Lif(lif)) => lif.membrane,
            Some(Neurons::Modulator(modulator)) => modulator.potential,
            _ => &[],
        }
    }

    /// Values m of a modulator population, Q15.
    #[must_use]
    pub fn modulation(&self, population: usize) -> &[i16] {
        values(self.populations, population)
    }

    /// Rows of plastic weights P of a projection, one a presynaptic neuron, without padding.
    pub fn plastic_rows(&self, projection: usize) -> impl Iterator<Item = &[i16]> {
        self.rows(projection, |plastic| plastic.weights)
    }

    /// Rows of eligibility as it is stored, scaled by the projection's lazy scale if it has one.
    pub fn eligibility_rows(&self, projection: usize) -> impl Iterator<Item = &[i16]> {
        self.rows(projection, |plastic| plastic.eligibility)
    }

    /// What lies behind the last synapse of each row of P, then of E: zeros, always.
    pub fn row_padding(&self, projection: usize) -> impl Iterator<Item = &[i16]> {
        let (size, plastic) = self.plastic(projection);
        let rows = plastic.map(|it| it.weights.chunks_exact(it.row_length().max(1)));
        let eligibility = plastic.map(|it| it.eligibility.chunks_exact(it.row_length().max(1)));
        let all = rows.into_iter().flatten().chain(eligibility.into_iter().flatten());
        all.map(move |row| row.get(size..).unwrap_or_default())
    }

    /// The traces of a projection, Q15 in 0..1: x, x2, y, y2, theta_y; those its rule does not read are empty.
    pub fn traces(&self, projection: usize) -> impl Iterator<Item = &[i16]> {
        self.plastic(projection).1.into_iter().flat_map(|plastic| plastic.traces())
    }

    fn rows<'n>(
        &'n self,
        projection: usize,
        of: impl Fn(&'n Plastic<'a>) -> &'n [i16],
    ) -> impl Iterator<Item = &'n [i16]> {
        let (size, plastic) = self.plastic(projection);
        let rows = plastic.map(|plastic| of(plastic).chunks_exact(plastic.row_length().max(1)));
        rows.into_iter().flatten().map(move |row| row.get(..size).unwrap_or_default())
    }

    /// How many neurons a projection goes to, and its plastic part.
    fn plastic(&self, projection: usize) -> (usize, Option<&Plastic<'a>>) {
        let projection = at(self.projections, projection);
        let post = projection.and_then(|projection| self.population(projection.post));
        (
            post.map_or(0, |population| population.size),
            projection.and_then(|projection| projection.plastic.as_deref()),
        )
    }

    /// Replaces plastic weights P of a projection from synapse `first` on, counted row by row without padding;
    /// clamped to `P_max`. What is beyond the last synapse is ignored.
    pub fn write_plastic(&mut self, projection: usize, first: usize, weights: impl Iterator<Item = i16>) {
        if let Some(Some(Projection { plastic: Some(plastic), .. })) = self.projections.get_mut(projection) {
            plastic.write(first, weights);
        }
    }

    /// Whether a third factor was not zero in the last step, so that plastic weights could change.
    #[must_use]
    pub fn was_taught(&self) -> bool {
        let projections = self.projections.iter().flatten();
        projections.filter_map(|projection| projection.plastic.as_ref()).any(|plastic| plastic.taught)
    }

    /// The third factor M of a projection's postsynaptic neurons, in its exponent.
    #[must_use]
    pub fn third_factor(&self, projection: usize) -> &[i16] {
        self.plastic(projection).1.map_or(&[], |plastic| plastic.third_factor.value)
    }

    /// A hash of the complete state: spikes, potentials, adaptation, refractory counters, traces, E, M and P.
    #[must_use]
    pub fn state_hash(&self) -> u64 {
        let mut hash = Hash::new();
        for population in self.populations.iter().flatten() {
            hash.list(population.spikes.all());
            match &population.neurons {
                Neurons::Input(_) => {}
                Neurons::Lif(lif) => lif.hash(&mut hash),
                Neurons::Modulator(modulator) => modulator.hash(&mut hash),
            }
        }
        self.projections.iter().flatten().for_each(|projection| projection.hash(&mut hash));
        hash.finish()
    }
}

impl Interface {
    fn of(network: &description::Network) -> Self {
        Self {
            input_bytes: network.input_bytes(),
            signals: network.signals.into(),
            surrogate_slope: network.surrogate_slope,
            readout: network.readout,
            graded: network.has_graded_readout(),
        }
    }
}

fn add_vote(votes: &mut [i32], class: usize, vote: i32) {
    if let Some(sum) = votes.get_mut(class) {
        *sum = sum.saturating_add(vote);
    }
}

fn at<T>(places: &[Option<T>], index: usize) -> Option<&T> {
    places.get(index)?.as_ref()
}

fn values<'p>(populations: &'p [Option<Population<'_>>], population: usize) -> &'p [i16] {
    match at(populations, population).map(|population| &population.neurons) {
        Some(Neurons::Modulator(modulator)) => modulator.value,
        _ => &[],
    }
}

/// What to look up while a network is carved.
struct Source<'s, 'a> {
    artifact: &'s Artifact<'a>,
    manifest: &'s Manifest<'a>,
}

impl<'a> Source<'_, 'a> {
    fn populations(&self, arena: &mut Arena<'a>) -> impl Iterator<Item = Population<'a>> {
        let mut first_input = 0;
        let populations = self.manifest.network.populations.iter().zip(&self.manifest.populations).enumerate();
        populations.map(move |(index, (population, format))| {
            let size = usize::from(population.size);
            let neurons = self.neurons(arena, index, population, format, first_input);
            if matches!(neurons, Neurons::Input(_)) {
                first_input += size;
            }
            let spikes = Spikes::carve(arena, size, Kept::of(&self.manifest.network, index));
            Population { size, spikes, neurons }
        })
    }

    fn neurons(
        &self,
        arena: &mut Arena<'a>,
        index: usize,
        population: &description::Population,
        format: &PopulationFormat,
        first_input: usize,
    ) -> Neurons<'a> {
        let size = usize::from(population.size);
        match (population.kind, format) {
            (PopulationKind::Lif(lif), PopulationFormat::Lif(format)) => {
                let bias = self.artifact.i16_section(self.manifest, Section::Bias(index));
                let bias = bias.get(..population.bias_count()).unwrap_or_default();
                Neurons::Lif(LifPopulation::carve(arena, size, lif, *format, bias, self.map(index)))
            }
            (PopulationKind::Modulator(description), PopulationFormat::Modulator(format)) => {
                let weights = self.artifact.i8_section(self.manifest, Section::SignalWeights(index));
                Neurons::Modulator(ModulatorPopulation::carve(arena, size, description, *format, weights))
            }
            _ => Neurons::Input(first_input),
        }
    }

    fn projections(&self) -> impl Iterator<Item = (usize, (&description::Projection, &ProjectionFormat))> {
        self.manifest.network.projections.iter().zip(&self.manifest.projections).enumerate()
    }

    /// A projection's coefficients and third-factor weights.
    fn numbers(&self, index: usize) -> (&'a [i16], &'a [i8]) {
        let coefficients = self.artifact.i16_section(self.manifest, Section::Coefficients(index));
        (coefficients, self.artifact.i8_section(self.manifest, Section::ThirdFactorWeights(index)))
    }

    /// The plastic part of a projection, if it has one. Its `numbers` are looked up before: both together would go
    /// deepest into a small chip's stack.
    fn plastic(
        &self,
        arena: &mut Arena<'a>,
        numbers: (&'a [i16], &'a [i8]),
        (projection, format): (&description::Projection, &ProjectionFormat),
    ) -> Option<Plastic<'a>> {
        let (plasticity, format) = projection.plasticity.as_ref().zip(format.plastic)?;
        let shape = self.manifest.network.shape(projection);
        Some(Plastic::carve(arena, numbers, plasticity, format, shape))
    }

    /// The shape of a population that is a map.
    fn map(&self, population: usize) -> Option<Map> {
        let network = &self.manifest.network;
        let (index, convolution) = network.map_of(population)?;
        let (rows, columns) = convolution.post_map();
        let channels = network.projections.get(index).map_or(0, |projection| network.weight_shape(projection).1);
        Some(Map { rows, columns, channels })
    }

    /// Two rows of 32-bit sums, as long as the longest of weights.
    fn sums(&self, arena: &mut Arena<'a>) -> (&'a mut [i32], &'a mut [i32]) {
        let populations = self.manifest.network.populations.iter().enumerate();
        let summing = populations.filter(|(_, population)| population.kind != PopulationKind::Input);
        let widths =
            summing.map(|(index, population)| self.map(index).map_or(population.size.into(), |map| map.channels));
        let row = row_length(widths.max().unwrap_or(0));
        (arena.take_sums(row), arena.take_sums(row))
    }

    /// Room for the rows that a convolution adds up at once, and for the channels of a place that spike.
    fn rows(&self, arena: &mut Arena<'a>) -> &'a mut [u16] {
        let projections = self.manifest.network.projections.iter();
        let counts = projections.filter_map(|projection| {
            let window = projection.convolution()?.window().min(MOST_ROWS);
            Some(window.max(self.manifest.network.weight_shape(projection).1))
        });
        arena.take_indices(counts.max().unwrap_or(0))
    }

    /// A plastic projection's scratch memory, as wide as the longest row of P.
    fn scratch(&self, arena: &mut Arena<'a>) -> Scratch<'a> {
        let network = &self.manifest.network;
        let plastic = || network.projections.iter().filter(|projection| projection.plasticity.is_some());
        let row = plastic().map(|projection| row_length(network.shape(projection).1)).max().unwrap_or(0);
        let formats = self.manifest.projections.iter().filter_map(|format| format.plastic.as_ref());
        Scratch::carve(arena, row, plastic().filter_map(|it| it.plasticity.as_ref()).zip(formats))
    }

    fn words(&self) -> usize {
        let mut arena = Arena::counting();
        self.populations(&mut arena).for_each(drop);
        self.projections().for_each(|(_, it)| drop(self.plastic(&mut arena, Default::default(), it)));
        let _ = (self.sums(&mut arena), self.rows(&mut arena), self.scratch(&mut arena));
        arena.words()
    }

    #[inline(never)]
    fn place_populations(&self, arena: &mut Arena<'a>, places: &mut [Option<Population<'a>>]) {
        for (place, population) in places.iter_mut().zip(self.populations(arena)) {
            *place = Some(population);
        }
    }

    #[inline(never)]
    fn place_projections(
        &self,
        arena: &mut Arena<'a>,
        places: &mut [Option<Projection<'a>>],
        plastic: &'a mut [Option<Plastic<'a>>],
    ) {
        let mut free = plastic.iter_mut();
        for (place, (index, it)) in places.iter_mut().zip(self.projections()) {
            let plastic = self.plastic(arena, self.numbers(index), it);
            let plastic = plastic.and_then(|plastic| free.next().map(|free| free.insert(plastic)));
            let exponent = self.exponent(it.0.post);
            *place = Some(Projection::new(self.artifact, self.manifest, index, it, exponent, plastic));
        }
    }

    /// Exponent of a population's potential.
    fn exponent(&self, population: u8) -> i32 {
        match self.manifest.populations.get(usize::from(population)) {
            Some(PopulationFormat::Lif(format)) => format.exponent.into(),
            Some(PopulationFormat::Modulator(format)) => format.exponent.into(),
            _ => 0,
        }
    }
}
