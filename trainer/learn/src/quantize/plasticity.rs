//! Plastic projections: the ranges, formats and sections of `P`, `E`, `M`, the coefficients, the traces and the
//! rate.

use metaplastic_shared::arithmetic::complement;
use metaplastic_shared::artifact::Section;
use metaplastic_shared::format::{LeakFormat, PlasticFormat, TraceDecays, decays_lazily, increment_limit};
use metaplastic_shared::network::{Leak, Plasticity};

use super::format_line::FormatLine;
use super::grid::{exponent, largest, to_i16};
use super::trained::{HEADROOM, TrainedNetwork};
use crate::lifetime::simulate::SynapseView;
use crate::model::{Parameter, Trace};

/// The format of P has room for this many times the largest P observed: a network may run longer than an episode of
/// training.
const PLASTIC_HEADROOM: f32 = 16.0;

/// The largest magnitudes seen of a plastic projection's quantities; zero of innate ones.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct SynapseRange {
    /// E.
    pub eligibility: f32,
    /// P.
    pub plastic: f32,
    /// M.
    pub third_factor: f32,
}

impl SynapseRange {
    /// The ranges of synapses after a step.
    pub(super) fn of(synapses: &SynapseView<'_>) -> Self {
        Self {
            eligibility: synapses.eligibility.peak(),
            plastic: synapses.plastic.peak(),
            third_factor: largest(synapses.third_factor),
        }
    }

    /// The larger range of each quantity.
    pub(super) fn widest(self, other: Self) -> Self {
        Self {
            eligibility: self.eligibility.max(other.eligibility),
            plastic: self.plastic.max(other.plastic),
            third_factor: self.third_factor.max(other.third_factor),
        }
    }
}

/// The format of projection `index`.
pub(super) fn format(
    trained: TrainedNetwork<'_>,
    index: usize,
    plasticity: &Plasticity,
    range: SynapseRange,
) -> PlasticFormat {
    let rate = trained.positive(Parameter::Rate(index));
    let eligibility = eligibility_exponent(trained, index, plasticity, range);
    let third_factor = exponent(HEADROOM * range.third_factor.max(0.01), i16::MAX, 0, 15);
    // P_max may be far above every P that is observed. The format then covers the observed range with its margin,
    // and not P_max: P gets a smaller LSB.
    let limit = trained.model.plastic_limit.min(PLASTIC_HEADROOM * range.plastic.max(1e-5));
    let mut format = PlasticFormat {
        plastic_exponent: exponent(limit, i16::MAX, 0, 24) as u8,
        plastic_limit: 0,
        eligibility_exponent: eligibility as u8,
        eligibility_decay: trained.decay(Parameter::EligibilityDecay(index)),
        traces: traces(trained, index),
        third_factor_exponent: third_factor as u8,
        third_factor_weight_exponent: trained.fitting_exponent(Parameter::ThirdFactorWeights(index)),
        rate: 0,
        rate_exponent: 0,
        leak: None,
    };
    // A smaller LSB of P needs a smaller LSB of eta M, which must fit too.
    let finest_change = exponent(HEADROOM * rate * range.third_factor, i16::MAX, 1, 31);
    let excess = (format.change_exponent() - finest_change).max(0);
    format.plastic_exponent = format.plastic_exponent.saturating_sub(excess as u8);
    format.plastic_limit = to_i16(limit, format.plastic_exponent.into());
    // The product eta M is shifted right by at most 30 and never left.
    let needed = -format.change_shift();
    let rate_exponent = exponent(rate, i16::MAX, 0, 30).clamp(needed.clamp(0, 30), (needed + 30).min(30));
    format.rate = to_i16(rate, rate_exponent);
    format.rate_exponent = rate_exponent as u8;
    format.leak = plasticity.leak.map(|leak| leak_format(trained, index, leak, format.third_factor_exponent));
    format
}

/// lambda, with an exponent for which `lambda |M_j|` is shifted right by 0 to 30.
fn leak_format(trained: TrainedNetwork<'_>, index: usize, leak: Leak, third_factor: u8) -> LeakFormat {
    let lambda = trained.positive(Parameter::Leak(index));
    let needed = -LeakFormat { rate: 0, exponent: 0 }.shift(leak, third_factor);
    let exponent = exponent(lambda, i16::MAX, 0, 30).clamp(needed.clamp(0, 30), (needed + 30).min(30));
    LeakFormat { rate: to_i16(lambda, exponent), exponent: exponent as u8 }
}

/// E must fit, twice where it decays lazily; and so must the sum of its terms, one fractional bit finer.
fn eligibility_exponent(
    trained: TrainedNetwork<'_>,
    index: usize,
    plasticity: &Plasticity,
    range: SynapseRange,
) -> i32 {
    let decay = trained.decay(Parameter::EligibilityDecay(index));
    let lazy = if decays_lazily(&plasticity.rule, decay) { 2.0 } else { 1.0 };
    let coefficients = trained.values(Parameter::Coefficients(index));
    let columns = coefficients.len() / plasticity.rule.terms.len();
    let sum_of = |column: usize| coefficients.iter().skip(column).step_by(columns).map(|c| c.abs()).sum::<f32>();
    let gain = eligibility_gain(decay);
    let increments = lazy * gain * (0..columns).map(sum_of).fold(0.0, f32::max);
    let of_increments = exponent(increments, increment_limit(&plasticity.rule), 1, 16) - 1;
    exponent(HEADROOM * lazy * range.eligibility.max(1e-3), i16::MAX, 0, 15).min(of_increments)
}

/// `1 - a_E` of a decay in Q0.16, as the chip computes it.
fn eligibility_gain(decay: u16) -> f32 {
    complement(decay) as f32 / 65536.0
}

fn traces(trained: TrainedNetwork<'_>, index: usize) -> TraceDecays {
    let decay = |trace| trained.decay(Parameter::TraceDecay(index, trace));
    TraceDecays {
        pre: decay(Trace::Pre),
        pre_slow: decay(Trace::PreSlow),
        post: decay(Trace::Post),
        post_slow: decay(Trace::PostSlow),
        threshold: decay(Trace::Threshold),
    }
}

/// The sections of projection `index`.
pub(super) fn sections(
    trained: TrainedNetwork<'_>,
    index: usize,
    format: &PlasticFormat,
) -> [(Section, Vec<u8>); 2] {
    let gain = eligibility_gain(format.eligibility_decay);
    let coefficients = trained.to_i16(Parameter::Coefficients(index), format.coefficient_exponent(), gain);
    let exponent = format.third_factor_weight_exponent.into();
    let third_factor = trained.to_i8(Parameter::ThirdFactorWeights(index), exponent);
    [(Section::Coefficients(index), coefficients), (Section::ThirdFactorWeights(index), third_factor)]
}

/// The formats of its quantities, for the table.
pub(super) fn lines(name: &str, format: &PlasticFormat, range: SynapseRange) -> [FormatLine; 3] {
    let line =
        |quantity, range, exponent: u8| FormatLine::new(format!("{name}.{quantity}"), range, 16, exponent.into());
    [
        line("P", range.plastic, format.plastic_exponent),
        line("E", range.eligibility, format.eligibility_exponent),
        line("M", range.third_factor, format.third_factor_exponent),
    ]
}
