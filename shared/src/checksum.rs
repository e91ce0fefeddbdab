//! The CRC-32 of artifacts, messages and snapshots. All users share one table in flash.

/// CRC-32 (ISO-HDLC).
pub static CRC: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
