//! The sections of a network's state as they are read, value by value. Reading changes nothing.
//!
//! It knows which slice of a population or projection a section is, but not who reads it.

use metaplastic_shared::state::{SPIKES_A_VALUE, StateOwner, StateQuantity, StateSection};

use super::state::Network;
use crate::kinds::{IntegerPopulation, Neurons};
use crate::plasticity::PlasticProjection;

/// The values of a section of the state, 16 bits each; none where the network does not have it.
pub struct StateValues<'n, 'a>(Values<'n, 'a>);

/// Where they are kept.
enum Values<'n, 'a> {
    Signed(&'n [i16]),
    Unsigned(&'n [u16]),
    /// Of a population.
    Spikes(&'n IntegerPopulation<'a>),
    /// Rows of E or P, of which `.1` values are not padding, in rows of `.2`.
    Rows(&'n [i16], usize, usize),
    /// Of a number of rows.
    Scales(&'n PlasticProjection<'a>, usize),
}

impl<'n, 'a> StateValues<'n, 'a> {
    /// Of a network as it is now.
    #[must_use]
    pub fn of(network: &'n Network<'a>, section: StateSection) -> Self {
        let StateSection { quantity, index } = section;
        let index = usize::from(index);
        let values = if quantity.owner() == StateOwner::Population {
            network.population(index).map(|population| Values::of_population(population, quantity))
        } else {
            let (post, plastic) = network.plastic(index);
            plastic.map(|plastic| Values::of_projection(plastic, quantity, post))
        };
        Self(values.unwrap_or(Values::Signed(&[])))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.0 {
            Values::Signed(values) => values.len(),
            Values::Unsigned(values) => values.len(),
            Values::Spikes(population) if population.spikes.is_kept() => population.size.div_ceil(SPIKES_A_VALUE),
            Values::Spikes(_) => 0,
            Values::Rows(values, size, row) => values.len().checked_div(*row).unwrap_or(0) * size,
            Values::Scales(_, rows) => *rows,
        }
    }

    /// Whether the network has nothing of it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A value, as its bits; zero behind the last.
    #[must_use]
    pub fn get(&self, index: usize) -> u16 {
        match &self.0 {
            Values::Signed(values) => bits(values, index),
            Values::Unsigned(values) => values.get(index).copied().unwrap_or(0),
            Values::Spikes(population) => population.spikes.bits_of(SPIKES_A_VALUE * index),
            Values::Rows(values, size, row) => {
                let pre = index.checked_div(*size).unwrap_or(0);
                bits(values, pre * row + index - pre * size)
            }
            Values::Scales(plastic, rows) if index < *rows => plastic.eligibility_scale(index),
            Values::Scales(..) => 0,
        }
    }
}

impl<'n, 'a> Values<'n, 'a> {
    fn of_population(population: &'n IntegerPopulation<'a>, quantity: StateQuantity) -> Self {
        match (quantity, &population.neurons) {
            (StateQuantity::Spikes, _) => Self::Spikes(population),
            (StateQuantity::Potential, _) => Self::Signed(population.potentials()),
            (StateQuantity::SynapticCurrent, Neurons::Lif(lif)) => Self::Signed(lif.current),
            (StateQuantity::Adaptation, Neurons::Lif(lif)) => Self::Signed(lif.adaptation()),
            (StateQuantity::Refractory, Neurons::Lif(lif)) => Self::Unsigned(lif.refractory()),
            (StateQuantity::Modulation, Neurons::Modulator(modulator)) => Self::Signed(modulator.value),
            _ => Self::Signed(&[]),
        }
    }

    /// `post` is the number of postsynaptic neurons.
    fn of_projection(plastic: &'n PlasticProjection<'a>, quantity: StateQuantity, post: usize) -> Self {
        let [x, slow_x, y, slow_y, threshold] = plastic.traces();
        let row = plastic.row_length();
        match quantity {
            StateQuantity::PreTrace => Self::Signed(x),
            StateQuantity::SlowPreTrace => Self::Signed(slow_x),
            StateQuantity::PostTrace => Self::Signed(y),
            StateQuantity::SlowPostTrace => Self::Signed(slow_y),
            StateQuantity::SlidingThreshold => Self::Signed(threshold),
            StateQuantity::ThirdFactor => Self::Signed(plastic.third_factor.value),
            StateQuantity::Eligibility => Self::Rows(plastic.eligibility, post, row),
            StateQuantity::PlasticWeights => Self::Rows(plastic.weights, post, row),
            StateQuantity::EligibilityScale => {
                Self::Scales(plastic, plastic.weights.len().checked_div(row).unwrap_or(0))
            }
            _ => Self::Signed(&[]),
        }
    }
}

fn bits(values: &[i16], index: usize) -> u16 {
    values.get(index).copied().unwrap_or(0) as u16
}
