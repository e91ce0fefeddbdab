//! The encoder: writes manifest and sections as bytes that the decoder accepts.

use super::layout::{section_ranges, total_length};
use super::{
    Artifact, CHECKSUM_AT, DecodeError, HEADER_BYTES, LENGTH_AT, MAGIC, MANIFEST_LENGTH_AT, Manifest, VERSION,
    VERSION_AT, checksum,
};
use crate::kinds::Section;
use crate::network::NetworkError;

/// The reasons for which a network cannot be written as an artifact.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// The network description is unsound.
    #[error("network: {0}")]
    Network(NetworkError),
    /// The manifest cannot be serialised.
    #[error("manifest: {0}")]
    Manifest(postcard::Error),
    /// The output buffer has the wrong length.
    #[error("output: needs {needed} bytes, has {given}")]
    Output {
        /// See [`encoded_length`].
        needed: usize,
        /// Length of the buffer.
        given: usize,
    },
    /// A section does not have the length that the manifest requires.
    #[error("section {section:?}: needs {needed} bytes, has {given}")]
    Section {
        /// The section.
        section: Section,
        /// Required by the manifest.
        needed: usize,
        /// Given.
        given: usize,
    },
    /// The decoder refuses the result, as numbers do not fit their formats.
    #[error(transparent)]
    Refused(DecodeError),
}

/// Length of the artifact of this manifest, bytes.
///
/// # Errors
/// If the network description is unsound or the manifest cannot be serialised.
pub fn encoded_length(manifest: &Manifest<'_>) -> Result<usize, EncodeError> {
    manifest.network.check().map_err(EncodeError::Network)?;
    let size = postcard::experimental::serialized_size(manifest).map_err(EncodeError::Manifest)?;
    Ok(total_length(manifest, HEADER_BYTES + size))
}

/// Writes an artifact into `output`, which has exactly [`encoded_length`] bytes and starts 8-byte aligned.
/// `contents` gives the little-endian bytes of each requested section.
///
/// # Errors
/// If a length is wrong, or if the decoder would refuse the result.
pub fn encode<'s>(
    manifest: &Manifest<'_>,
    mut contents: impl FnMut(Section) -> &'s [u8],
    output: &mut [u8],
) -> Result<(), EncodeError> {
    let needed = encoded_length(manifest)?;
    if output.len() != needed {
        return Err(EncodeError::Output { needed, given: output.len() });
    }
    output.fill(0);
    let manifest_bytes =
        postcard::to_slice(manifest, &mut output[HEADER_BYTES..]).map_err(EncodeError::Manifest)?.len();
    for (section, range) in section_ranges(manifest, HEADER_BYTES + manifest_bytes) {
        let bytes = contents(section);
        if bytes.len() != range.len() {
            return Err(EncodeError::Section { section, needed: range.len(), given: bytes.len() });
        }
        output[range].copy_from_slice(bytes);
    }
    write_header(output, manifest_bytes);
    Artifact::decode(output).map(|_| ()).map_err(EncodeError::Refused)
}

fn write_header(output: &mut [u8], manifest_bytes: usize) {
    let length = u32::try_from(output.len()).unwrap_or(u32::MAX);
    let manifest_length = u32::try_from(manifest_bytes).unwrap_or(u32::MAX);
    output[..MAGIC.len()].copy_from_slice(&MAGIC);
    output[VERSION_AT..VERSION_AT + 2].copy_from_slice(&VERSION.to_le_bytes());
    output[LENGTH_AT..LENGTH_AT + 4].copy_from_slice(&length.to_le_bytes());
    output[MANIFEST_LENGTH_AT..MANIFEST_LENGTH_AT + 4].copy_from_slice(&manifest_length.to_le_bytes());
    let checksum = checksum(output);
    output[CHECKSUM_AT..CHECKSUM_AT + 4].copy_from_slice(&checksum.to_le_bytes());
}
