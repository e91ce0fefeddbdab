//! A network over an artifact and a storage that the caller owns: reset and step.
//!
//! A step updates populations in declaration order, then, for each plastic projection, traces, eligibility, third
//! factor and plastic weights. That order is the contract. `allocation` makes a network, `access` and `sections` read it out.

mod access;
mod allocation;
mod sections;
mod state;
mod storage;

use metaplastic_shared::artifact::Artifact;
use metaplastic_shared::format::row_length;
use metaplastic_shared::freeze::Freeze;

use crate::kinds::{InputScratch, IntegerPopulation, IntegerProjection, LifPopulation, MapSize, Neurons};
use crate::plasticity::StepActivity;
use crate::rounding::{Draws, Stream};

use state::{at, at_mut, values};
use storage::{Entry, StorageParts};

pub use sections::StateValues;
pub use state::Network;
pub use storage::{MemoryError, NetworkCapacity, NetworkStorage};

impl<'a> Network<'a> {
    /// How many 8-byte words of memory the network of an artifact needs.
    #[must_use]
    pub fn memory_words(artifact: &Artifact<'a>) -> usize {
        allocation::words(artifact)
    }

    /// A network in the initial state: all state zero. Words beyond [`memory_words`](Self::memory_words) are left
    /// unused.
    ///
    /// # Errors
    /// If the storage has room for too few populations or projections, or too few words.
    pub fn new<Memory, const POPULATIONS: usize, const PROJECTIONS: usize, const PLASTIC: usize>(
        artifact: Artifact<'a>,
        storage: &'a mut NetworkStorage<'a, Memory, POPULATIONS, PROJECTIONS, PLASTIC>,
    ) -> Result<Self, MemoryError>
    where
        Memory: AsMut<[u64]>,
    {
        allocation::allocate(artifact, StorageParts::of(storage))
    }

    /// Begins an episode in the initial state: all state is zero, and so is the [age](Self::age). `freeze` says what
    /// is frozen during the episode.
    pub fn reset(&mut self, freeze: Freeze) {
        self.begin_episode(freeze);
        self.age = 0;
        self.projections.iter_mut().filter_map(Entry::get_mut).for_each(IntegerProjection::forget);
    }

    /// Begins an episode with the present plastic weights and age; all other state is zero. `freeze` is as in
    /// [`reset`](Self::reset).
    pub fn begin_episode(&mut self, freeze: Freeze) {
        self.freeze = freeze;
        self.reset_state();
    }

    /// Sets all state but the plastic weights and the age to zero, as between two images. What is frozen stays frozen.
    pub fn reset_state(&mut self) {
        self.populations.iter_mut().filter_map(Entry::get_mut).for_each(IntegerPopulation::reset);
        self.projections.iter_mut().filter_map(Entry::get_mut).for_each(IntegerProjection::reset);
    }

    /// One step. `inputs` has one bit for each neuron of the input populations together, in declaration order,
    /// least significant bit first; `analog` has one value for each neuron of the analog populations together, in
    /// declaration order, each in the [exponent](metaplastic_shared::network::Analog) of its population. Missing bits are
    /// silent, missing values are zero, and surplus ones are ignored.
    pub fn step(&mut self, inputs: &[u8], analog: &[i16]) {
        self.populations
            .iter_mut()
            .filter_map(Entry::get_mut)
            .for_each(|population| population.spikes.begin_step());
        for index in 0..self.populations.len() {
            self.update_population(index, inputs, analog);
        }
        for index in 0..self.projections.len() {
            self.learn(index);
        }
        self.age = self.age.wrapping_add(1);
        for IntegerPopulation { spikes, neurons, .. } in self.populations.iter_mut().filter_map(Entry::get_mut) {
            if let Neurons::Lif(lif) = neurons {
                lif.adapt(spikes);
            }
        }
    }

    fn update_population(&mut self, index: usize, inputs: &[u8], analog: &[i16]) {
        let Some(population) = at_mut(self.populations, index) else { return };
        let size = population.size;
        match population.neurons {
            Neurons::Analog(_) => return,
            Neurons::Input(first) => return population.spikes.read_bits(inputs, first, size),
            Neurons::Lif(LifPopulation { map: Some(map), .. }) => return self.update_map(index, map),
            _ => {}
        }
        let draws = Draws::new(self.age, index);
        let row = row_length(size);
        let total = self.input.total.get_mut(..row).unwrap_or_default();
        let sums = self.input.sums.get_mut(..row).unwrap_or_default();
        match at(self.populations, index).map(|population| &population.neurons) {
            Some(Neurons::Lif(lif)) => lif.begin_input(0, total),
            _ => total.fill(0),
        }
        for projection in
            self.projections.iter().filter_map(Entry::get).filter(|projection| projection.post == index)
        {
            match at(self.populations, projection.pre) {
                Some(IntegerPopulation { size, neurons: Neurons::Analog(first), .. }) => {
                    projection.propagate_values(part(analog, *first, *size), sums, total);
                }
                Some(pre) => projection.propagate(&pre.spikes, sums, total),
                None => {}
            }
        }
        let Some(population) = at_mut(self.populations, index) else { return };
        match &mut population.neurons {
            Neurons::Input(_) | Neurons::Analog(_) => {}
            Neurons::Lif(lif) => lif.update(total, &mut population.spikes),
            Neurons::Modulator(modulator) => {
                modulator.update(total, draws.of(Stream::Potential).upper);
                modulator.evaluate(self.freeze == Freeze::ThirdFactor);
            }
        }
    }

    /// Updates a map position by position, so that sums are no wider than a position.
    fn update_map(&mut self, index: usize, map: MapSize) {
        let row = row_length(map.channels);
        let InputScratch { rows, sums, total } = &mut self.input;
        let (Some(sums), Some(total)) = (sums.get_mut(..row), total.get_mut(..row)) else { return };
        let mut input = InputScratch { rows, sums, total };
        for position in map.positions() {
            if let Some(IntegerPopulation { neurons: Neurons::Lif(lif), .. }) = at(self.populations, index) {
                lif.begin_input(position.first, input.total);
            }
            for projection in
                self.projections.iter().filter_map(Entry::get).filter(|projection| projection.post == index)
            {
                if let Some(pre) = at(self.populations, projection.pre) {
                    projection.propagate_to(position, &pre.spikes, &mut input);
                }
            }
            let population = at_mut(self.populations, index);
            if let Some(IntegerPopulation { spikes, neurons: Neurons::Lif(lif), .. }) = population {
                lif.update_position(position.first, map.channels, &mut input, spikes);
            }
        }
    }

    fn learn(&mut self, index: usize) {
        let Some(projection) = at_mut(self.projections, index) else { return };
        let Some(plastic) = &mut projection.plastic else { return };
        let spikes = |population: usize| at(self.populations, population).map_or(&[][..], |it| it.spikes.now());
        let post_population = match at(self.populations, projection.post).map(|post| &post.neurons) {
            Some(Neurons::Lif(lif)) => Some(lif),
            _ => None,
        };
        let modulators = plastic.third_factor.modulators;
        let activity = StepActivity {
            pre: spikes(projection.pre),
            post: spikes(projection.post),
            post_population,
            modulation: modulators.map(|population| values(self.populations, population)),
            surrogate_slope: self.interface.surrogate_slope,
            draws: Draws::new(self.age, index),
        };
        plastic.learn(&activity, self.freeze == Freeze::Plasticity, &mut self.scratch);
    }
}

/// `size` values from `first` on, or as many of them as there are.
fn part(values: &[i16], first: usize, size: usize) -> &[i16] {
    let values = values.get(first..).unwrap_or_default();
    values.get(..size).unwrap_or(values)
}
