//! Forges artifacts: changes a sound one and repairs lengths and checksum, so that only the decoder's later checks
//! can detect it.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_shared::artifact::{EncodeError, Manifest, Section};

use crate::envelope::filled_words;
pub use crate::envelope::{CHECKSUM_AT, LENGTH_AT, MANIFEST_AT, MANIFEST_LENGTH_AT, manifest_end, repaired};

/// A sound artifact with this manifest length in its header; checksum and total length are repaired.
#[must_use]
pub fn with_manifest_length(original: &ArtifactFile, length: u32) -> Vec<u8> {
    let mut bytes = original.bytes().to_vec();
    bytes[MANIFEST_LENGTH_AT..MANIFEST_AT].copy_from_slice(&length.to_le_bytes());
    repaired(bytes)
}

/// A sound artifact with other bytes for its manifest; its sections are unchanged.
///
/// # Panics
/// If the manifest is longer than 4 GiB.
#[must_use]
pub fn with_manifest_bytes(original: &ArtifactFile, manifest: &[u8]) -> Vec<u8> {
    let bytes = original.bytes();
    let sections = &bytes[manifest_end(bytes).next_multiple_of(8)..];
    let mut forged = bytes[..MANIFEST_AT].to_vec();
    let length = u32::try_from(manifest.len()).expect("a short manifest");
    forged[MANIFEST_LENGTH_AT..].copy_from_slice(&length.to_le_bytes());
    forged.extend(manifest);
    forged.resize(forged.len().next_multiple_of(8), 0);
    forged.extend(sections);
    repaired(forged)
}

/// A sound artifact whose manifest has one of its bytes as a varint that is longer than it need be: every byte, with
/// 1 to 9 bytes more. Where the byte is no varint, another manifest results, which is refused too.
pub fn overlong(original: &ArtifactFile) -> impl Iterator<Item = Vec<u8>> {
    let manifest = &original.bytes()[MANIFEST_AT..manifest_end(original.bytes())];
    let positions = (0..manifest.len()).flat_map(|at| (1..=9).map(move |more| (at, more)));
    positions.map(move |(at, more)| with_manifest_bytes(original, &lengthened(manifest, at, more)))
}

/// The bytes with the varint that ends at `at` made longer by `more` bytes of zero bits.
#[must_use]
pub fn lengthened(bytes: &[u8], at: usize, more: usize) -> Vec<u8> {
    let mut longer = bytes[..at].to_vec();
    longer.push(bytes[at] | 0x80);
    longer.extend(std::iter::repeat_n(0x80, more - 1));
    longer.push(0);
    longer.extend(&bytes[at + 1..]);
    longer
}

/// A sound artifact with a changed manifest; its sections are unchanged.
///
/// # Panics
/// If postcard refuses the manifest.
#[must_use]
pub fn with_manifest(original: &ArtifactFile, change: impl FnOnce(&mut Manifest<'_>)) -> Vec<u8> {
    let artifact = original.artifact();
    let mut manifest = artifact.manifest().clone();
    change(&mut manifest);
    with_manifest_bytes(original, &postcard::to_stdvec(&manifest).expect("a manifest serialises"))
}

/// An artifact of this manifest; `byte` gives the content of its sections by position.
///
/// # Errors
/// The error of the encoder.
///
/// # Panics
/// If the decoder refuses the encoder's output.
pub fn filled(
    manifest: &Manifest<'_>,
    byte: impl FnMut(Section, usize) -> u8,
) -> Result<ArtifactFile, EncodeError> {
    let words = filled_words(manifest, byte)?;
    Ok(ArtifactFile::from_bytes(bytemuck::cast_slice(&words)).expect("the encoder has decoded it"))
}
