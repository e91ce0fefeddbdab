//! The plasticity rule as data.
//!
//! A rule is a list of terms. For a synapse from `i` to `j`
//!
//! ```text
//! E_ij = a_E E_ij + (1 - a_E) sum_terms c_j f(pre_i) g(post_j) h(P_ij)
//! P_ij = clamp(P_ij + eta M_j E_ij - l_j P_ij, -P_max, P_max)
//! ```
//!
//! All factors are read **after** this step's spikes and trace updates, and `P` before this step's change; the
//! spikes are this step's on both sides, also for a recurrent projection. This file knows nothing of number
//! formats, nor of how a coefficient is trained.
//!
//! ```
//! use metaplastic_shared::rule::{Postsynaptic, Presynaptic, Preset, Term};
//!
//! let stdp = Preset::Mstdpet.rule();
//! let written: Vec<_> = stdp.terms.iter().map(Term::to_string).collect();
//! assert_eq!(written, ["x_i s_j", "s_i y_j"]);
//! // Nothing but a spike changes E, which costs a chip a third of the work.
//! assert!(stdp.is_event_driven());
//!
//! // A rule of one's own: the slower trace of the triplet rules, and P itself, which a spike makes smaller.
//! let mut rule = Preset::Custom.rule();
//! let slow = Term::new(Presynaptic::SlowTrace, Postsynaptic::Spike);
//! rule.terms = [slow, Term::times_plastic(Presynaptic::One, Postsynaptic::Spike)].into_iter().collect();
//! assert!(rule.reads_pre(Presynaptic::SlowTrace) && rule.reads_plastic() && !rule.is_event_driven());
//! ```

use core::fmt;

use heapless::Vec;
use serde::{Deserialize, Serialize};

/// Largest number of terms of a rule.
pub const MAX_TERMS: usize = 8;

/// The presynaptic factor `f` of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presynaptic {
    /// 1.
    One,
    /// `s_i`: 1 if the neuron spikes in this step.
    Spike,
    /// `x_i = a_x x_i + (1 - a_x) s_i`.
    Trace,
    /// `x2_i`, a second trace with another decay (triplet rules).
    SlowTrace,
}

/// The postsynaptic factor `g` of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Postsynaptic {
    /// 1.
    One,
    /// `s_j`.
    Spike,
    /// `y_j = a_y y_j + (1 - a_y) s_j`.
    Trace,
    /// `y2_j`, a second trace with another decay.
    SlowTrace,
    /// `y_j y_j`.
    TraceSquared,
    /// `y_j theta_y_j`, with the sliding threshold `theta_y = a_theta theta_y + (1 - a_theta) y_j y_j` (BCM).
    TraceTimesThreshold,
    /// `psi(v_j) = 1 / (1 + k |v_j - theta_j|)^2`, the surrogate derivative (e-prop).
    Surrogate,
}

/// The synaptic factor `h` of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Synaptic {
    /// 1.
    One,
    /// `P_ij`.
    Plastic,
}

/// One term `c f(pre) g(post) h(P)` of a rule; its coefficient is stored with the network's other numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Term {
    /// f.
    pub pre: Presynaptic,
    /// g.
    pub post: Postsynaptic,
    /// h.
    pub synapse: Synaptic,
}

impl Term {
    /// `f g`, without dependence on `P`.
    #[must_use]
    pub const fn new(pre: Presynaptic, post: Postsynaptic) -> Self {
        Self { pre, post, synapse: Synaptic::One }
    }

    /// `f g P`.
    #[must_use]
    pub const fn times_plastic(pre: Presynaptic, post: Postsynaptic) -> Self {
        Self { pre, post, synapse: Synaptic::Plastic }
    }

    /// Whether the term is zero unless its presynaptic or its postsynaptic neuron spikes in this step.
    #[must_use]
    pub fn carries_spike(&self) -> bool {
        self.pre == Presynaptic::Spike || self.post == Postsynaptic::Spike
    }
}

impl fmt::Display for Term {
    /// Writes the term's factors as in the equations, for example `x_i s_j`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pre = match self.pre {
            Presynaptic::One => "",
            Presynaptic::Spike => "s_i",
            Presynaptic::Trace => "x_i",
            Presynaptic::SlowTrace => "x2_i",
        };
        let post = match self.post {
            Postsynaptic::One => "",
            Postsynaptic::Spike => "s_j",
            Postsynaptic::Trace => "y_j",
            Postsynaptic::SlowTrace => "y2_j",
            Postsynaptic::TraceSquared => "y_j^2",
            Postsynaptic::TraceTimesThreshold => "y_j theta_y_j",
            Postsynaptic::Surrogate => "psi(v_j)",
        };
        let synapse = match self.synapse {
            Synaptic::One => "",
            Synaptic::Plastic => "P_ij",
        };
        let mut factors = [pre, post, synapse].into_iter().filter(|factor| !factor.is_empty());
        formatter.write_str(factors.next().unwrap_or("1"))?;
        factors.try_for_each(|factor| write!(formatter, " {factor}"))
    }
}

/// Number of coefficients of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CoefficientScope {
    /// One for the whole projection.
    Projection,
    /// One for each postsynaptic neuron.
    Postsynaptic,
}

/// A rule: its terms and the number of their coefficients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// The terms, in the order of their coefficients.
    pub terms: Vec<Term, MAX_TERMS, u8>,
    /// Number of coefficients of each term.
    pub scope: CoefficientScope,
}

impl Rule {
    /// Whether every term has a spike as a factor and no term reads `P`. `E` then changes only in rows and columns
    /// of neurons that spike, which is a third of the work on a chip.
    #[must_use]
    pub fn is_event_driven(&self) -> bool {
        self.terms.iter().all(|term| term.carries_spike() && term.synapse == Synaptic::One)
    }

    /// Whether a term reads the presynaptic factor.
    #[must_use]
    pub fn reads_pre(&self, factor: Presynaptic) -> bool {
        self.terms.iter().any(|term| term.pre == factor)
    }

    /// Whether a term reads the postsynaptic factor.
    #[must_use]
    pub fn reads_post(&self, factor: Postsynaptic) -> bool {
        self.terms.iter().any(|term| term.post == factor)
    }

    /// Whether the trace `y` is needed: a term reads it or a quantity computed from it.
    #[must_use]
    pub fn needs_post_trace(&self) -> bool {
        use Postsynaptic::{Trace, TraceSquared, TraceTimesThreshold};
        [Trace, TraceSquared, TraceTimesThreshold].into_iter().any(|factor| self.reads_post(factor))
    }

    /// Whether a term reads `P`.
    #[must_use]
    pub fn reads_plastic(&self) -> bool {
        self.terms.iter().any(|term| term.synapse == Synaptic::Plastic)
    }

    /// Number of coefficients of a projection onto `post_size` neurons.
    #[must_use]
    pub fn coefficient_count(&self, post_size: usize) -> usize {
        self.terms.len() * if self.scope == CoefficientScope::Projection { 1 } else { post_size }
    }
}

/// The named rules, each with its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Preset {
    /// `c1 x_i s_j + c2 s_i y_j + c3 s_i + c4 s_j`: every term has a spike as a factor. The default.
    Event,
    /// `c1 x_i s_j + c2 s_i y_j + c3 x_i y_j + c4 x_i + c5 y_j`: Schmidgall & Hays 2022, generalised.
    Free,
    /// `c1 x_i y_j`, and a leak of P in every step: Hebb with decay (Gerstner & Kistler 2002, eq. 10.5). The decay is
    /// beside the eligibility and has no third factor.
    HebbDecay,
    /// `c1 x_i s_j + c2 s_i y_j`, modulated: MSTDPET (Florian 2007, eqs. 19 to 22).
    Mstdpet,
    /// `c1 x_i y_j + c2 y_j^2 P_ij`: the terms of Oja 1982, on traces, both in the eligibility. With `M_j = 1` it is Oja's
    /// rule, filtered; where `M_j` is negative its decay makes P grow.
    ModulatedOja,
    /// Terms that the user chooses.
    Custom,
}

/// A preset's term and the value its coefficient starts from when a network is trained, in thousandths.
type StartTerm = (Term, i16);

const EVENT: [StartTerm; 4] = [
    (Term::new(Presynaptic::Trace, Postsynaptic::Spike), 1_000),
    (Term::new(Presynaptic::Spike, Postsynaptic::Trace), -500),
    (Term::new(Presynaptic::Spike, Postsynaptic::One), 300),
    (Term::new(Presynaptic::One, Postsynaptic::Spike), 0),
];
const FREE: [StartTerm; 5] = [
    (Term::new(Presynaptic::Trace, Postsynaptic::Spike), 1_000),
    (Term::new(Presynaptic::Spike, Postsynaptic::Trace), -500),
    (Term::new(Presynaptic::Trace, Postsynaptic::Trace), 0),
    (Term::new(Presynaptic::Trace, Postsynaptic::One), 300),
    (Term::new(Presynaptic::One, Postsynaptic::Trace), 0),
];
const HEBB_DECAY: [StartTerm; 1] = [(Term::new(Presynaptic::Trace, Postsynaptic::Trace), 1_000)];
const MSTDPET: [StartTerm; 2] = [
    (Term::new(Presynaptic::Trace, Postsynaptic::Spike), 1_000),
    (Term::new(Presynaptic::Spike, Postsynaptic::Trace), -1_000),
];
const MODULATED_OJA: [StartTerm; 2] = [
    (Term::new(Presynaptic::Trace, Postsynaptic::Trace), 1_000),
    (Term::times_plastic(Presynaptic::One, Postsynaptic::TraceSquared), -1_000),
];

impl Preset {
    /// All presets with fixed terms.
    pub const NAMED: [Self; 5] = [Self::Event, Self::Free, Self::HebbDecay, Self::Mstdpet, Self::ModulatedOja];

    const fn starts(self) -> &'static [StartTerm] {
        match self {
            Self::Event => &EVENT,
            Self::Free => &FREE,
            Self::HebbDecay => &HEBB_DECAY,
            Self::Mstdpet => &MSTDPET,
            Self::ModulatedOja => &MODULATED_OJA,
            Self::Custom => &[],
        }
    }

    /// The preset's rule with one coefficient for each term. [`Preset::Custom`] has no terms.
    #[must_use]
    pub fn rule(self) -> Rule {
        let terms = self.starts().iter().map(|(term, _)| *term).collect();
        Rule { terms, scope: CoefficientScope::Projection }
    }

    /// Whether P leaks in every step.
    #[must_use]
    pub const fn decays(self) -> bool {
        matches!(self, Self::HebbDecay)
    }

    /// The values the coefficients start from when a network is trained, in thousandths, in the order of the terms.
    pub fn start_coefficients_thousandths(self) -> impl Iterator<Item = i16> {
        self.starts().iter().map(|(_, coefficient)| *coefficient)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_event_driven_if_every_term_has_a_spike_as_a_factor() {
        let event_driven = Preset::NAMED.map(|preset| preset.rule().is_event_driven());
        assert_eq!(event_driven, [true, false, false, true, false]);
    }

    #[test]
    fn a_term_reads_as_in_the_equations() {
        extern crate std;
        use std::string::ToString;
        let written: std::vec::Vec<_> = Preset::ModulatedOja.rule().terms.iter().map(ToString::to_string).collect();
        assert_eq!(written, ["x_i y_j", "y_j^2 P_ij"]);
    }
}
