//! The plastic part of a projection: its rule, its number formats, and the formulas on them. Decoder, trainer and
//! chip use these formulas.
//!
//! ```text
//! E_ij = a_E E_ij + (1 - a_E) sum_terms c_j f(pre_i) g(post_j) h(P_ij)
//! P_ij = clamp(P_ij + eta M_j E_ij - l_j P_ij, -P_max, P_max)
//! ```

use core::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::check::{EXPONENT, FieldError, NOT_NEGATIVE, RIGHT_SHIFT, bound_of_scaled, within};
use super::leak::{Leak, LeakFormat};
use super::parameter::{Domain, Family, MetaParameter, Parameter, Trace};
use super::section::{Section, SectionLength};
use super::third_factor::{self, ThirdFactor};
use crate::arithmetic::complement;
use crate::format::row_length;
use crate::rule::{CoefficientScope, MAX_TERMS, Preset, Presynaptic, Rule, Synaptic};

/// Exponents of P. The range reaches beyond 15, as small plastic weights of many synapses add up.
const PLASTIC_EXPONENT: RangeInclusive<i32> = 0..=24;

/// The plasticity of a projection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plasticity {
    /// The rule, which makes the eligibility.
    pub rule: Rule,
    /// The third factor, which turns eligibility into change.
    pub third_factor: ThirdFactor,
    /// When P leaks; none if it never does.
    pub leak: Option<Leak>,
}

/// The reasons for which a plasticity is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlasticityError {
    /// A convolution that is plastic.
    #[error("only dense projections can be plastic")]
    Convolution,
    /// A projection from analog values that is plastic.
    #[error("only projections of spikes can be plastic")]
    Analog,
    /// A projection onto modulators that is plastic.
    #[error("only projections onto LIF populations can be plastic")]
    Modulators,
    /// A rule without terms.
    #[error("its rule has no terms (1..={MAX_TERMS})")]
    NoTerms,
}

impl Plasticity {
    /// A preset with one coefficient for each term and its leak, gated by the modulator population with index
    /// `modulators`.
    #[must_use]
    pub fn preset(preset: Preset, modulators: u8) -> Self {
        let leak = preset.decays().then_some(Leak::Always);
        Self { rule: preset.rule(), third_factor: ThirdFactor::Modulators(modulators), leak }
    }

    /// The coefficients of a projection onto `post` neurons.
    pub(super) fn coefficients(&self, projection: usize, post: usize) -> SectionLength {
        let columns = if self.rule.scope == CoefficientScope::Projection { 1 } else { row_length(post) };
        SectionLength { section: Section::Coefficients(projection), bytes: 2 * self.rule.terms.len() * columns }
    }

    /// Meta-parameters of a projection onto `post` neurons that is gated by `modulators` modulator neurons.
    pub(super) fn meta_parameters(
        &self,
        index: usize,
        modulators: usize,
        post: usize,
    ) -> impl Iterator<Item = MetaParameter> {
        let scalar = |parameter, family, domain| MetaParameter { parameter, family, shape: (1, 1), domain };
        let terms = self.rule.terms.len();
        let coefficients = MetaParameter {
            parameter: Parameter::Coefficients(index),
            family: Family::Coefficients,
            shape: (terms, self.rule.coefficient_count(post) / terms.max(1)),
            domain: Domain::Real,
        };
        let traces = Trace::ALL.into_iter().filter(|trace| trace.is_kept(&self.rule));
        let traces =
            traces.map(move |trace| scalar(Parameter::TraceDecay(index, trace), Family::TraceDecay, Domain::Decay));
        let leak = self.leak.map(|_| Leak::meta_parameter(index));
        let others = [
            scalar(Parameter::EligibilityDecay(index), Family::EligibilityDecay, Domain::Decay),
            scalar(Parameter::Rate(index), Family::Rate, Domain::Positive),
            third_factor::meta_parameter(index, modulators, post),
        ];
        [coefficients].into_iter().chain(traces).chain(others).chain(leak)
    }
}

/// Formats and scalar constants of a plastic projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlasticFormat {
    /// Exponent of P, 0 to 24.
    pub plastic_exponent: u8,
    /// P_max in P's exponent, not negative.
    pub plastic_limit: i16,
    /// Exponent of E, 0 to 15. Coefficients, already times `1 - a_E`, have one fractional bit more.
    pub eligibility_exponent: u8,
    /// a_E, Q0.16.
    pub eligibility_decay: u16,
    /// The decays of the traces the rule reads.
    pub traces: TraceDecays,
    /// Exponent of the third factor M, 0 to 15.
    pub third_factor_exponent: u8,
    /// Exponent of the i8 third-factor weights G, see [`WEIGHT_EXPONENTS`](crate::format::WEIGHT_EXPONENTS).
    pub third_factor_weight_exponent: i8,
    /// eta, not negative.
    pub rate: i16,
    /// Exponent of eta, 0 to 30.
    pub rate_exponent: u8,
    /// lambda; present exactly when P leaks.
    pub leak: Option<LeakFormat>,
}

/// The decays of a projection's traces, Q0.16; zero where the rule keeps no such trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceDecays {
    /// a_x.
    pub pre: u16,
    /// a_x2.
    pub pre_slow: u16,
    /// a_y.
    pub post: u16,
    /// a_y2.
    pub post_slow: u16,
    /// a_theta, of the sliding threshold.
    pub threshold: u16,
}

impl PlasticFormat {
    pub(super) fn check(&self, plasticity: &Plasticity) -> Result<(), FieldError> {
        within("plastic_exponent", self.plastic_exponent.into(), PLASTIC_EXPONENT)?;
        within("eligibility_exponent", self.eligibility_exponent.into(), EXPONENT)?;
        within("third_factor_exponent", self.third_factor_exponent.into(), EXPONENT)?;
        within("plastic_limit", self.plastic_limit.into(), NOT_NEGATIVE)?;
        within("rate", self.rate.into(), NOT_NEGATIVE)?;
        within("rate_exponent", self.rate_exponent.into(), RIGHT_SHIFT)?;
        within("change shift", self.change_shift(), RIGHT_SHIFT)?;
        plasticity.third_factor.check_format(self.third_factor_weight_exponent, self.third_factor_exponent)?;
        match (plasticity.leak, self.leak) {
            (None, None) => Ok(()),
            (Some(leak), Some(format)) => format.check(leak, self.third_factor_exponent),
            _ => Err(FieldError::Kind("leak")),
        }
    }

    /// Exponent of the coefficients and of the increments made from them: one more than that of E.
    #[must_use]
    pub fn coefficient_exponent(&self) -> i32 {
        i32::from(self.eligibility_exponent) + 1
    }

    /// `1 - a_E`, which the stored coefficients are already multiplied by: Q16, 1 to 65536.
    #[must_use]
    pub fn eligibility_gain(&self) -> u32 {
        complement(self.eligibility_decay)
    }

    /// Exponent of `eta M`, such that `(eta M) E` has 16 fractional bits more than P.
    #[must_use]
    pub fn change_exponent(&self) -> i32 {
        i32::from(self.plastic_exponent) + 16 - i32::from(self.eligibility_exponent)
    }

    /// Right shift that brings `M eta` to the change's exponent.
    #[must_use]
    pub fn change_shift(&self) -> i32 {
        i32::from(self.third_factor_exponent) + i32::from(self.rate_exponent) - self.change_exponent()
    }

    /// Right shift from a sum of modulator values, Q15, times weights G to M's exponent.
    #[must_use]
    pub fn third_factor_shift(&self) -> i32 {
        third_factor::shift(self.third_factor_weight_exponent, self.third_factor_exponent)
    }

    /// Right shift from a sum of plastic weights to the exponent of the postsynaptic potential.
    #[must_use]
    pub fn plastic_shift(&self, potential_exponent: i32) -> i32 {
        i32::from(self.plastic_exponent) - potential_exponent
    }

    /// Upper bound of what the plastic weights of `rows` presynaptic neurons add to a potential.
    pub(super) fn largest_input(&self, rows: i64, potential_exponent: i32) -> i64 {
        bound_of_scaled(rows * i64::from(self.plastic_limit), self.plastic_shift(potential_exponent))
    }

    /// See [`decays_lazily`].
    #[must_use]
    pub fn decays_lazily(&self, rule: &Rule) -> bool {
        decays_lazily(rule, self.eligibility_decay)
    }
}

/// Whether the eligibility of a rule with decay `a_E`, Q0.16, decays lazily. A lazy decay keeps one growing scale
/// for the projection and updates only the rows and columns of neurons that spike. It needs an event-driven rule
/// and a decay of at least one half.
#[must_use]
pub fn decays_lazily(rule: &Rule, eligibility_decay: u16) -> bool {
    rule.is_event_driven() && eligibility_decay >= 0x8000
}

/// The parts of a rule's increments: products with x, with x2, with 1 or s, and with P.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IncrementParts {
    /// With x.
    pub trace: bool,
    /// With x2.
    pub slow_trace: bool,
    /// With 1 or s.
    pub one: bool,
    /// With P.
    pub plastic: bool,
}

impl IncrementParts {
    /// The parts of the terms with synaptic factor one; `plastic` tells whether the rule has other terms.
    #[must_use]
    pub fn of(rule: &Rule) -> Self {
        Self { plastic: rule.reads_plastic(), ..Self::among(rule, Synaptic::One) }
    }

    /// The parts of the terms that multiply P.
    #[must_use]
    pub fn of_plastic(rule: &Rule) -> Self {
        Self::among(rule, Synaptic::Plastic)
    }

    fn among(rule: &Rule, synapse: Synaptic) -> Self {
        let reads = |factors: &[Presynaptic]| {
            rule.terms.iter().any(|term| term.synapse == synapse && factors.contains(&term.pre))
        };
        Self {
            trace: reads(&[Presynaptic::Trace]),
            slow_trace: reads(&[Presynaptic::SlowTrace]),
            one: reads(&[Presynaptic::One, Presynaptic::Spike]),
            plastic: false,
        }
    }

    /// The largest magnitude of each part for which their sum times [`ONE_Q15`](crate::arithmetic::ONE_Q15) stays
    /// within 2^30.
    #[must_use]
    pub fn limit(self) -> i16 {
        let parts = [self.trace, self.slow_trace, self.one, self.plastic];
        i16::MAX / parts.into_iter().map(i16::from).sum::<i16>().max(1)
    }
}

/// The largest magnitude of the sum of a rule's terms with one presynaptic factor, in the coefficients' exponent.
/// Larger sums saturate; an exporter chooses the exponent so that none does.
#[must_use]
pub fn increment_limit(rule: &Rule) -> i16 {
    IncrementParts::of(rule).limit().min(IncrementParts::of_plastic(rule).limit())
}
