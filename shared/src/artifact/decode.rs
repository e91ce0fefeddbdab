//! The checked decoder: reads bytes in flash as an [`Artifact`], or returns an error with the reason.
//!
//! A decoded artifact cannot fail later because of three checks here: the length is exact and the sections fill it,
//! [`NetworkDescription::check`](crate::network::NetworkDescription::check) bounds every index, and the format
//! check bounds every exponent and sum.

use bytemuck::try_cast_slice;

use super::check::{FormatError, check};
use super::layout::{section_ranges, total_length};
use super::{
    ALIGNMENT, CHECKSUM_AT, HEADER_BYTES, LENGTH_AT, MAGIC, MANIFEST_LENGTH_AT, Manifest, RESERVED_AT, VERSION,
    VERSION_AT, checksum,
};
use crate::kinds::Section;
use crate::network::NetworkError;

/// The reasons for which bytes are not an artifact.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The first byte is not aligned.
    #[error("artifact: must start at a multiple of {ALIGNMENT} bytes in memory")]
    Alignment,
    /// Shorter than a header.
    #[error("artifact: {0} bytes are too few, the header alone has {HEADER_BYTES}")]
    Truncated(usize),
    /// The magic is missing.
    #[error("artifact: does not begin with the magic \"PLASTIC\"")]
    Magic,
    /// Written in another format version.
    #[error("artifact: format version {0}, this program reads version {VERSION} alone; train the network again")]
    Version(u16),
    /// The reserved header field is not zero.
    #[error("artifact: reserved header field is {0}, not 0")]
    Reserved(u16),
    /// The declared length is not that of the bytes.
    #[error("artifact: header says {declared} bytes, there are {actual}")]
    Length {
        /// In the header.
        declared: u32,
        /// Given.
        actual: usize,
    },
    /// The checksum does not match.
    #[error("artifact: CRC-32 is {computed:08x}, header says {stored:08x}")]
    Checksum {
        /// In the header.
        stored: u32,
        /// Of the bytes.
        computed: u32,
    },
    /// The manifest reaches beyond the artifact.
    #[error("artifact: manifest of {manifest} bytes does not fit into {available}")]
    ManifestLength {
        /// Declared.
        manifest: u32,
        /// Behind the header.
        available: usize,
    },
    /// The manifest is not postcard of the expected shape.
    #[error("manifest: {0}")]
    Manifest(postcard::Error),
    /// Bytes are left behind the manifest's last field.
    #[error("manifest: {0} bytes behind its last field")]
    ManifestTrailing(usize),
    /// The network description is unsound.
    #[error("network: {0}")]
    Network(NetworkError),
    /// A number format is unsound.
    #[error(transparent)]
    Format(FormatError),
    /// The sections that the manifest requires do not fill the artifact exactly.
    #[error("sections: manifest calls for {expected} bytes in all, there are {actual}")]
    Sections {
        /// Required by the manifest.
        expected: usize,
        /// Given.
        actual: usize,
    },
    /// A padding byte is not zero.
    #[error("padding: byte {0} is not zero")]
    Padding(usize),
}

/// A checked artifact, used in place.
///
/// It holds only the position of its bytes; the manifest is read anew at every request.
#[derive(Clone, Copy, Debug)]
pub struct Artifact<'a> {
    bytes: &'a [u8],
    manifest_end: usize,
}

impl<'a> Artifact<'a> {
    /// Checks `bytes` and borrows them; they must start 8-byte aligned.
    ///
    /// # Errors
    /// The first thing that is wrong, see [`DecodeError`].
    #[inline(never)]
    pub fn decode(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        check_envelope(bytes)?;
        let length = u32_at(bytes, MANIFEST_LENGTH_AT);
        let available = bytes.len() - HEADER_BYTES;
        let too_long = DecodeError::ManifestLength { manifest: length, available };
        let manifest_end = usize::try_from(length).ok().filter(|length| *length <= available).ok_or(too_long)?;
        let artifact = Self { bytes, manifest_end: HEADER_BYTES + manifest_end };
        artifact.check()?;
        Ok(artifact)
    }

    fn check(&self) -> Result<(), DecodeError> {
        let mut manifest = Manifest::blank();
        let rest = manifest.read(self.manifest_bytes()).map_err(DecodeError::Manifest)?;
        if !rest.is_empty() {
            return Err(DecodeError::ManifestTrailing(rest.len()));
        }
        manifest.network.check().map_err(DecodeError::Network)?;
        check(&manifest).map_err(DecodeError::Format)?;
        check_sections(self.bytes, &manifest, self.manifest_end)
    }

    /// Network, formats, task and training, read from the artifact: a value of about 1.5 KB.
    #[must_use]
    pub fn manifest(&self) -> Manifest<'a> {
        let mut manifest = Manifest::blank();
        self.read_manifest(&mut manifest);
        manifest
    }

    /// The same as [`manifest`](Self::manifest), read into a blank manifest: a returned value may be on the stack
    /// twice.
    pub fn read_manifest(&self, manifest: &mut Manifest<'a>) {
        let read = manifest.read(self.manifest_bytes());
        debug_assert!(read.is_ok(), "decoding has read it before");
    }

    fn manifest_bytes(&self) -> &'a [u8] {
        self.bytes.get(HEADER_BYTES..self.manifest_end).unwrap_or_default()
    }

    /// The whole artifact.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The stored CRC-32, which identifies the artifact.
    #[must_use]
    pub fn checksum(&self) -> u32 {
        u32_at(self.bytes, CHECKSUM_AT)
    }

    /// Sections in stored order with their range in [`bytes`](Self::bytes); `manifest` is the artifact's own.
    pub fn sections<'m>(
        &self,
        manifest: &'m Manifest<'_>,
    ) -> impl Iterator<Item = (Section, core::ops::Range<usize>)> + use<'m, '_> {
        section_ranges(manifest, self.manifest_end)
    }

    /// An i8 section, empty if the network has no such section; `manifest` is the artifact's own.
    #[must_use]
    pub fn i8_section(&self, manifest: &Manifest<'_>, section: Section) -> &'a [i8] {
        try_cast_slice(self.section(manifest, section)).unwrap_or_default()
    }

    /// An i16 section, empty if the network has no such section; `manifest` is the artifact's own.
    #[must_use]
    pub fn i16_section(&self, manifest: &Manifest<'_>, section: Section) -> &'a [i16] {
        try_cast_slice(self.section(manifest, section)).unwrap_or_default()
    }

    /// A u16 section, empty if the network has no such section; `manifest` is the artifact's own.
    #[must_use]
    pub fn u16_section(&self, manifest: &Manifest<'_>, section: Section) -> &'a [u16] {
        try_cast_slice(self.section(manifest, section)).unwrap_or_default()
    }

    fn section(&self, manifest: &Manifest<'_>, section: Section) -> &'a [u8] {
        let found = self.sections(manifest).find(|(other, _)| *other == section);
        found.and_then(|(_, range)| self.bytes.get(range)).unwrap_or_default()
    }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |field| u16::from_le_bytes(*field))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |field| u32::from_le_bytes(*field))
}

fn check_envelope(bytes: &[u8]) -> Result<(), DecodeError> {
    if !bytes.as_ptr().addr().is_multiple_of(ALIGNMENT) {
        return Err(DecodeError::Alignment);
    }
    if bytes.len() < HEADER_BYTES {
        return Err(DecodeError::Truncated(bytes.len()));
    }
    if !bytes.starts_with(&MAGIC) {
        return Err(DecodeError::Magic);
    }
    match (u16_at(bytes, VERSION_AT), u16_at(bytes, RESERVED_AT)) {
        (VERSION, 0) => {}
        (VERSION, reserved) => return Err(DecodeError::Reserved(reserved)),
        (version, _) => return Err(DecodeError::Version(version)),
    }
    let declared = u32_at(bytes, LENGTH_AT);
    if usize::try_from(declared) != Ok(bytes.len()) {
        return Err(DecodeError::Length { declared, actual: bytes.len() });
    }
    match (u32_at(bytes, CHECKSUM_AT), checksum(bytes)) {
        (stored, computed) if stored == computed => Ok(()),
        (stored, computed) => Err(DecodeError::Checksum { stored, computed }),
    }
}

fn check_sections(bytes: &[u8], manifest: &Manifest<'_>, manifest_end: usize) -> Result<(), DecodeError> {
    let expected = total_length(manifest, manifest_end);
    if expected != bytes.len() || try_cast_slice::<u8, i16>(bytes).is_err() {
        return Err(DecodeError::Sections { expected, actual: bytes.len() });
    }
    let mut end = manifest_end;
    for (_, range) in section_ranges(manifest, manifest_end) {
        check_padding(bytes, end..range.start)?;
        end = range.end;
    }
    check_padding(bytes, end..bytes.len())
}

fn check_padding(bytes: &[u8], range: core::ops::Range<usize>) -> Result<(), DecodeError> {
    let padding = bytes.get(range.clone()).unwrap_or_default();
    let wrong = padding.iter().zip(range).find(|(byte, _)| **byte != 0);
    wrong.map_or(Ok(()), |(_, index)| Err(DecodeError::Padding(index)))
}
