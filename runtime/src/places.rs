//! The places of a network's populations and projections: lent by the caller, like the memory of its state, so
//! that RAM is taken for as many as there are and not for the most that a description may have.

use core::fmt;

use metaplastic_shared::artifact::Artifact;
use metaplastic_shared::network::{MAX_POPULATIONS, MAX_PROJECTIONS, Network as Description};

use crate::network::Population;
use crate::plasticity::Plastic;
use crate::projection::Projection;

/// Places for so many populations, projections, and plastic ones among these.
///
/// Without parameters there are as many as a description may have; firmware for one artifact gives the numbers
/// of its network, see [`PlaceCount::of`]. A place is taken for as long as it is borrowed.
pub struct Places<
    'a,
    const POPULATIONS: usize = MAX_POPULATIONS,
    const PROJECTIONS: usize = MAX_PROJECTIONS,
    const PLASTIC: usize = MAX_PROJECTIONS,
> {
    pub(crate) populations: [Option<Population<'a>>; POPULATIONS],
    pub(crate) projections: [Option<Projection<'a>>; PROJECTIONS],
    pub(crate) plastic: [Option<Plastic<'a>>; PLASTIC],
}

impl<const POPULATIONS: usize, const PROJECTIONS: usize, const PLASTIC: usize>
    Places<'_, POPULATIONS, PROJECTIONS, PLASTIC>
{
    /// Nothing in any place.
    pub const EMPTY: Self = Self {
        populations: [const { None }; POPULATIONS],
        projections: [const { None }; PROJECTIONS],
        plastic: [const { None }; PLASTIC],
    };
}

impl Places<'_> {
    /// Enough for every network.
    #[must_use]
    pub const fn new() -> Self {
        Self::EMPTY
    }
}

impl Default for Places<'_> {
    fn default() -> Self {
        Self::new()
    }
}

/// How many places a network takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaceCount {
    /// Populations.
    pub populations: usize,
    /// Projections, plastic or not.
    pub projections: usize,
    /// Plastic projections.
    pub plastic: usize,
}

impl PlaceCount {
    /// As many as the network of an artifact takes.
    #[must_use]
    pub fn of(artifact: &Artifact<'_>) -> Self {
        Self::of_network(&artifact.manifest().network)
    }

    pub(crate) fn of_network(network: &Description) -> Self {
        Self {
            populations: network.populations.len(),
            projections: network.projections.len(),
            plastic: network.projections.iter().filter(|projection| projection.plasticity.is_some()).count(),
        }
    }
}

impl fmt::Display for PlaceCount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { populations, projections, plastic } = self;
        write!(formatter, "{populations} populations, {projections} projections, {plastic} of them plastic")
    }
}
