//! The raw sections of an artifact: which there are, in which order, of which length.
//!
//! Nothing of this is stored; it all follows from the manifest, so that it cannot contradict it.

use super::{ALIGNMENT, Manifest};
use crate::format::row_length;
use crate::network::{Network, PopulationKind, Projection};
use crate::rule::CoefficientScope;

/// A raw section; the number is the index of its population or projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// i16 bias of a LIF population, one value a channel or a neuron, padded to a row, in the membrane's exponent.
    Bias(usize),
    /// i8 weights of external signals onto a modulator population: one row a signal.
    SignalWeights(usize),
    /// i8 innate weights W of a projection: one row a presynaptic neuron, or a neuron of a convolution's window.
    Weights(usize),
    /// i16 rule coefficients times `1 - a_E`: one value a term, or one row a term.
    Coefficients(usize),
    /// i8 third-factor weights G: one row a modulator neuron.
    ThirdFactorWeights(usize),
}

impl Section {
    /// Bytes of the section, without padding behind it; none if the network has no such section.
    #[must_use]
    pub fn length(self, network: &Network) -> usize {
        match self {
            Self::Bias(index) => {
                network.populations.get(index).map_or(0, |population| 2 * row_length(population.bias_count()))
            }
            Self::SignalWeights(population) => usize::from(network.signals) * row(network, population),
            Self::Weights(index) | Self::Coefficients(index) | Self::ThirdFactorWeights(index) => {
                network.projections.get(index).map_or(0, |projection| self.length_of(network, projection))
            }
        }
    }

    fn length_of(self, network: &Network, projection: &Projection) -> usize {
        let row = row(network, usize::from(projection.post));
        match (self, &projection.plasticity) {
            (Self::Weights(_), _) => {
                let (rows, columns) = network.weight_shape(projection);
                rows * row_length(columns)
            }
            (Self::Coefficients(_), Some(plasticity)) => {
                let columns = if plasticity.rule.scope == CoefficientScope::Projection { 1 } else { row };
                2 * plasticity.rule.terms.len() * columns
            }
            (Self::ThirdFactorWeights(_), Some(plasticity)) => network.modulators_of(plasticity) * row,
            _ => 0,
        }
    }
}

/// Row length of a population's vectors.
fn row(network: &Network, population: usize) -> usize {
    network.populations.get(population).map_or(0, |population| row_length(population.size.into()))
}

/// The sections of a network in the order they are stored; empty ones are left out.
pub(super) fn sections(network: &Network) -> impl Iterator<Item = Section> + '_ {
    let of_population = |(index, kind): (usize, PopulationKind)| match kind {
        PopulationKind::Input => None,
        PopulationKind::Lif(_) => Some(Section::Bias(index)),
        PopulationKind::Modulator(_) => Some(Section::SignalWeights(index)),
    };
    let kinds = network.populations.iter().map(|population| population.kind);
    let of_projection =
        |index| [Section::Weights(index), Section::Coefficients(index), Section::ThirdFactorWeights(index)];
    let of_projections = (0..network.projections.len()).flat_map(of_projection);
    let all = kinds.enumerate().filter_map(of_population).chain(of_projections);
    all.filter(|section| section.length(network) > 0)
}

/// The sections with where each begins, counted from the start of the artifact.
pub(super) fn placed<'m>(
    manifest: &'m Manifest<'_>,
    manifest_end: usize,
) -> impl Iterator<Item = (Section, core::ops::Range<usize>)> + 'm {
    let mut end = manifest_end;
    sections(&manifest.network).map(move |section| {
        let start = end.next_multiple_of(ALIGNMENT);
        end = start + section.length(&manifest.network);
        (section, start..end)
    })
}

/// Length of a whole artifact whose manifest ends at `manifest_end`.
pub(super) fn total_length(manifest: &Manifest<'_>, manifest_end: usize) -> usize {
    let end = placed(manifest, manifest_end).last().map_or(manifest_end, |(_, range)| range.end);
    end.next_multiple_of(ALIGNMENT)
}
