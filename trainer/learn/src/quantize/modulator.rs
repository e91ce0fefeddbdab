//! Modulator populations: the ranges, formats and sections of `u_k` and of the weights of external signals.

use metaplastic_shared::artifact::Section;
use metaplastic_shared::format::ModulatorFormat;

use super::format_line::FormatLine;
use super::grid::{exponent, largest};
use super::trained::{HEADROOM, TrainedNetwork};
use crate::lifetime::simulate::NeuronView;
use crate::model::Parameter;

/// The largest magnitudes seen of a modulator population's quantities.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct ModulatorRange {
    /// u.
    pub activity: f32,
}

impl ModulatorRange {
    /// The ranges of neurons after a step.
    pub(super) fn of(neurons: NeuronView<'_>) -> Self {
        Self { activity: largest(neurons.activity) }
    }

    /// The larger range of each quantity.
    pub(super) fn widest(self, other: Self) -> Self {
        Self { activity: self.activity.max(other.activity) }
    }
}

/// The format of population `index`.
pub(super) fn format(trained: TrainedNetwork<'_>, index: usize, range: ModulatorRange) -> ModulatorFormat {
    ModulatorFormat {
        exponent: exponent((HEADROOM * range.activity).max(1.0), i16::MAX, 0, 15) as u8,
        decay: trained.decay(Parameter::ModulatorDecay(index)),
        signal_exponent: trained.fitting_exponent(Parameter::SignalWeights(index)),
    }
}

/// The sections of population `index`.
pub(super) fn sections(
    trained: TrainedNetwork<'_>,
    index: usize,
    format: &ModulatorFormat,
) -> Vec<(Section, Vec<u8>)> {
    let weights = trained.to_i8(Parameter::SignalWeights(index), format.signal_exponent.into());
    vec![(Section::SignalWeights(index), weights)]
}

/// The formats of its quantities, for the table.
pub(super) fn lines(name: &str, format: &ModulatorFormat, range: ModulatorRange) -> Vec<FormatLine> {
    vec![FormatLine::new(format!("{name}.u"), range.activity, 16, format.exponent.into())]
}
