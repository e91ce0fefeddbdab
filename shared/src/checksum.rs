//! The one CRC-32 of artifacts and of messages: ISO-HDLC, with one table in flash.

/// CRC-32 (ISO-HDLC).
pub(crate) static CRC: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
