//! The header of a record and the length of a record, as `docs/snapshot.md` defines them; it knows no flash.

use super::error::SnapshotError;
use super::layout::{COMMIT_BYTES, HEADER_BYTES, MAGIC, OLDEST_VERSION, VERSION, WINDOW, padded};

/// The header of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The format version: 1 or [`VERSION`].
    pub version: u16,
    /// The commit record begins at, and is padded to, a multiple of this, bytes: a power of two in 1..=256.
    pub unit: u16,
    /// Checksum of the artifact whose plastic weights it holds.
    pub artifact: u32,
    /// The number of the save: the first is 1. Wraps.
    pub sequence: u32,
    /// Payload, bytes.
    pub length: u32,
}

impl Header {
    pub(super) fn to_bytes(self) -> [u8; HEADER_BYTES as usize] {
        let mut bytes = [0; HEADER_BYTES as usize];
        let fields = MAGIC
            .into_iter()
            .chain(self.version.to_le_bytes())
            .chain(self.unit.to_le_bytes())
            .chain(self.artifact.to_le_bytes())
            .chain(self.sequence.to_le_bytes())
            .chain(self.length.to_le_bytes());
        bytes.iter_mut().zip(fields).for_each(|(byte, field)| *byte = field);
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8; HEADER_BYTES as usize]) -> Result<Self, SnapshotError> {
        let [magic @ .., v0, v1, u0, u1, a0, a1, a2, a3, s0, s1, s2, s3, l0, l1, l2, l3] = *bytes;
        if magic != MAGIC {
            return Err(SnapshotError::Magic);
        }
        let version = u16::from_le_bytes([v0, v1]);
        if !(OLDEST_VERSION..=VERSION).contains(&version) {
            return Err(SnapshotError::Version(version));
        }
        let unit = u16::from_le_bytes([u0, u1]);
        if !unit.is_power_of_two() || usize::from(unit) > WINDOW {
            return Err(SnapshotError::Unit(unit));
        }
        Ok(Self {
            version,
            unit,
            artifact: u32::from_le_bytes([a0, a1, a2, a3]),
            sequence: u32::from_le_bytes([s0, s1, s2, s3]),
            length: u32::from_le_bytes([l0, l1, l2, l3]),
        })
    }

    /// Whether the payload begins with the network's age.
    pub(super) fn has_age(self) -> bool {
        self.version > OLDEST_VERSION
    }

    /// Whether this save came after another: serial numbers wrap (RFC 1982).
    pub(super) fn is_newer_than(self, other: Self) -> bool {
        (self.sequence.wrapping_sub(other.sequence) as i32) > 0
    }
}

/// Bytes of a whole record with `length` bytes of payload; `unit` as in [`Header::unit`]. Saturates.
#[must_use]
pub fn record_bytes(length: u32, unit: u16) -> u32 {
    let commit = padded(HEADER_BYTES.saturating_add(length), unit);
    padded(commit.saturating_add(COMMIT_BYTES), unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_survives_its_bytes() {
        for version in [1, 2] {
            let header = Header { version, unit: 256, artifact: 0x0102_0304, sequence: 5, length: 6 };
            assert_eq!(Header::from_bytes(&header.to_bytes()), Ok(header));
        }
        let later = Header { version: 3, unit: 256, artifact: 0, sequence: 5, length: 6 };
        assert_eq!(Header::from_bytes(&later.to_bytes()), Err(SnapshotError::Version(3)));
    }

    #[test]
    fn a_unit_is_a_power_of_two_within_the_window() {
        for unit in [0, 3, 257, 512, u16::MAX] {
            let bytes = Header { version: VERSION, unit, artifact: 1, sequence: 2, length: 3 }.to_bytes();
            assert_eq!(Header::from_bytes(&bytes), Err(SnapshotError::Unit(unit)));
        }
    }

    #[test]
    fn a_later_save_is_newer_also_where_the_count_wraps() {
        let save = |sequence| Header { version: VERSION, unit: 1, artifact: 0, sequence, length: 0 };
        assert!(save(2).is_newer_than(save(1)) && !save(1).is_newer_than(save(2)));
        assert!(save(0).is_newer_than(save(u32::MAX)) && !save(u32::MAX).is_newer_than(save(0)));
        assert!(!save(7).is_newer_than(save(7)));
    }

    #[test]
    fn a_record_is_whole_units_long() {
        assert_eq!(record_bytes(12, 1), 24 + 12 + 8);
        assert_eq!(record_bytes(12, 16), 48 + 16);
        assert_eq!(record_bytes(12, 256), 512);
        assert_eq!(record_bytes(u32::MAX, 256) % 256, 0);
    }
}
