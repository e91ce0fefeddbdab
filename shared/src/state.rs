//! The parts of a network's state that can be read between two steps, each a sequence of 16-bit values.
//!
//! It knows how many values a network has of each, but neither where a chip keeps them nor who reads them.
//!
//! ```
//! use metaplastic_shared::network::{
//!     Connectivity, Lif, Name, NetworkDescription, Plasticity, Population, PopulationKind, Projection, Readout, ThirdFactor,
//! };
//! use metaplastic_shared::rule::Preset;
//! use metaplastic_shared::state::{StateQuantity, StateSection};
//!
//! let population = |name, size, kind| Population { name: Name::try_from(name).unwrap(), size, kind };
//! let plasticity = Some(Plasticity { rule: Preset::Mstdpet.rule(), third_factor: ThirdFactor::One, leak: None });
//! let network = NetworkDescription {
//!     populations: [
//!         population("input", 20, PopulationKind::Input),
//!         population("output", 6, PopulationKind::Lif(Lif::default())),
//!     ].into_iter().collect(),
//!     projections: [Projection { pre: 0, post: 1, connectivity: Connectivity::Dense, plasticity }].into_iter().collect(),
//!     surrogate_slope: 3,
//!     readout: Readout::of_classes(1, 2, 3),
//! };
//! let values = |quantity, index| StateSection::new(quantity, index).values(&network);
//! assert_eq!(values(StateQuantity::Spikes, 0), 2); // 20 bits
//! assert_eq!(values(StateQuantity::PlasticWeights, 0), 20 * 6);
//! // The network has neither synaptic currents nor a second trace.
//! assert_eq!([values(StateQuantity::SynapticCurrent, 1), values(StateQuantity::SlowPreTrace, 0)], [0, 0]);
//! ```

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::network::{NetworkDescription, Plasticity, Population, Projection};
use crate::rule::{Postsynaptic, Presynaptic};

/// Neurons whose spikes are in one value.
pub const SPIKES_A_VALUE: usize = 16;

/// A quantity of one population or projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StateSection {
    /// The quantity.
    pub quantity: StateQuantity,
    /// Index of the population or of the projection that it belongs to.
    pub index: u8,
}

/// What can be read of a population or of a projection. Values are i16 unless it is said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum StateQuantity {
    /// Spikes of this step of a population: [`SPIKES_A_VALUE`] neurons a value, a bit each, least significant first.
    Spikes,
    /// Potentials v of a LIF population or u of a modulator population, in its exponent.
    Potential,
    /// Synaptic currents i, in the exponent of the potential.
    SynapticCurrent,
    /// Adaptation a, Q15.
    Adaptation,
    /// Steps in which a neuron cannot spike yet, u16.
    Refractory,
    /// Values m of a modulator population, Q15.
    Modulation,
    /// Trace x of a projection's presynaptic neurons, Q15.
    PreTrace,
    /// Trace x2, Q15.
    SlowPreTrace,
    /// Trace y of its postsynaptic neurons, Q15.
    PostTrace,
    /// Trace y2, Q15.
    SlowPostTrace,
    /// The sliding threshold `theta_y`, Q15.
    SlidingThreshold,
    /// Third factor M of its postsynaptic neurons, in its exponent.
    ThirdFactor,
    /// Stored eligibility, rows by pre without padding, in its exponent: E times the row's
    /// [scale](Self::EligibilityScale).
    Eligibility,
    /// What eligibility is stored times, of each presynaptic neuron's row, u16 with 15 fractional bits.
    EligibilityScale,
    /// Plastic weights P, rows by pre without padding, in their exponent.
    PlasticWeights,
}

/// Whose quantity it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateOwner {
    /// A population's.
    Population,
    /// A projection's.
    Projection,
}

impl StateQuantity {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Spikes,
        Self::Potential,
        Self::SynapticCurrent,
        Self::Adaptation,
        Self::Refractory,
        Self::Modulation,
        Self::PreTrace,
        Self::SlowPreTrace,
        Self::PostTrace,
        Self::SlowPostTrace,
        Self::SlidingThreshold,
        Self::ThirdFactor,
        Self::Eligibility,
        Self::EligibilityScale,
        Self::PlasticWeights,
    ];

    /// Whose it is.
    #[must_use]
    pub const fn owner(self) -> StateOwner {
        match self {
            Self::Spikes
            | Self::Potential
            | Self::SynapticCurrent
            | Self::Adaptation
            | Self::Refractory
            | Self::Modulation => StateOwner::Population,
            _ => StateOwner::Projection,
        }
    }

    fn of_population(self, population: &Population) -> usize {
        let (size, lif) = (usize::from(population.size), population.lif());
        let is_kept = match self {
            Self::Spikes if population.spikes() => return size.div_ceil(SPIKES_A_VALUE),
            Self::Potential => lif.is_some() || population.is_modulator(),
            Self::SynapticCurrent => lif.is_some_and(|lif| lif.synaptic),
            Self::Adaptation => lif.is_some_and(|lif| lif.adaptive),
            Self::Refractory => lif.is_some_and(|lif| lif.refractory > 0),
            Self::Modulation => population.is_modulator(),
            _ => false,
        };
        if is_kept { size } else { 0 }
    }

    /// `shape` is presynaptic and postsynaptic neurons.
    fn of_plasticity(self, plasticity: &Plasticity, shape: (usize, usize)) -> usize {
        let (rule, (pre, post)) = (&plasticity.rule, shape);
        let kept = |is_kept: bool, size: usize| if is_kept { size } else { 0 };
        match self {
            Self::PreTrace => kept(rule.reads_pre(Presynaptic::Trace), pre),
            Self::SlowPreTrace => kept(rule.reads_pre(Presynaptic::SlowTrace), pre),
            Self::PostTrace => kept(rule.needs_post_trace(), post),
            Self::SlowPostTrace => kept(rule.reads_post(Postsynaptic::SlowTrace), post),
            Self::SlidingThreshold => kept(rule.reads_post(Postsynaptic::TraceTimesThreshold), post),
            Self::ThirdFactor => post,
            Self::Eligibility | Self::PlasticWeights => pre * post,
            Self::EligibilityScale => pre,
            _ => 0,
        }
    }
}

impl StateSection {
    /// A quantity of the population or projection with an index.
    #[must_use]
    pub const fn new(quantity: StateQuantity, index: u8) -> Self {
        Self { quantity, index }
    }

    /// How many values a network has of it; none where it does not have it.
    #[must_use]
    pub fn values(self, network: &NetworkDescription) -> usize {
        let Self { quantity, index } = self;
        if quantity.owner() == StateOwner::Population {
            let population = network.populations.get(usize::from(index));
            return population.map_or(0, |population| quantity.of_population(population));
        }
        let of = |projection: &Projection| {
            let plasticity = projection.plasticity.as_ref();
            plasticity.map_or(0, |plasticity| quantity.of_plasticity(plasticity, network.shape(projection)))
        };
        network.projections.get(usize::from(index)).map_or(0, of)
    }

    /// The sections that a network has, those of its populations first, in declaration order.
    pub fn all(network: &NetworkDescription) -> impl Iterator<Item = Self> + '_ {
        let owners = [
            (StateOwner::Population, network.populations.len()),
            (StateOwner::Projection, network.projections.len()),
        ];
        let sections = owners.into_iter().flat_map(|(owner, count)| {
            (0..count as u8).flat_map(move |index| {
                let quantities = StateQuantity::ALL.into_iter().filter(move |quantity| quantity.owner() == owner);
                quantities.map(move |quantity| Self { quantity, index })
            })
        });
        sections.filter(|section| section.values(network) > 0)
    }
}

impl fmt::Display for StateSection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let owner = if self.quantity.owner() == StateOwner::Population { "population" } else { "projection" };
        write!(formatter, "{:?} of {owner} {}", self.quantity, self.index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Lif, Name, PopulationKind, Readout};

    #[test]
    fn a_population_has_what_its_kind_keeps() {
        let lif = Lif { synaptic: true, ..Lif::default() };
        let population = |kind| Population { name: Name::new(), size: 17, kind };
        let network = NetworkDescription {
            populations: [population(PopulationKind::Input), population(PopulationKind::Lif(lif))]
                .into_iter()
                .collect(),
            projections: [].into_iter().collect(),
            surrogate_slope: 1,
            readout: Readout::of_classes(1, 2, 1),
        };
        let of = |quantity, index| {
            (StateSection::new(quantity, index), StateSection::new(quantity, index).values(&network))
        };
        let all = [
            of(StateQuantity::Spikes, 0),
            of(StateQuantity::Spikes, 1),
            of(StateQuantity::Potential, 1),
            of(StateQuantity::SynapticCurrent, 1),
        ];
        assert_eq!(all.map(|(_, values)| values), [2, 2, 17, 17]);
        assert!(StateSection::all(&network).eq(all.map(|(section, _)| section)));
        for none in
            [of(StateQuantity::Potential, 0), of(StateQuantity::Spikes, 2), of(StateQuantity::PlasticWeights, 0)]
        {
            assert_eq!(none.1, 0, "{}", none.0);
        }
    }
}
