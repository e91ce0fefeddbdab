//! The layout of an artifact: where the raw sections of a network are.
//!
//! Nothing of this is stored. It follows from the manifest, and therefore cannot contradict it. Each
//! [kind](crate::kinds) states which sections a population or projection has, and how long they are.

use super::{ALIGNMENT, Manifest};
use crate::kinds::{Section, SectionLength};
use crate::network::NetworkDescription;

impl Section {
    /// Length of the section without padding behind it, bytes; zero if the network has no such section.
    #[must_use]
    pub fn length(self, network: &NetworkDescription) -> usize {
        network.sections().find(|other| other.section == self).map_or(0, |found| found.bytes)
    }
}

/// The sections with their ranges, counted from the start of the artifact.
pub(super) fn section_ranges<'m>(
    manifest: &'m Manifest<'_>,
    manifest_end: usize,
) -> impl Iterator<Item = (Section, core::ops::Range<usize>)> + 'm {
    let mut end = manifest_end;
    manifest.network.sections().map(move |SectionLength { section, bytes }| {
        let start = end.next_multiple_of(ALIGNMENT);
        end = start + bytes;
        (section, start..end)
    })
}

/// Length of a whole artifact whose manifest ends at `manifest_end`.
pub(super) fn total_length(manifest: &Manifest<'_>, manifest_end: usize) -> usize {
    let end = section_ranges(manifest, manifest_end).last().map_or(manifest_end, |(_, range)| range.end);
    end.next_multiple_of(ALIGNMENT)
}
