//! The artifact's envelope by hand: where its fields are, and how to make lengths and checksum fit again, so that
//! only the decoder's later checks can notice a forgery.
//!
//! The offsets stand here a second time on purpose, as `docs/artifact.md` gives them: encoder and decoder agree with
//! the page, not only with each other.

use metaplastic_shared::artifact::{EncodeError, Manifest, Section, SectionLength, encode, encoded_length};
use metaplastic_shared::checksum::CRC;

/// Where the total length is, u32.
pub const LENGTH_AT: usize = 12;
/// Where the checksum is, u32.
pub const CHECKSUM_AT: usize = 16;
/// Where the manifest's length is, u32.
pub const MANIFEST_LENGTH_AT: usize = 20;
/// Where the manifest begins.
pub const MANIFEST_AT: usize = 24;

/// Where the manifest ends.
///
/// # Panics
/// If there is no whole header.
#[must_use]
pub fn manifest_end(bytes: &[u8]) -> usize {
    let length = bytes[MANIFEST_LENGTH_AT..MANIFEST_AT].try_into().expect("four bytes");
    MANIFEST_AT + u32::from_le_bytes(length) as usize
}

/// Makes checksum and total length fit the bytes, of which there are at least a header's.
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

/// The words of an artifact of this manifest whose sections hold what `byte` gives for each position in them.
///
/// # Errors
/// What the encoder refuses.
pub fn filled_words(
    manifest: &Manifest<'_>,
    mut byte: impl FnMut(Section, usize) -> u8,
) -> Result<Vec<u64>, EncodeError> {
    // An artifact's length is a multiple of eight bytes. Asked for first: it checks the network's indices.
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
