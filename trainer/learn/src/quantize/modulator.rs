//! Modulator populations: the range and the format of `u_k`.

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
    }
}

/// The formats of its quantities, for the table.
pub(super) fn lines(name: &str, format: &ModulatorFormat, range: ModulatorRange) -> Vec<FormatLine> {
    vec![FormatLine::new(format!("{name}.u"), range.activity, 16, format.exponent.into())]
}
