//! A network over an artifact and a lent buffer: reset, step, read.
//!
//! A step updates populations in declaration order, then, for each plastic projection, traces, eligibility,
//! third factor and plastic weights. That order is the contract.

use heapless::Vec;
use metaplastic_shared::arithmetic::Signal;
use metaplastic_shared::artifact::{Artifact, Section};
use metaplastic_shared::format::{PopulationFormat, row_length};
use metaplastic_shared::network::{self as description, MAX_POPULATIONS, MAX_PROJECTIONS, PopulationKind, Readout};
use metaplastic_shared::wire::Freeze;

use crate::arena::Arena;
use crate::hash::Hash;
use crate::lif::LifPopulation;
use crate::modulator::ModulatorPopulation;
use crate::plasticity::{Activity, Scratch};
use crate::projection::Projection;
use crate::spikes::Spikes;

/// A network that steps and learns.
pub struct Network<'a> {
    artifact: Artifact<'a>,
    populations: Vec<Population<'a>, MAX_POPULATIONS>,
    projections: Vec<Projection<'a>, MAX_PROJECTIONS>,
    sums: &'a mut [i32],
    total: &'a mut [i32],
    scratch: Scratch<'a>,
    freeze: Freeze,
}

/// The lent buffer is too small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("network state: {needed} 8-byte words are needed, {given} are given")]
pub struct MemoryError {
    /// Words needed, see [`Network::memory_words`].
    pub needed: usize,
    /// Words given.
    pub given: usize,
}

struct Population<'a> {
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
    // Not inlined, like the others here: what is carved only to count must not stay on the stack.
    #[must_use]
    #[inline(never)]
    pub fn memory_words(artifact: &Artifact<'a>) -> usize {
        let mut arena = Arena::counting();
        carve_populations(artifact, &mut arena);
        carve_projections(artifact, &mut arena);
        carve_scratch(artifact, &mut arena);
        arena.words()
    }

    /// A network at birth: all state zero. Words beyond [`memory_words`](Self::memory_words) are left unused.
    ///
    /// # Errors
    /// If the buffer is too small.
    #[inline(never)]
    pub fn new(artifact: Artifact<'a>, memory: &'a mut [u64]) -> Result<Self, MemoryError> {
        let (needed, given) = (Self::memory_words(&artifact), memory.len());
        let memory = memory.get_mut(..needed).ok_or(MemoryError { needed, given })?;
        let mut arena = Arena::new(memory);
        let populations = carve_populations(&artifact, &mut arena);
        let projections = carve_projections(&artifact, &mut arena);
        let (sums, total, scratch) = carve_scratch(&artifact, &mut arena);
        Ok(Self { populations, projections, sums, total, scratch, freeze: Freeze::Nothing, artifact })
    }

    /// Begins an episode at birth: all state zero, and what is held still in it.
    pub fn reset(&mut self, freeze: Freeze) {
        self.begin_episode(freeze);
        self.projections.iter_mut().for_each(Projection::forget);
    }

    /// Begins an episode with the plastic weights as they are; all other state zero.
    pub fn begin_episode(&mut self, freeze: Freeze) {
        self.freeze = freeze;
        for population in &mut self.populations {
            population.spikes.reset();
            match &mut population.neurons {
                Neurons::Input(_) => {}
                Neurons::Lif(lif) => lif.reset(),
                Neurons::Modulator(modulator) => modulator.reset(),
            }
        }
        self.projections.iter_mut().for_each(Projection::reset);
    }

    /// One step. `inputs` has one bit for each neuron of the input populations together, in declaration order,
    /// least significant bit first; `signals` one value for each external signal. What is not given is silent
    /// or zero, what is too much is ignored.
    pub fn step(&mut self, inputs: &[u8], signals: &[Signal]) {
        self.populations.iter_mut().for_each(|population| population.spikes.begin_step());
        for index in 0..self.populations.len() {
            self.update_population(index, inputs, signals);
        }
        for index in 0..self.projections.len() {
            self.learn(index);
        }
        for Population { spikes, neurons, .. } in &mut self.populations {
            if let Neurons::Lif(lif) = neurons {
                lif.adapt(spikes);
            }
        }
    }

    fn update_population(&mut self, index: usize, inputs: &[u8], signals: &[Signal]) {
        let Some(size) = self.populations.get(index).map(|population| population.size) else { return };
        let row = row_length(size);
        let total = self.total.get_mut(..row).unwrap_or_default();
        let sums = self.sums.get_mut(..row).unwrap_or_default();
        match self.populations.get(index).map(|population| &population.neurons) {
            Some(Neurons::Lif(lif)) => lif.begin_input(total),
            _ => total.fill(0),
        }
        for projection in self.projections.iter().filter(|projection| projection.post == index) {
            if let Some(pre) = self.populations.get(projection.pre) {
                projection.propagate(&pre.spikes, sums, total);
            }
        }
        let Some(population) = self.populations.get_mut(index) else { return };
        match &mut population.neurons {
            Neurons::Input(first) => population.spikes.read_bits(inputs, *first, size),
            Neurons::Lif(lif) => lif.update(total, &mut population.spikes),
            Neurons::Modulator(modulator) => {
                modulator.update(total, signals, self.freeze == Freeze::ThirdFactor);
            }
        }
    }

    fn learn(&mut self, index: usize) {
        let Some(projection) = self.projections.get_mut(index) else { return };
        let Some(plastic) = &mut projection.plastic else { return };
        let spikes = |population: usize| self.populations.get(population).map_or(&[][..], |it| it.spikes.now());
        let post_population = match self.populations.get(projection.post).map(|post| &post.neurons) {
            Some(Neurons::Lif(lif)) => Some(lif),
            _ => None,
        };
        let modulators = plastic.third_factor.modulators;
        let activity = Activity {
            pre: spikes(projection.pre),
            post: spikes(projection.post),
            post_population,
            modulation: modulators.map(|population| values(&self.populations, population)),
            surrogate_slope: self.artifact.manifest().network.surrogate_slope,
        };
        plastic.learn(&activity, self.freeze == Freeze::Plasticity, &mut self.scratch);
    }

    /// The artifact the network was made of.
    #[must_use]
    pub fn artifact(&self) -> &Artifact<'a> {
        &self.artifact
    }

    /// Index of the population that answers.
    #[must_use]
    pub fn readout_population(&self) -> usize {
        self.artifact.manifest().network.readout.population.into()
    }

    /// Adds this step's spikes of the readout to `counts`, one a class.
    pub fn count_readout(&self, counts: &mut [u32]) {
        let Readout { neurons_per_class, .. } = self.artifact.manifest().network.readout;
        for spike in self.spikes(self.readout_population()) {
            if let Some(count) = counts.get_mut(usize::from(*spike / neurons_per_class.max(1))) {
                *count += 1;
            }
        }
    }

    /// Indices of the neurons of a population that spiked in this step, ascending.
    #[must_use]
    pub fn spikes(&self, population: usize) -> &[u16] {
        self.populations.get(population).map_or(&[], |population| population.spikes.now())
    }

    /// Membrane potentials v of a LIF population, or potentials u of a modulator population, in its exponent.
    #[must_use]
    pub fn potentials(&self, population: usize) -> &[i16] {
        match self.populations.get(population).map(|population| &population.neurons) {
            Some(Neurons::Lif(lif)) => lif.membrane,
            Some(Neurons::Modulator(modulator)) => modulator.potential,
            _ => &[],
        }
    }

    /// Values m of a modulator population, Q15.
    #[must_use]
    pub fn modulation(&self, population: usize) -> &[i16] {
        values(&self.populations, population)
    }

    /// Rows of plastic weights P of a projection, one a presynaptic neuron, without padding.
    pub fn plastic_rows(&self, projection: usize) -> impl Iterator<Item = &[i16]> {
        self.rows(projection, |plastic| plastic.weights)
    }

    /// Rows of eligibility as it is stored, scaled by the projection's lazy scale if it has one.
    pub fn eligibility_rows(&self, projection: usize) -> impl Iterator<Item = &[i16]> {
        self.rows(projection, |plastic| plastic.eligibility)
    }

    fn rows<'n>(
        &'n self,
        projection: usize,
        of: impl Fn(&'n crate::plasticity::Plastic<'a>) -> &'n [i16],
    ) -> impl Iterator<Item = &'n [i16]> {
        let projection = self.projections.get(projection);
        let post = projection.and_then(|projection| self.populations.get(projection.post));
        let size = post.map_or(0, |population| population.size);
        let plastic = projection.and_then(|projection| projection.plastic.as_ref());
        let rows = plastic.map(|plastic| of(plastic).chunks_exact(plastic.row_length()));
        rows.into_iter().flatten().map(move |row| row.get(..size).unwrap_or_default())
    }

    /// Replaces plastic weights P of a projection from synapse `first` on, counted row by row without padding;
    /// clamped to `P_max`. What is beyond the last synapse is ignored.
    pub fn write_plastic(&mut self, projection: usize, first: usize, weights: impl Iterator<Item = i16>) {
        if let Some(plastic) = self.projections.get_mut(projection).and_then(|it| it.plastic.as_mut()) {
            plastic.write(first, weights);
        }
    }

    /// Whether a third factor was not zero in the last step, so that plastic weights could change.
    #[must_use]
    pub fn was_taught(&self) -> bool {
        self.projections.iter().filter_map(|projection| projection.plastic.as_ref()).any(|it| it.taught)
    }

    /// The third factor M of a projection's postsynaptic neurons, in its exponent.
    #[must_use]
    pub fn third_factor(&self, projection: usize) -> &[i16] {
        let plastic = self.projections.get(projection).and_then(|projection| projection.plastic.as_ref());
        plastic.map_or(&[], |plastic| plastic.third_factor.value)
    }

    /// A hash of the complete state: spikes, potentials, adaptation, refractory counters, traces, E, M and P.
    #[must_use]
    pub fn state_hash(&self) -> u64 {
        let mut hash = Hash::new();
        for population in &self.populations {
            hash.list(population.spikes.now());
            match &population.neurons {
                Neurons::Input(_) => {}
                Neurons::Lif(lif) => lif.hash(&mut hash),
                Neurons::Modulator(modulator) => modulator.hash(&mut hash),
            }
        }
        self.projections.iter().for_each(|projection| projection.hash(&mut hash));
        hash.finish()
    }
}

fn values<'p>(populations: &'p [Population<'_>], population: usize) -> &'p [i16] {
    match populations.get(population).map(|population| &population.neurons) {
        Some(Neurons::Modulator(modulator)) => modulator.value,
        _ => &[],
    }
}

#[inline(never)]
fn carve_populations<'a>(artifact: &Artifact<'a>, arena: &mut Arena<'a>) -> Vec<Population<'a>, MAX_POPULATIONS> {
    let manifest = artifact.manifest();
    let mut first_input = 0;
    let mut populations = Vec::new();
    for (index, (population, format)) in manifest.network.populations.iter().zip(&manifest.populations).enumerate()
    {
        let size = usize::from(population.size);
        let neurons = carve_neurons(artifact, arena, index, population, format, first_input);
        if matches!(neurons, Neurons::Input(_)) {
            first_input += size;
        }
        let spikes = Spikes::carve(arena, if population.spikes() { size } else { 0 });
        populations.extend([Population { size, spikes, neurons }]);
    }
    populations
}

fn carve_neurons<'a>(
    artifact: &Artifact<'a>,
    arena: &mut Arena<'a>,
    index: usize,
    population: &description::Population,
    format: &PopulationFormat,
    first_input: usize,
) -> Neurons<'a> {
    let size = usize::from(population.size);
    match (population.kind, format) {
        (PopulationKind::Lif(lif), PopulationFormat::Lif(format)) => {
            let bias = artifact.i16_section(Section::Bias(index));
            Neurons::Lif(LifPopulation::carve(arena, size, lif, *format, bias))
        }
        (_, PopulationFormat::Modulator(format)) => {
            let weights = artifact.i8_section(Section::SignalWeights(index));
            Neurons::Modulator(ModulatorPopulation::carve(arena, size, *format, weights))
        }
        _ => Neurons::Input(first_input),
    }
}

#[inline(never)]
fn carve_projections<'a>(artifact: &Artifact<'a>, arena: &mut Arena<'a>) -> Vec<Projection<'a>, MAX_PROJECTIONS> {
    let manifest = artifact.manifest();
    let exponent = |population: u8| match manifest.populations.get(usize::from(population)) {
        Some(PopulationFormat::Lif(format)) => format.exponent,
        Some(PopulationFormat::Modulator(format)) => format.exponent,
        _ => 0,
    };
    let posts = manifest.network.projections.iter().map(|projection| projection.post);
    posts
        .enumerate()
        .filter_map(|(index, post)| Projection::carve(arena, artifact, index, exponent(post)))
        .collect()
}

/// Two rows of 32-bit sums and a projection's scratch memory, each as wide as the widest population.
fn carve_scratch<'a>(
    artifact: &Artifact<'a>,
    arena: &mut Arena<'a>,
) -> (&'a mut [i32], &'a mut [i32], Scratch<'a>) {
    let network = &artifact.manifest().network;
    let rows = network.populations.iter().map(|population| row_length(population.size.into()));
    let widest = rows.max().unwrap_or(0);
    let plasticities = network.projections.iter().map(|projection| projection.plasticity.as_ref());
    let formats = artifact.manifest().projections.iter().map(|projection| projection.plastic.as_ref());
    let plastic = plasticities.zip(formats).filter_map(|(plasticity, format)| plasticity.zip(format));
    (arena.take_sums(widest), arena.take_sums(widest), Scratch::carve(arena, widest, plastic))
}
