//! Repairs a damaged artifact by the decoder's errors, so that a fuzzer reaches the checks of the manifest and of
//! the sections although its bytes have a wrong checksum.

use metaplastic_runtime::{Artifact, DecodeError};
use metaplastic_shared::artifact::{MAGIC, VERSION};
use metaplastic_tests::envelope::{LENGTH_AT, MANIFEST_AT, MANIFEST_LENGTH_AT, VERSION_AT, manifest_end, repaired};

/// Largest length to which an artifact is extended to fit its manifest, bytes.
const LONGEST: usize = 1 << 16;
/// Largest number of errors that are repaired; a section has at most one range of padding before it.
const MOST: usize = 128;

/// Bytes that start 8-byte aligned, as the decoder requires; `words` is overwritten.
pub fn aligned<'w>(bytes: &[u8], words: &'w mut Vec<u64>) -> &'w [u8] {
    words.clear();
    words.resize(bytes.len().div_ceil(8), 0);
    let aligned = &mut bytemuck::cast_slice_mut(words)[..bytes.len()];
    aligned.copy_from_slice(bytes);
    aligned
}

/// The bytes with everything but the network's description repaired; none if the network is unsound.
pub fn sound(mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    let mut words = Vec::new();
    for _ in 0..MOST {
        match Artifact::decode(aligned(&bytes, &mut words)) {
            Ok(_) => return Some(bytes),
            Err(error) => bytes = repair(error, bytes)?,
        }
    }
    None
}

fn repair(error: DecodeError, mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    match error {
        DecodeError::Truncated(_) => bytes.resize(MANIFEST_AT, 0),
        DecodeError::Magic => bytes[..VERSION_AT].copy_from_slice(&MAGIC),
        DecodeError::Version(_) | DecodeError::Reserved(_) => {
            bytes[VERSION_AT..LENGTH_AT].copy_from_slice(&u32::from(VERSION).to_le_bytes());
        }
        DecodeError::Length { .. } | DecodeError::Checksum { .. } => {}
        DecodeError::ManifestLength { available, .. } => set_manifest_length(&mut bytes, available),
        // The manifest may only be too short.
        DecodeError::Manifest if manifest_end(&bytes) < bytes.len() => {
            let available = bytes.len() - MANIFEST_AT;
            set_manifest_length(&mut bytes, available);
        }
        DecodeError::ManifestTrailing(trailing) => {
            let length = manifest_end(&bytes) - MANIFEST_AT - trailing;
            set_manifest_length(&mut bytes, length);
        }
        DecodeError::Sections { expected, .. } if expected <= LONGEST => bytes.resize(expected, 0),
        DecodeError::Padding(at) => bytes[at..at.next_multiple_of(8).max(at + 1)].fill(0),
        _ => return None,
    }
    Some(repaired(bytes))
}

fn set_manifest_length(bytes: &mut [u8], length: usize) {
    bytes[MANIFEST_LENGTH_AT..MANIFEST_AT].copy_from_slice(&(length as u32).to_le_bytes());
}
