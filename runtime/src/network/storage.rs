//! What the caller owns and a network lives in: room for its populations and projections, and the words of its state.
//!
//! RAM is taken for as many populations and projections as there are, and not for the most that a description may have.

use core::fmt;

use metaplastic_shared::artifact::Artifact;
use metaplastic_shared::network::{MAX_POPULATIONS, MAX_PROJECTIONS, NetworkDescription};

use crate::kinds::{Population, Projection};
use crate::plasticity::PlasticProjection;

/// Where one network lives: room for so many populations, projections, and plastic ones among these, and the words of
/// its state. One value, owned by whoever makes the network.
///
/// `Memory` holds the words: an array in firmware, a `Vec` on a computer, or a borrowed slice.
/// [`Network::memory_words`](crate::Network::memory_words) says how many an artifact needs. Without numbers there is
/// room for as much as a description may have; firmware for one artifact gives those of its network, see
/// [`NetworkCapacity::of`], as a type of its own.
///
/// A network is made in a storage once: what the storage then holds refers to its own words, and a safe Rust value that
/// refers to itself stays borrowed. A storage is plain data that costs nothing to make, so the next network gets a new
/// one; the words alone can be borrowed again and again where `Memory` is `&mut [u64]`.
///
/// A new storage is all zero bits where its words are, so that in a static it takes no flash.
pub struct NetworkStorage<
    'a,
    Memory,
    const POPULATIONS: usize = MAX_POPULATIONS,
    const PROJECTIONS: usize = MAX_PROJECTIONS,
    const PLASTIC: usize = MAX_PROJECTIONS,
> {
    populations: [Entry<Population<'a>>; POPULATIONS],
    projections: [Entry<Projection<'a>>; PROJECTIONS],
    plastic: [Entry<PlasticProjection<'a>>; PLASTIC],
    words: Memory,
}

impl<Memory> NetworkStorage<'_, Memory> {
    /// With room for every network's populations and projections. What the words hold does not matter.
    #[must_use]
    pub const fn new(words: Memory) -> Self {
        Self::with_capacity(words)
    }
}

impl<Memory, const POPULATIONS: usize, const PROJECTIONS: usize, const PLASTIC: usize>
    NetworkStorage<'_, Memory, POPULATIONS, PROJECTIONS, PLASTIC>
{
    /// With room for as many populations and projections as its type says. What the words hold does not matter.
    #[must_use]
    pub const fn with_capacity(words: Memory) -> Self {
        Self {
            populations: [const { Entry::Vacant }; POPULATIONS],
            projections: [const { Entry::Vacant }; PROJECTIONS],
            plastic: [const { Entry::Vacant }; PLASTIC],
            words,
        }
    }
}

/// Nothing or one value, laid out so that it is zero while vacant: an `Option` would keep its tag where the value has
/// bits to spare, and a static of such is not zero and lies in flash as well.
#[repr(C, u8)]
pub(crate) enum Entry<T> {
    Vacant = 0,
    Occupied(T) = 1,
}

impl<T> Entry<T> {
    pub(crate) fn get(&self) -> Option<&T> {
        match self {
            Self::Vacant => None,
            Self::Occupied(value) => Some(value),
        }
    }

    pub(crate) fn get_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Vacant => None,
            Self::Occupied(value) => Some(value),
        }
    }

    pub(crate) fn insert(&mut self, value: T) -> Option<&mut T> {
        *self = Self::Occupied(value);
        self.get_mut()
    }
}

/// A storage's parts, whatever its capacity.
pub(super) struct StorageParts<'a> {
    pub(super) populations: &'a mut [Entry<Population<'a>>],
    pub(super) projections: &'a mut [Entry<Projection<'a>>],
    pub(super) plastic: &'a mut [Entry<PlasticProjection<'a>>],
    pub(super) words: &'a mut [u64],
}

impl<'a> StorageParts<'a> {
    pub(super) fn of<Memory, const POPULATIONS: usize, const PROJECTIONS: usize, const PLASTIC: usize>(
        storage: &'a mut NetworkStorage<'a, Memory, POPULATIONS, PROJECTIONS, PLASTIC>,
    ) -> Self
    where
        Memory: AsMut<[u64]>,
    {
        let NetworkStorage { populations, projections, plastic, words } = storage;
        Self { populations, projections, plastic, words: words.as_mut() }
    }

    /// As much of them as a network takes.
    ///
    /// # Errors
    /// If they are too few.
    pub(super) fn limited_to(self, needed: NetworkCapacity, words: usize) -> Result<Self, MemoryError> {
        let too_few = MemoryError::Capacity { needed, given: self.capacity() };
        let too_short = MemoryError::Words { needed: words, given: self.words.len() };
        Ok(Self {
            populations: self.populations.get_mut(..needed.populations).ok_or(too_few)?,
            projections: self.projections.get_mut(..needed.projections).ok_or(too_few)?,
            plastic: self.plastic.get_mut(..needed.plastic).ok_or(too_few)?,
            words: self.words.get_mut(..words).ok_or(too_short)?,
        })
    }

    fn capacity(&self) -> NetworkCapacity {
        NetworkCapacity {
            populations: self.populations.len(),
            projections: self.projections.len(),
            plastic: self.plastic.len(),
        }
    }
}

/// How many populations and projections a network has, or a storage has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetworkCapacity {
    /// Populations.
    pub populations: usize,
    /// Projections, plastic or not.
    pub projections: usize,
    /// Plastic projections.
    pub plastic: usize,
}

impl NetworkCapacity {
    /// What the network of an artifact takes.
    #[must_use]
    pub fn of(artifact: &Artifact<'_>) -> Self {
        Self::of_network(&artifact.manifest().network)
    }

    pub(super) fn of_network(network: &NetworkDescription) -> Self {
        Self {
            populations: network.populations.len(),
            projections: network.projections.len(),
            plastic: network.projections.iter().filter(|projection| projection.plasticity.is_some()).count(),
        }
    }
}

impl fmt::Display for NetworkCapacity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { populations, projections, plastic } = self;
        write!(formatter, "{populations} populations, {projections} projections, {plastic} of them plastic")
    }
}

/// A storage is too small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MemoryError {
    /// It has too few words for the state.
    #[error("network state: {needed} 8-byte words are needed, {given} are given")]
    Words {
        /// Words needed, see [`Network::memory_words`](crate::Network::memory_words).
        needed: usize,
        /// Words given.
        given: usize,
    },
    /// It has room for too few populations or projections.
    #[error("network capacity: {needed} are needed, there is room for {given}")]
    Capacity {
        /// See [`NetworkCapacity::of`].
        needed: NetworkCapacity,
        /// What there is.
        given: NetworkCapacity,
    },
}
