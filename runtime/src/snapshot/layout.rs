//! The constants of a record, as `docs/snapshot.md` defines them, and the slot of flash that holds one.
//!
//! It knows neither the flash nor a network.

/// The first eight bytes of every record.
pub(super) const MAGIC: [u8; 8] = *b"PLASTICP";
/// The format version this crate writes.
pub const VERSION: u16 = 2;
/// The oldest format version it reads; a record of version 1 has no age.
pub(super) const OLDEST_VERSION: u16 = 1;
/// Bytes of the age, with which the payload begins from version 2 on.
pub(super) const AGE_BYTES: u32 = 4;
/// Bytes before the payload.
pub(super) const HEADER_BYTES: u32 = 24;
/// Bytes of the commit record before its padding.
pub(super) const COMMIT_BYTES: u32 = 8;
/// Bytes on the stack between flash and network; the driver's read and write sizes divide it.
pub const WINDOW: usize = 256;
/// The value of erased bytes.
pub(super) const ERASED: u8 = 0xff;

/// Bytes of a payload with this many plastic weights; `None` beyond 4 GiB.
#[must_use]
pub fn payload_bytes(weights: usize) -> Option<u32> {
    u32::try_from(weights).ok()?.checked_mul(2)?.checked_add(AGE_BYTES)
}

/// A part of the flash that holds one record. In flash, its start and length are multiples of `ERASE_SIZE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotSlot {
    /// First byte in the flash.
    pub start: u32,
    /// Bytes.
    pub length: u32,
}

/// The next multiple of a power of two; the last one below 2^32 if there is none.
pub(super) fn padded(bytes: u32, unit: u16) -> u32 {
    let mask = u32::from(unit).wrapping_sub(1);
    bytes.saturating_add(mask) & !mask
}
