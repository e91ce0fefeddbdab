//! The list of population kinds, one line per kind.

use metaplastic_shared::artifact::Section;
use metaplastic_shared::format::PopulationFormat;
use metaplastic_shared::network::PopulationKind;

use super::format_line::FormatLine;
use super::lif::{self, LifRange};
use super::modulator::{self, ModulatorRange};
use super::trained::TrainedNetwork;
use crate::lifetime::simulate::NeuronView;

/// The largest magnitudes seen of a population's quantities.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum PopulationRange {
    /// Spikes have no range, and that of analog values is given.
    Outside,
    /// Of a LIF population.
    Lif(LifRange),
    /// Of a modulator population.
    Modulator(ModulatorRange),
}

impl PopulationRange {
    /// Nothing seen yet.
    pub(super) fn none(kind: PopulationKind) -> Self {
        match kind {
            PopulationKind::Input | PopulationKind::Analog(_) => Self::Outside,
            PopulationKind::Lif(_) => Self::Lif(LifRange::default()),
            PopulationKind::Modulator(_) => Self::Modulator(ModulatorRange::default()),
        }
    }

    /// Includes the neurons after a step.
    pub(super) fn with(self, neurons: NeuronView<'_>) -> Self {
        match self {
            Self::Outside => Self::Outside,
            Self::Lif(range) => Self::Lif(range.widest(LifRange::of(neurons))),
            Self::Modulator(range) => Self::Modulator(range.widest(ModulatorRange::of(neurons))),
        }
    }

    /// The larger range of each quantity of the same population.
    pub(super) fn widest(self, other: Self) -> Self {
        match (self, other) {
            (Self::Lif(range), Self::Lif(other)) => Self::Lif(range.widest(other)),
            (Self::Modulator(range), Self::Modulator(other)) => Self::Modulator(range.widest(other)),
            _ => self,
        }
    }
}

/// The format of population `index`.
pub(super) fn format(trained: TrainedNetwork<'_>, index: usize, range: &PopulationRange) -> PopulationFormat {
    match (trained.model.network.populations[index].kind, *range) {
        (PopulationKind::Lif(lif), PopulationRange::Lif(range)) => {
            PopulationFormat::Lif(lif::format(trained, index, lif, range))
        }
        (PopulationKind::Modulator(_), PopulationRange::Modulator(range)) => {
            PopulationFormat::Modulator(modulator::format(trained, index, range))
        }
        (PopulationKind::Analog(_), _) => PopulationFormat::Analog,
        _ => PopulationFormat::Input,
    }
}

/// The sections of population `index`.
pub(super) fn sections(
    trained: TrainedNetwork<'_>,
    index: usize,
    format: &PopulationFormat,
) -> Vec<(Section, Vec<u8>)> {
    match format {
        PopulationFormat::Lif(format) => lif::sections(trained, index, format),
        PopulationFormat::Input | PopulationFormat::Modulator(_) | PopulationFormat::Analog => Vec::new(),
    }
}

/// The formats of its quantities, for the table.
pub(super) fn lines(name: &str, format: &PopulationFormat, range: &PopulationRange) -> Vec<FormatLine> {
    match (format, *range) {
        (PopulationFormat::Lif(format), PopulationRange::Lif(range)) => lif::lines(name, format, range),
        (PopulationFormat::Modulator(format), PopulationRange::Modulator(range)) => {
            modulator::lines(name, format, range)
        }
        _ => Vec::new(),
    }
}
