//! The artifact's envelope: the offsets of its fields, and the repair of lengths and checksum after a change, so
//! that only the decoder's later checks can detect a forgery.
//!
//! The offsets repeat those of `docs/artifact.md` on purpose: encoder and decoder must agree with the page, not
//! only with each other.

use metaplastic_shared::artifact::{EncodeError, Manifest, Section, SectionLength, encode, encoded_length};
use metaplastic_shared::checksum::CRC;

/// Offset of the format version, u16, which two reserved bytes follow.
pub const VERSION_AT: usize = 8;
/// Offset of the total length, u32.
pub const LENGTH_AT: usize = 12;
/// Offset of the checksum, u32.
pub const CHECKSUM_AT: usize = 16;
/// Offset of the manifest's length, u32.
pub const MANIFEST_LENGTH_AT: usize = 20;
/// Offset of the manifest.
pub const MANIFEST_AT: usize = 24;

/// The end of the manifest, bytes from the start of the artifact.
///
/// # Panics
/// If there is no whole header.
#[must_use]
pub fn manifest_end(bytes: &[u8]) -> usize {
    let length = bytes[MANIFEST_LENGTH_AT..MANIFEST_AT].try_into().expect("four bytes");
    MANIFEST_AT + u32::from_le_bytes(length) as usize
}

/// Sets checksum and total length to those of the bytes, which have at least the length of a header.
///
/// # Panics
/// If there are fewer.
#[must_use]
pub fn repaired(mut bytes: Vec<u8>) -> Vec<u8> {
    let length = bytes.len() as u32;
    bytes[LENGTH_AT..LENGTH_AT + 4].copy_from_slice(&length.to_le_bytes());
    let mut digest = CRC.digest();
    digest.update(&bytes[..CHECKSUM_AT]);
    digest.update(&bytes[CHECKSUM_AT + 4..]);
    bytes[CHECKSUM_AT..CHECKSUM_AT + 4].copy_from_slice(&digest.finalize().to_le_bytes());
    bytes
}

/// The words of an artifact of this manifest; `byte` gives the content of its sections by position.
///
/// # Errors
/// The error of the encoder.
pub fn filled_words(
    manifest: &Manifest<'_>,
    mut byte: impl FnMut(Section, usize) -> u8,
) -> Result<Vec<u64>, EncodeError> {
    // The length is a multiple of eight bytes. It comes first, as it checks the network's indices.
    let mut words = vec![0_u64; encoded_length(manifest)? / 8];
    let sections: Vec<_> = manifest
        .network
        .sections()
        .map(|SectionLength { section, bytes }| {
            (section, (0..bytes).map(|at| byte(section, at)).collect::<Vec<_>>())
        })
        .collect();
    let contents =
        |wanted| sections.iter().find(|(section, _)| *section == wanted).map_or(&[][..], |(_, bytes)| bytes);
    encode(manifest, contents, bytemuck::cast_slice_mut(&mut words))?;
    Ok(words)
}
