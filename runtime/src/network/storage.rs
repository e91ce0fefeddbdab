//! The memory of a network, which the caller owns: room for its populations and projections, and the words of its
//! state.
//!
//! It takes RAM for the populations and projections of the network, and not for the most that a description may
//! have.

use core::fmt;

use metaplastic_shared::artifact::Artifact;
use metaplastic_shared::network::{MAX_POPULATIONS, MAX_PROJECTIONS, NetworkDescription};

use crate::kinds::{IntegerPopulation, IntegerProjection};
use crate::plasticity::PlasticProjection;

/// The memory of one network: room for `POPULATIONS` populations and `PROJECTIONS` projections, of which `PLASTIC`
/// are plastic, and the words of its state. It is one value, which the code that makes the network owns.
///
/// `Memory` holds the words: an array in firmware, a `Vec` on a computer, or a borrowed slice.
/// [`Network::memory_words`](crate::Network::memory_words) says how many an artifact needs. The default capacity is
/// the most that a description may have. Firmware for one artifact gives the capacity of its network, see
/// [`NetworkCapacity::of`], in a type of its own.
///
/// A storage is used for one network only: the populations in it refer to its own words, and a safe Rust value that
/// refers to itself stays borrowed. A storage is plain data that costs nothing to make, so the next network gets a
/// new storage. The words alone can be borrowed repeatedly if `Memory` is `&mut [u64]`.
///
/// A new storage is all zero bits if its words are zero. In a static it then takes no flash.
pub struct NetworkStorage<
    'a,
    Memory,
    const POPULATIONS: usize = MAX_POPULATIONS,
    const PROJECTIONS: usize = MAX_PROJECTIONS,
    const PLASTIC: usize = MAX_PROJECTIONS,
> {
    populations: [Entry<IntegerPopulation<'a>>; POPULATIONS],
    projections: [Entry<IntegerProjection<'a>>; PROJECTIONS],
    plastic: [Entry<PlasticProjection<'a>>; PLASTIC],
    words: Memory,
}

impl<Memory> NetworkStorage<'_, Memory> {
    /// A storage with room for the populations and projections of every network. The content of `words` does not
    /// matter.
    #[must_use]
    pub const fn new(words: Memory) -> Self {
        Self::with_capacity(words)
    }
}

impl<Memory, const POPULATIONS: usize, const PROJECTIONS: usize, const PLASTIC: usize>
    NetworkStorage<'_, Memory, POPULATIONS, PROJECTIONS, PLASTIC>
{
    /// A storage with the capacity in its type. The content of `words` does not matter.
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

/// Nothing or one value, in a layout that is zero while vacant. An `Option` would keep its tag in unused bits of
/// the value; a static of such options is not zero, and takes flash as well.
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

/// The parts of a storage of any capacity.
pub(super) struct StorageParts<'a> {
    pub(super) populations: &'a mut [Entry<IntegerPopulation<'a>>],
    pub(super) projections: &'a mut [Entry<IntegerProjection<'a>>],
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

    /// The parts, limited to what a network needs.
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
    /// The capacity that the network of an artifact needs.
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
        /// Capacity needed, see [`NetworkCapacity::of`].
        needed: NetworkCapacity,
        /// Capacity of the storage.
        given: NetworkCapacity,
    },
}
