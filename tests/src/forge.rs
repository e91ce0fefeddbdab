//! Forges artifacts: changes something in a sound one and repairs lengths and checksum, so that only the
//! decoder's later checks can notice.
//!
//! The envelope's offsets stand here a second time on purpose, as `docs/artifact.md` gives them: encoder and
//! decoder agree with the page, not only with each other.

use metaplastic::artifact_file::ArtifactFile;
use metaplastic_shared::artifact::{EncodeError, Manifest, Section};

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
    let crc = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
    let mut digest = crc.digest();
    digest.update(&bytes[..CHECKSUM_AT]);
    digest.update(&bytes[CHECKSUM_AT + 4..]);
    bytes[CHECKSUM_AT..CHECKSUM_AT + 4].copy_from_slice(&digest.finalize().to_le_bytes());
    bytes
}

/// A sound artifact with this manifest length in its header, the rest repaired.
#[must_use]
pub fn with_manifest_length(original: &ArtifactFile, length: u32) -> Vec<u8> {
    let mut bytes = original.bytes().to_vec();
    bytes[MANIFEST_LENGTH_AT..MANIFEST_AT].copy_from_slice(&length.to_le_bytes());
    repaired(bytes)
}

/// A sound artifact with other bytes for its manifest; its sections follow as they were.
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

/// A sound artifact with a changed manifest; its sections follow as they were.
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

/// An artifact of this manifest whose sections hold what `byte` gives for each position in them.
///
/// # Errors
/// What the encoder refuses.
pub fn filled(
    manifest: &Manifest<'_>,
    mut byte: impl FnMut(Section, usize) -> u8,
) -> Result<ArtifactFile, EncodeError> {
    let network = &manifest.network;
    let populations = (0..network.populations.len()).flat_map(|p| [Section::Bias(p), Section::SignalWeights(p)]);
    let of_projection = |q| [Section::Weights(q), Section::Coefficients(q), Section::ThirdFactorWeights(q)];
    let sections: Vec<_> = populations
        .chain((0..network.projections.len()).flat_map(of_projection))
        .map(|section| (section, (0..section.length(network)).map(|at| byte(section, at)).collect::<Vec<_>>()))
        .collect();
    ArtifactFile::encode(manifest, |wanted| {
        sections.iter().find(|(section, _)| *section == wanted).map_or(&[][..], |(_, bytes)| bytes)
    })
}
