//! A hash of a network's complete state: CRC-64/XZ over its integers, little-endian, in one fixed order.
//!
//! Equal hashes on two machines mean that they computed the same; golden traces hold one per step.

use crc::{CRC_64_XZ, Crc, Digest, Table};

static CRC: Crc<u64, Table<1>> = Crc::<u64, Table<1>>::new(&CRC_64_XZ);

/// A hash of the values so far.
pub(crate) struct Hash {
    digest: Digest<'static, u64, Table<1>>,
}

impl Hash {
    pub(crate) fn new() -> Self {
        Self { digest: CRC.digest() }
    }

    pub(crate) fn i16(&mut self, values: &[i16]) {
        values.iter().for_each(|value| self.digest.update(&value.to_le_bytes()));
    }

    pub(crate) fn u16(&mut self, values: &[u16]) {
        values.iter().for_each(|value| self.digest.update(&value.to_le_bytes()));
    }

    pub(crate) fn u32(&mut self, value: u32) {
        self.digest.update(&value.to_le_bytes());
    }

    /// Adds a list. Its length comes first, so that the boundary between two lists matters.
    pub(crate) fn list(&mut self, values: impl Iterator<Item = u16> + Clone) {
        self.u32(values.clone().count() as u32);
        values.for_each(|value| self.digest.update(&value.to_le_bytes()));
    }

    pub(crate) fn finish(self) -> u64 {
        self.digest.finalize()
    }
}
