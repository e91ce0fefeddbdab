//! The CRC-32 of artifacts, messages and snapshots. All users share one table in flash.
//!
//! ```
//! use metaplastic_shared::checksum::CRC;
//!
//! // The check value in the catalogue of CRCs.
//! assert_eq!(CRC.checksum(b"123456789"), 0xcbf4_3926);
//! // In pieces, as flash is read: it is the same.
//! let mut digest = CRC.digest();
//! digest.update(b"12345");
//! digest.update(b"6789");
//! assert_eq!(digest.finalize(), 0xcbf4_3926);
//! ```

/// CRC-32 (ISO-HDLC).
pub static CRC: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
