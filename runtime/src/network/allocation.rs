//! Construction: an artifact's populations and projections, and where in the caller's memory each has its state.
//!
//! Nothing is allocated from a heap. The same code counts the words that a network needs and hands them out.

use metaplastic_shared::artifact::{Artifact, Manifest, Section};
use metaplastic_shared::format::{PopulationFormat, ProjectionFormat, row_length};
use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::network::{self as description, PopulationKind};

use super::state::{Interface, Network};
use super::storage::{Entry, MemoryError, NetworkCapacity, StorageParts};
use crate::arena::Arena;
use crate::kinds::{
    DecayRows, InputScratch, IntegerPopulation, IntegerProjection, LifParts, LifPopulation, MOST_ROWS, MapSize,
    ModulatorPopulation, Neurons, ProjectionParts,
};
use crate::plasticity::{PlasticNumbers, PlasticProjection, Scratch};
use crate::spikes::{Kept, Spikes};

/// The network of an artifact in the parts of a storage.
// Not inlined: the manifest must not stay on the stack while the network is used.
#[inline(never)]
pub(super) fn allocate<'a>(artifact: Artifact<'a>, parts: StorageParts<'a>) -> Result<Network<'a>, MemoryError> {
    let mut manifest = Manifest::blank();
    artifact.read_manifest(&mut manifest);
    let source = Source { artifact: &artifact, manifest: &manifest };
    let words = source.words();
    let parts = parts.limited_to(NetworkCapacity::of_network(&manifest.network), words)?;
    let StorageParts { populations, projections, plastic, words: memory } = parts;
    let mut arena = Arena::new(memory);
    source.store_populations(&mut arena, populations);
    source.store_projections(&mut arena, projections, plastic);
    let (sums, total) = source.sums(&mut arena);
    let input = InputScratch { rows: source.rows(&mut arena), sums, total };
    let scratch = source.scratch(&mut arena);
    let (interface, freeze) = (Interface::of(&manifest, words), Freeze::Nothing);
    Ok(Network { artifact, interface, populations, projections, input, scratch, freeze, age: 0 })
}

/// How many 8-byte words the network of an artifact needs.
pub(super) fn words(artifact: &Artifact<'_>) -> usize {
    Source { artifact, manifest: &artifact.manifest() }.words()
}

/// A population and its format.
#[derive(Clone, Copy)]
struct DescribedPopulation<'s> {
    index: usize,
    description: &'s description::Population,
    format: &'s PopulationFormat,
}

/// Where the next input or analog population begins in what a step is given.
#[derive(Clone, Copy, Default)]
struct FirstInputs {
    bit: usize,
    value: usize,
}

/// A projection and its formats.
#[derive(Clone, Copy)]
struct DescribedProjection<'s> {
    description: &'s description::Projection,
    format: &'s ProjectionFormat,
}

/// The artifact and its manifest, from which a network is allocated.
struct Source<'s, 'a> {
    artifact: &'s Artifact<'a>,
    manifest: &'s Manifest<'a>,
}

impl<'a> Source<'_, 'a> {
    fn populations(&self, arena: &mut Arena<'a>) -> impl Iterator<Item = IntegerPopulation<'a>> {
        let mut first = FirstInputs::default();
        let populations = self.manifest.network.populations.iter().zip(&self.manifest.populations).enumerate();
        populations.map(move |(index, (description, format))| {
            let size = usize::from(description.size);
            let neurons = self.neurons(arena, DescribedPopulation { index, description, format }, first);
            match neurons {
                Neurons::Input(_) => first.bit += size,
                Neurons::Analog(_) => first.value += size,
                _ => {}
            }
            let spikes = Spikes::allocate(arena, size, Kept::of(&self.manifest.network, index));
            IntegerPopulation { size, spikes, neurons }
        })
    }

    fn neurons(
        &self,
        arena: &mut Arena<'a>,
        described: DescribedPopulation<'_>,
        first: FirstInputs,
    ) -> Neurons<'a> {
        let DescribedPopulation { index, description: population, format } = described;
        let size = usize::from(population.size);
        match (population.kind, format) {
            (PopulationKind::Lif(lif), PopulationFormat::Lif(format)) => {
                let bias = self.artifact.i16_section(self.manifest, Section::Bias(index));
                let bias = bias.get(..population.bias_count()).unwrap_or_default();
                let parts =
                    LifParts { lif, format: *format, bias, decays: self.decays(index, size), map: self.map(index) };
                Neurons::Lif(LifPopulation::allocate(arena, size, parts))
            }
            (PopulationKind::Modulator(description), PopulationFormat::Modulator(format)) => {
                Neurons::Modulator(ModulatorPopulation::allocate(arena, size, description, *format))
            }
            (PopulationKind::Analog(_), _) => Neurons::Analog(first.value),
            _ => Neurons::Input(first.bit),
        }
    }

    fn decays(&self, population: usize, size: usize) -> DecayRows<'a> {
        let of = |section| self.artifact.u16_section(self.manifest, section).get(..size).unwrap_or_default();
        DecayRows {
            membrane: of(Section::MembraneDecays(population)),
            synapse: of(Section::SynapseDecays(population)),
        }
    }

    fn projections(&self) -> impl Iterator<Item = (usize, DescribedProjection<'_>)> {
        let projections = self.manifest.network.projections.iter().zip(&self.manifest.projections);
        projections.map(|(description, format)| DescribedProjection { description, format }).enumerate()
    }

    fn numbers(&self, index: usize) -> PlasticNumbers<'a> {
        PlasticNumbers {
            coefficients: self.artifact.i16_section(self.manifest, Section::Coefficients(index)),
            third_factor_weights: self.artifact.i8_section(self.manifest, Section::ThirdFactorWeights(index)),
        }
    }

    /// The plastic part of a projection, if it has one. Its `numbers` are looked up before: both together would
    /// need the most stack of all.
    fn plastic(
        &self,
        arena: &mut Arena<'a>,
        numbers: PlasticNumbers<'a>,
        projection: DescribedProjection<'_>,
    ) -> Option<PlasticProjection<'a>> {
        let DescribedProjection { description, format } = projection;
        let (plasticity, format) = description.plasticity.as_ref().zip(format.plastic)?;
        let shape = self.manifest.network.shape(description);
        Some(PlasticProjection::allocate(arena, numbers, plasticity, format, shape))
    }

    /// The shape of a population that is a map.
    fn map(&self, population: usize) -> Option<MapSize> {
        let network = &self.manifest.network;
        let (index, convolution) = network.map_of(population)?;
        let (rows, columns) = convolution.post_map();
        let channels = network.projections.get(index).map_or(0, |projection| network.weight_shape(projection).1);
        Some(MapSize { rows, columns, channels })
    }

    /// Two rows of 32-bit sums, of the length of the longest row of weights.
    fn sums(&self, arena: &mut Arena<'a>) -> (&'a mut [i32], &'a mut [i32]) {
        let populations = self.manifest.network.populations.iter().enumerate();
        let summing =
            populations.filter(|(_, it)| !matches!(it.kind, PopulationKind::Input | PopulationKind::Analog(_)));
        let widths =
            summing.map(|(index, population)| self.map(index).map_or(population.size.into(), |map| map.channels));
        let row = row_length(widths.max().unwrap_or(0));
        (arena.take_sums(row), arena.take_sums(row))
    }

    /// Scratch memory for the rows that a convolution adds up at once, and for the channels of a position that
    /// spike.
    fn rows(&self, arena: &mut Arena<'a>) -> &'a mut [u16] {
        let projections = self.manifest.network.projections.iter();
        let counts = projections.filter_map(|projection| {
            let window = projection.convolution()?.window().min(MOST_ROWS);
            Some(window.max(self.manifest.network.weight_shape(projection).1))
        });
        arena.take_indices(counts.max().unwrap_or(0))
    }

    /// The scratch memory of plastic projections, of the length of the longest row of P.
    fn scratch(&self, arena: &mut Arena<'a>) -> Scratch<'a> {
        let network = &self.manifest.network;
        let plastic = || network.projections.iter().filter(|projection| projection.plasticity.is_some());
        let row = plastic().map(|projection| row_length(network.shape(projection).1)).max().unwrap_or(0);
        let formats = self.manifest.projections.iter().filter_map(|format| format.plastic.as_ref());
        Scratch::allocate(arena, row, plastic().filter_map(|it| it.plasticity.as_ref()).zip(formats))
    }

    // Not inlined: its temporary values must not be on the stack while the network is allocated.
    #[inline(never)]
    pub(super) fn words(&self) -> usize {
        let mut arena = Arena::counting();
        self.populations(&mut arena).for_each(drop);
        self.projections().for_each(|(_, it)| drop(self.plastic(&mut arena, PlasticNumbers::default(), it)));
        let _ = (self.sums(&mut arena), self.rows(&mut arena), self.scratch(&mut arena));
        arena.words()
    }

    #[inline(never)]
    fn store_populations(&self, arena: &mut Arena<'a>, entries: &mut [Entry<IntegerPopulation<'a>>]) {
        for (entry, population) in entries.iter_mut().zip(self.populations(arena)) {
            entry.insert(population);
        }
    }

    #[inline(never)]
    fn store_projections(
        &self,
        arena: &mut Arena<'a>,
        entries: &mut [Entry<IntegerProjection<'a>>],
        plastic: &'a mut [Entry<PlasticProjection<'a>>],
    ) {
        let mut free = plastic.iter_mut();
        for (entry, (index, it)) in entries.iter_mut().zip(self.projections()) {
            let plastic = self.plastic(arena, self.numbers(index), it);
            let plastic = plastic.and_then(|plastic| free.next().and_then(|free| free.insert(plastic)));
            let DescribedProjection { description, format } = it;
            entry.insert(IntegerProjection::new(ProjectionParts {
                description,
                recurrent: self.manifest.network.is_recurrent(description),
                format,
                exponents: self.manifest.exponents(description),
                weights: self.artifact.i8_section(self.manifest, Section::Weights(index)),
                plastic,
            }));
        }
    }
}
