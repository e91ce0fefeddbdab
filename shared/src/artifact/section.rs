//! The raw sections of an artifact: which there may be, and where those of a network are.
//!
//! Nothing of this is stored; it all follows from the manifest, so that it cannot contradict it. Which sections a
//! population or projection has, and how long, its [kind](crate::kinds) says.

use super::{ALIGNMENT, Manifest};
use crate::network::NetworkDescription;

/// A raw section; the number is the index of its population or projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// i16 bias of a LIF population, one value a channel or a neuron, padded to a row, in the membrane's exponent.
    Bias(usize),
    /// u16 decays a_v of a LIF population with one a neuron, Q0.16, padded to a row.
    MembraneDecays(usize),
    /// u16 decays a_i of a LIF population with a synaptic current and a decay a neuron, Q0.16, padded to a row.
    SynapseDecays(usize),
    /// i8 weights of external signals onto a modulator population: one row a signal.
    SignalWeights(usize),
    /// i8 innate weights W of a projection: one row a presynaptic neuron, or a neuron of a convolution's window.
    Weights(usize),
    /// i16 rule coefficients times `1 - a_E`: one value a term, or one row a term.
    Coefficients(usize),
    /// i8 third-factor weights G: one row a modulator neuron.
    ThirdFactorWeights(usize),
}

/// A raw section and how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SectionLength {
    /// Which section.
    pub section: Section,
    /// Its bytes, without padding behind it; none if the network has no such section.
    pub bytes: usize,
}

impl Section {
    /// Bytes of the section, without padding behind it; none if the network has no such section.
    #[must_use]
    pub fn length(self, network: &NetworkDescription) -> usize {
        network.sections().find(|other| other.section == self).map_or(0, |found| found.bytes)
    }
}

/// The sections with where each begins, counted from the start of the artifact.
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
