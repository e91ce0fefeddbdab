//! The errors of saving and loading plastic weights, and the refusals that the host computer receives.

use embedded_storage::nor_flash::{NorFlashError, NorFlashErrorKind};
use metaplastic_shared::wire::Refusal;

use super::layout::{MAGIC, VERSION, WINDOW};

/// An operation of the flash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Read.
    Read,
    /// Erase.
    Erase,
    /// Write.
    Write,
}

impl Action {
    /// Converts the error of the flash driver.
    pub(super) fn failed<E: NorFlashError>(self, offset: u32) -> impl FnOnce(E) -> SnapshotError {
        move |error| SnapshotError::Flash { action: self, offset, kind: error.kind() }
    }
}

/// Why plastic weights could not be saved or loaded. Neither flash nor network was changed, unless the variant says
/// so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The flash failed. A slot may be half written; the other one stays unchanged.
    #[error("flash: {action:?} at {offset:#x} failed: {kind}")]
    Flash {
        /// The operation that failed.
        action: Action,
        /// Offset in the flash, bytes.
        offset: u32,
        /// The driver's error kind.
        kind: NorFlashErrorKind,
    },
    /// No slot holds a complete save.
    #[error("no plastic weights are saved")]
    NothingSaved,
    /// The save is of another artifact.
    #[error("the saved plastic weights are of artifact {saved:08x}, the network's is {ours:08x}")]
    Artifact {
        /// Checksum of the artifact whose weights are saved.
        saved: u32,
        /// Checksum of the network's artifact.
        ours: u32,
    },
    /// The record does not begin with the magic.
    #[error("snapshot: does not begin with the magic \"{magic}\"", magic = MAGIC.escape_ascii())]
    Magic,
    /// Written in another format version.
    #[error("snapshot: format version {0}, this program reads version {VERSION} alone")]
    Version(u16),
    /// The write unit is not valid.
    #[error("snapshot: write unit {0} is not a power of two in 1..={WINDOW}")]
    Unit(u16),
    /// The record reaches beyond its slot.
    #[error("snapshot: {slot} bytes end before the record does")]
    Truncated {
        /// Bytes of the slot.
        slot: u32,
    },
    /// The payload is not that of the network.
    #[error("snapshot: {saved} bytes of plastic weights, the network has {needed}")]
    Length {
        /// Bytes in the record.
        saved: u32,
        /// Bytes of the network.
        needed: u32,
    },
    /// Header or payload are damaged, or the record was never committed.
    #[error("snapshot: CRC-32 is {computed:08x}, the commit record says {stored:08x}: damaged or not complete")]
    Checksum {
        /// In the commit record.
        stored: u32,
        /// Of the bytes before it.
        computed: u32,
    },
    /// The commit record is not that of the header.
    #[error("snapshot: the commit record is of save {committed}, the header of save {begun}: not complete")]
    Commit {
        /// Sequence number in the commit record.
        committed: u32,
        /// Sequence number in the header.
        begun: u32,
    },
    /// A byte behind the commit record is not erased.
    #[error("snapshot: a byte of the commit record's padding is {0:#04x}, not 0xff")]
    Padding(u8),
    /// The record does not fit the slot.
    #[error("snapshot: {needed} bytes are needed, the slot has {slot}")]
    TooLarge {
        /// Bytes of the network's record.
        needed: u32,
        /// Bytes of the slot.
        slot: u32,
    },
    /// The written bytes do not read back: the flash is worn out, or other code writes to it. The other slot stays
    /// unchanged.
    #[error("flash: what was written does not read back")]
    Verify,
    /// The two passes of a load read different bytes. All plastic weights are zero, as in the initial state.
    #[error("flash: two readings of the same bytes differ; all plastic weights are now zero")]
    Unstable,
}

impl From<SnapshotError> for Refusal {
    fn from(error: SnapshotError) -> Self {
        match error {
            SnapshotError::NothingSaved | SnapshotError::Artifact { .. } => Self::NothingSaved,
            SnapshotError::TooLarge { .. } => Self::NoStorage,
            _ => Self::Storage,
        }
    }
}

/// Why a region of flash cannot hold two slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegionError {
    /// The driver's read, write and erase sizes cannot be worked with.
    #[error("flash: {name} is {size}; it must be a power of two in 1..={limit}")]
    Size {
        /// `READ_SIZE`, `WRITE_SIZE` or `ERASE_SIZE`.
        name: &'static str,
        /// The driver's value, bytes.
        size: usize,
        /// Most that is allowed.
        limit: usize,
    },
    /// The region does not begin and end with a page.
    #[error("region: {start:#x}..{end:#x} does not begin and end at multiples of a page, {page} bytes")]
    Alignment {
        /// Its first byte.
        start: u32,
        /// One behind its last.
        end: u32,
        /// `ERASE_SIZE`, bytes.
        page: u32,
    },
    /// The region ends beyond the flash.
    #[error("region: ends at {end:#x}, the flash at {capacity:#x}")]
    Capacity {
        /// One behind the region's last byte.
        end: u32,
        /// Bytes of flash.
        capacity: usize,
    },
    /// The region does not hold two records of the network.
    #[error("region: {given} pages of {page} bytes are given, two slots of this network need {needed}")]
    TooSmall {
        /// Pages needed.
        needed: u32,
        /// Pages given.
        given: u32,
        /// `ERASE_SIZE`, bytes.
        page: u32,
    },
}

impl From<RegionError> for Refusal {
    fn from(_: RegionError) -> Self {
        Self::NoStorage
    }
}
