//! LIF populations: the ranges, formats and sections of `v_j`, `i_j`, the threshold, the bias, the decays and the
//! adaptation.
//!
//! `v_j` and the synaptic current `i_j` have one exponent.

use metaplastic_shared::artifact::Section;
use metaplastic_shared::format::{Adaptation, LifFormat};
use metaplastic_shared::network::{DecayScope, Lif};

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
    /// i; zero without a synaptic current.
    pub synapse: f32,
}

impl LifRange {
    /// The ranges of neurons after a step.
    pub(super) fn of(neurons: NeuronView<'_>) -> Self {
        Self { potential: largest(neurons.membrane), synapse: largest(neurons.synapse) }
    }

    /// The larger range of each quantity.
    pub(super) fn widest(self, other: Self) -> Self {
        Self { potential: self.potential.max(other.potential), synapse: self.synapse.max(other.synapse) }
    }
}

/// The format of population `index`.
pub(super) fn format(trained: TrainedNetwork<'_>, index: usize, lif: Lif, range: LifRange) -> LifFormat {
    let strength = trained.positive(Parameter::AdaptationStrength(index));
    let bias = trained.largest(Parameter::Bias(index));
    let range = HEADROOM * range.potential.max(range.synapse);
    let exponent = exponent(range.max(bias).max(strength).max(THRESHOLD), i16::MAX, 0, 14);
    let adaptation = Adaptation {
        strength: to_i16(strength, exponent),
        decay: trained.decay(Parameter::AdaptationDecay(index)),
    };
    LifFormat {
        exponent: exponent as u8,
        threshold: to_i16(THRESHOLD, exponent),
        decay: shared_decay(trained, Parameter::MembraneDecay(index), lif),
        synapse_decay: lif.synaptic.then(|| shared_decay(trained, Parameter::SynapseDecay(index), lif)),
        adaptation: lif.adaptive.then_some(adaptation),
    }
}

/// The sections of population `index`.
pub(super) fn sections(trained: TrainedNetwork<'_>, index: usize, format: &LifFormat) -> Vec<(Section, Vec<u8>)> {
    let bias = trained.to_i16_rows(Parameter::Bias(index), format.exponent.into());
    vec![
        (Section::Bias(index), bias),
        (Section::MembraneDecays(index), trained.to_decays(Parameter::MembraneDecay(index))),
        (Section::SynapseDecays(index), trained.to_decays(Parameter::SynapseDecay(index))),
    ]
}

/// The one decay of a population; zero where each neuron has its own, which is in a section.
fn shared_decay(trained: TrainedNetwork<'_>, parameter: Parameter, lif: Lif) -> u16 {
    match lif.decay_scope {
        DecayScope::Population => trained.decay(parameter),
        DecayScope::Neuron => 0,
    }
}

/// The formats of its quantities, for the table.
pub(super) fn lines(name: &str, format: &LifFormat, range: LifRange) -> Vec<FormatLine> {
    let line = |quantity, range| FormatLine::new(format!("{name}.{quantity}"), range, 16, format.exponent.into());
    let synapse = format.synapse_decay.map(|_| line("i", range.synapse));
    std::iter::once(line("v", range.potential)).chain(synapse).collect()
}
