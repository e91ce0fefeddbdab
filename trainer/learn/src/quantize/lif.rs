//! LIF populations: the ranges, formats and sections of `v_j`, the threshold, the bias and the adaptation.

use metaplastic_shared::artifact::Section;
use metaplastic_shared::format::{Adaptation, LifFormat};
use metaplastic_shared::network::Lif;

use super::format_line::FormatLine;
use super::grid::{exponent, largest, to_i16};
use super::trained::{HEADROOM, TrainedNetwork};
use crate::lifetime::THRESHOLD;
use crate::lifetime::simulate::NeuronView;
use crate::model::Parameter;

/// The largest magnitudes seen of a LIF population's quantities.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct LifRange {
    /// v.
    pub potential: f32,
}

impl LifRange {
    /// Of neurons after a step.
    pub(super) fn of(neurons: NeuronView<'_>) -> Self {
        Self { potential: largest(neurons.membrane) }
    }

    /// The larger ones of both.
    pub(super) fn widest(self, other: Self) -> Self {
        Self { potential: self.potential.max(other.potential) }
    }
}

/// The format of population `index`.
pub(super) fn format(trained: TrainedNetwork<'_>, index: usize, lif: Lif, range: LifRange) -> LifFormat {
    let strength = trained.positive(Parameter::AdaptationStrength(index));
    let bias = trained.largest(Parameter::Bias(index));
    let exponent = exponent((HEADROOM * range.potential).max(bias).max(strength).max(THRESHOLD), i16::MAX, 0, 14);
    let adaptation = Adaptation {
        strength: to_i16(strength, exponent),
        decay: trained.decay(Parameter::AdaptationDecay(index)),
    };
    LifFormat {
        exponent: exponent as u8,
        threshold: to_i16(THRESHOLD, exponent),
        decay: trained.decay(Parameter::MembraneDecay(index)),
        synapse_decay: None,
        adaptation: lif.adaptive.then_some(adaptation),
    }
}

/// The sections of population `index`.
pub(super) fn sections(trained: TrainedNetwork<'_>, index: usize, format: &LifFormat) -> Vec<(Section, Vec<u8>)> {
    let bias = trained.to_i16_rows(Parameter::Bias(index), format.exponent.into());
    vec![(Section::Bias(index), bias)]
}

/// What its quantities became.
pub(super) fn lines(name: &str, format: &LifFormat, range: LifRange) -> Vec<FormatLine> {
    vec![FormatLine::new(format!("{name}.v"), range.potential, 16, format.exponent.into())]
}
