//! Chooses the exponents of a network's quantities, and its scalar constants in them.

use metaplastic_shared::arithmetic::{Decay, complement};
use metaplastic_shared::format::{
    Adaptation, LifFormat, ModulatorFormat, PlasticFormat, PopulationFormat, ProjectionFormat, TraceDecays,
    decays_lazily, increment_limit,
};
use metaplastic_shared::network::{DecayScope, Lif, Plasticity, PopulationKind};

use super::grid::{exponent, fitting_exponent, weight_exponent};
use super::ranges::{Ranges, SynapseRange, largest};
use crate::lifetime::THRESHOLD;
use crate::model::{Model, Parameter, Trace};

/// How far a quantity of a lifetime may exceed the range seen before it saturates.
const HEADROOM: f32 = 1.5;
/// As many times the largest P seen have room: a life may be longer than those of training.
const PLASTIC_HEADROOM: f32 = 16.0;

/// The nearest integer of `value` with this exponent, saturated to i16.
pub(super) fn to_i16(value: f32, exponent: i32) -> i16 {
    (f64::from(value) * f64::from(exponent).exp2()).round() as i16
}

/// The nearest decay below one, Q0.16.
pub(super) fn decay(value: f32) -> u16 {
    Decay::saturating_from_num(value).to_bits()
}

/// Formats of all populations and projections.
pub(super) fn choose(
    model: &Model,
    flat: &[f32],
    ranges: &Ranges,
) -> (Vec<PopulationFormat>, Vec<ProjectionFormat>) {
    let chooser = Chooser { model, flat, ranges };
    let populations = (0..model.network.populations.len()).map(|index| chooser.population(index)).collect();
    let projections = (0..model.network.projections.len()).map(|index| chooser.projection(index)).collect();
    (populations, projections)
}

struct Chooser<'m> {
    model: &'m Model,
    flat: &'m [f32],
    ranges: &'m Ranges,
}

impl Chooser<'_> {
    fn population(&self, index: usize) -> PopulationFormat {
        let range = HEADROOM * self.ranges.potential[index];
        match self.model.network.populations[index].kind {
            PopulationKind::Input => PopulationFormat::Input,
            PopulationKind::Lif(lif) => PopulationFormat::Lif(self.lif(index, lif, range)),
            PopulationKind::Modulator(_) => PopulationFormat::Modulator(ModulatorFormat {
                exponent: exponent(range.max(1.0), i16::MAX, 0, 15) as u8,
                decay: self.decay(Parameter::ModulatorDecay(index)),
                signal_exponent: self.fitting_exponent(Parameter::SignalWeights(index)),
            }),
        }
    }

    fn lif(&self, index: usize, lif: Lif, range: f32) -> LifFormat {
        let strength = self.model.positive(Parameter::AdaptationStrength(index), self.flat);
        let bias = largest(self.model.values(Parameter::Bias(index), self.flat));
        let exponent = exponent(range.max(bias).max(strength).max(THRESHOLD), i16::MAX, 0, 14);
        let adaptation = Adaptation {
            strength: to_i16(strength, exponent),
            decay: self.decay(Parameter::AdaptationDecay(index)),
        };
        LifFormat {
            exponent: exponent as u8,
            threshold: to_i16(THRESHOLD, exponent),
            decay: self.shared_decay(Parameter::MembraneDecay(index), lif),
            synapse_decay: lif.synaptic.then(|| self.shared_decay(Parameter::SynapseDecay(index), lif)),
            adaptation: lif.adaptive.then_some(adaptation),
        }
    }

    fn projection(&self, index: usize) -> ProjectionFormat {
        let projection = &self.model.network.projections[index];
        let weights = self.model.values(Parameter::Weights(index), self.flat);
        ProjectionFormat {
            weight_exponent: weight_exponent(projection.connectivity, weights) as i8,
            plastic: projection.plasticity.as_ref().map(|plasticity| self.plastic(index, plasticity)),
        }
    }

    fn plastic(&self, index: usize, plasticity: &Plasticity) -> PlasticFormat {
        let range = self.ranges.synapses[index];
        let rate = self.model.positive(Parameter::Rate(index), self.flat);
        let eligibility_decay = self.decay(Parameter::EligibilityDecay(index));
        let eligibility = self.eligibility_exponent(index, plasticity, eligibility_decay, range);
        let third_factor = exponent(HEADROOM * range.third_factor.max(0.01), i16::MAX, 0, 15);
        // eta M has 16 - n_E fractional bits more than P: P can be no finer than lets eta M fit.
        let change = exponent(HEADROOM * rate * range.third_factor, i16::MAX, 1, 31);
        // The guard of training may be far from what is ever reached; where it is, P is rather finer than that far.
        let limit = self.model.plastic_limit.min(PLASTIC_HEADROOM * range.plastic.max(1e-5));
        let plastic = exponent(limit, i16::MAX, 0, 24).min(change - 16 + eligibility).max(0);
        // The product eta M is shifted right by at most 30 and never left.
        let needed = plastic + 16 - eligibility - third_factor;
        let rate_exponent = exponent(rate, i16::MAX, 0, 30).clamp(needed.clamp(0, 30), (needed + 30).min(30));
        PlasticFormat {
            plastic_exponent: plastic as u8,
            plastic_limit: to_i16(limit, plastic),
            eligibility_exponent: eligibility as u8,
            eligibility_decay,
            traces: self.traces(index),
            third_factor_exponent: third_factor as u8,
            third_factor_weight_exponent: self.fitting_exponent(Parameter::ThirdFactorWeights(index)),
            rate: to_i16(rate, rate_exponent),
            rate_exponent: rate_exponent as u8,
        }
    }

    /// E must fit, twice where it decays lazily; and so must the sum of its terms, one fractional bit finer.
    fn eligibility_exponent(&self, index: usize, plasticity: &Plasticity, decay: u16, range: SynapseRange) -> i32 {
        let lazy = if decays_lazily(&plasticity.rule, decay) { 2.0 } else { 1.0 };
        let coefficients = self.model.values(Parameter::Coefficients(index), self.flat);
        let columns = coefficients.len() / plasticity.rule.terms.len();
        let sum_of =
            |column: usize| coefficients.iter().skip(column).step_by(columns).map(|c| c.abs()).sum::<f32>();
        let gain = complement(decay) as f32 / 65536.0;
        let increments = lazy * gain * (0..columns).map(sum_of).fold(0.0, f32::max);
        let of_increments = exponent(increments, increment_limit(&plasticity.rule), 1, 16) - 1;
        exponent(HEADROOM * lazy * range.eligibility.max(1e-3), i16::MAX, 0, 15).min(of_increments)
    }

    fn traces(&self, index: usize) -> TraceDecays {
        let decay = |trace| self.decay(Parameter::TraceDecay(index, trace));
        TraceDecays {
            pre: decay(Trace::Pre),
            pre_slow: decay(Trace::PreSlow),
            post: decay(Trace::Post),
            post_slow: decay(Trace::PostSlow),
            threshold: decay(Trace::Threshold),
        }
    }

    fn decay(&self, parameter: Parameter) -> u16 {
        decay(self.model.decay(parameter, self.flat))
    }

    /// The one decay of a population; zero where each neuron has its own, which is in a section.
    fn shared_decay(&self, parameter: Parameter, lif: Lif) -> u16 {
        match lif.decay_scope {
            DecayScope::Population => self.decay(parameter),
            DecayScope::Neuron => 0,
        }
    }

    fn fitting_exponent(&self, parameter: Parameter) -> i8 {
        fitting_exponent(self.model.values(parameter, self.flat)) as i8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_nearest_and_saturate() {
        assert_eq!([to_i16(0.3, 4), to_i16(-0.3, 4), to_i16(9.0, 14)], [5, -5, i16::MAX]);
    }
}
