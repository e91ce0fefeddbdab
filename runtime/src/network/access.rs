//! Read access to a network between two steps, and write access to its plastic weights.
//!
//! Integers are returned as the network keeps them. Each method says which exponent they have.

use metaplastic_shared::artifact::Artifact;

use super::state::{Network, at, values};
use super::storage::Entry;
use crate::hash::Hash;
use crate::kinds::{IntegerPopulation, IntegerProjection, Neurons};
use crate::plasticity::PlasticProjection;

impl<'a> Network<'a> {
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

    /// Bytes of state in RAM, without the populations and projections themselves.
    #[must_use]
    pub fn state_bytes(&self) -> usize {
        8 * self.interface.words
    }

    /// Bytes of one step's input spikes.
    #[must_use]
    pub fn input_bytes(&self) -> usize {
        self.interface.input_bytes
    }

    /// How many analog values a step takes.
    #[must_use]
    pub fn analog_values(&self) -> usize {
        self.interface.analog_values
    }

    /// How many classes, or commands, the readout has.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.interface.readout.classes.into()
    }

    /// Index of the readout population.
    #[must_use]
    pub fn readout_population(&self) -> usize {
        self.interface.readout.population.into()
    }

    pub(super) fn population(&self, index: usize) -> Option<&IntegerPopulation<'a>> {
        at(self.populations, index)
    }

    /// Adds this step's class scores to `class_scores`, one value per class; saturates. The score of a class is the
    /// number of its readout neurons that spike. If the readout is graded, it is the sum of their potentials
    /// instead, in the [exponent](Self::potential_exponent) of the [readout population](Self::readout_population). A
    /// readout of commands adds its [commands](Self::command).
    pub fn accumulate_class_scores(&self, class_scores: &mut [i32]) {
        if self.interface.command.is_some() {
            for (index, score) in class_scores.iter_mut().enumerate().take(self.classes()) {
                *score = score.saturating_add(self.command(index).into());
            }
            return;
        }
        let each = usize::from(self.interface.readout.neurons_per_class.max(1));
        let population = self.readout_population();
        for spike in self.spikes(population) {
            add_class_score(class_scores, usize::from(spike) / each, 1);
        }
        if self.interface.graded {
            for (neuron, potential) in self.potentials(population).iter().enumerate() {
                add_class_score(class_scores, neuron / each, (*potential).into());
            }
        }
    }

    /// A command of this step, in the [exponent](metaplastic_shared::network::Command) of the artifact; zero if the readout
    /// has none of this index. The gain times the sum of the potentials of its neurons, rounded half up, saturated.
    #[must_use]
    pub fn command(&self, index: usize) -> i16 {
        let each = usize::from(self.interface.readout.neurons_per_class.max(1));
        let potentials = self.potentials(self.readout_population()).chunks(each).take(self.classes()).nth(index);
        let sum = potentials.unwrap_or_default().iter().map(|potential| i32::from(*potential)).sum();
        self.interface.command.map_or(0, |scale| scale.command(sum))
    }

    /// Indices of the neurons of a population that spiked in this step, ascending.
    pub fn spikes(&self, population: usize) -> impl Iterator<Item = u16> + Clone {
        self.population(population).into_iter().flat_map(|population| population.spikes.all())
    }

    /// Membrane potentials v of a LIF population, or potentials u of a modulator population, in its
    /// [exponent](Self::potential_exponent).
    #[must_use]
    pub fn potentials(&self, population: usize) -> &[i16] {
        self.population(population).map_or(&[], IntegerPopulation::potentials)
    }

    /// Exponent of a population's potentials, 0 to 15: a potential is the integer times `2^-exponent`.
    #[must_use]
    pub fn potential_exponent(&self, population: usize) -> u8 {
        match self.population(population).map(|population| &population.neurons) {
            Some(Neurons::Lif(lif)) => lif.exponent(),
            Some(Neurons::Modulator(modulator)) => modulator.exponent(),
            _ => 0,
        }
    }

    /// Synaptic currents i of a LIF population that has them, in the [exponent](Self::potential_exponent) of its
    /// potentials; empty for others.
    #[must_use]
    pub fn synaptic_currents(&self, population: usize) -> &[i16] {
        match self.population(population).map(|population| &population.neurons) {
            Some(Neurons::Lif(lif)) => lif.current,
            _ => &[],
        }
    }

    /// Values m of a modulator population, Q15; empty for others.
    #[must_use]
    pub fn modulation(&self, population: usize) -> &[i16] {
        values(self.populations, population)
    }

    /// Rows of plastic weights P of a projection, one per presynaptic neuron, without padding, in its
    /// [exponent](Self::plastic_exponent).
    pub fn plastic_rows(&self, projection: usize) -> impl Iterator<Item = &[i16]> {
        self.rows(projection, |plastic| plastic.weights)
    }

    /// Exponent of a projection's plastic weights, 0 to 24: a weight is the integer times `2^-exponent`. Zero where
    /// it has none.
    #[must_use]
    pub fn plastic_exponent(&self, projection: usize) -> u8 {
        self.plastic(projection).1.map_or(0, |plastic| plastic.format().plastic_exponent)
    }

    /// Rows of stored eligibility, one per presynaptic neuron, without padding, in its
    /// [exponent](Self::eligibility_exponent). The stored value is E, or with lazy decay E times a scale from one
    /// half to below two.
    pub fn eligibility_rows(&self, projection: usize) -> impl Iterator<Item = &[i16]> {
        self.rows(projection, |plastic| plastic.eligibility)
    }

    /// Exponent of a projection's eligibility, 0 to 15: E is the integer times `2^-exponent`. Zero where it has
    /// none.
    #[must_use]
    pub fn eligibility_exponent(&self, projection: usize) -> u8 {
        self.plastic(projection).1.map_or(0, |plastic| plastic.format().eligibility_exponent)
    }

    /// The padding behind the last synapse of each row of P, then of each row of E: always zeros.
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
        of: impl Fn(&'n PlasticProjection<'a>) -> &'n [i16],
    ) -> impl Iterator<Item = &'n [i16]> {
        let (size, plastic) = self.plastic(projection);
        let rows = plastic.map(|plastic| of(plastic).chunks_exact(plastic.row_length().max(1)));
        rows.into_iter().flatten().map(move |row| row.get(..size).unwrap_or_default())
    }

    /// The number of a projection's postsynaptic neurons, and its plastic part.
    pub(super) fn plastic(&self, projection: usize) -> (usize, Option<&PlasticProjection<'a>>) {
        let projection = at(self.projections, projection);
        let post = projection.and_then(|projection| self.population(projection.post));
        (
            post.map_or(0, |population| population.size),
            projection.and_then(|projection| projection.plastic.as_deref()),
        )
    }

    /// Replaces plastic weights P of a projection from synapse `first` on, counted row by row without padding.
    /// Weights are in the projection's [exponent](Self::plastic_exponent) and are clamped to `P_max`; those beyond
    /// the last synapse are ignored.
    pub fn write_plastic(&mut self, projection: usize, first: usize, weights: impl Iterator<Item = i16>) {
        let projection = self.projections.get_mut(projection).and_then(Entry::get_mut);
        if let Some(IntegerProjection { plastic: Some(plastic), .. }) = projection {
            plastic.write(first, weights);
        }
    }

    /// Whether a third factor was not zero in the last step, so that plastic weights could change.
    #[must_use]
    pub fn is_modulated(&self) -> bool {
        let projections = self.projections.iter().filter_map(Entry::get);
        projections.filter_map(|projection| projection.plastic.as_ref()).any(|plastic| plastic.modulated)
    }

    /// The third factor M of a projection's postsynaptic neurons, in its [exponent](Self::third_factor_exponent).
    #[must_use]
    pub fn third_factor(&self, projection: usize) -> &[i16] {
        self.plastic(projection).1.map_or(&[], |plastic| plastic.third_factor.value)
    }

    /// Exponent of a projection's third factor, 0 to 15: M is the integer times `2^-exponent`. Zero where it has
    /// none.
    #[must_use]
    pub fn third_factor_exponent(&self, projection: usize) -> u8 {
        self.plastic(projection).1.map_or(0, |plastic| plastic.format().third_factor_exponent)
    }

    /// Steps since the initial state; wraps. The random offsets of roundings follow from it, so that it belongs to what
    /// a network has learned.
    #[must_use]
    pub fn age(&self) -> u32 {
        self.age
    }

    /// Sets the [age](Self::age), as plastic weights are written that were learned up to it.
    pub fn set_age(&mut self, age: u32) {
        self.age = age;
    }

    /// A hash of the complete state: age, spikes, potentials, synaptic currents, adaptation, refractory counters,
    /// traces, E, M and P.
    #[must_use]
    pub fn state_hash(&self) -> u64 {
        let mut hash = Hash::new();
        hash.u32(self.age);
        self.populations.iter().filter_map(Entry::get).for_each(|population| population.hash(&mut hash));
        self.projections.iter().filter_map(Entry::get).for_each(|projection| projection.hash(&mut hash));
        hash.finish()
    }
}

fn add_class_score(class_scores: &mut [i32], class: usize, score: i32) {
    if let Some(sum) = class_scores.get_mut(class) {
        *sum = sum.saturating_add(score);
    }
}
