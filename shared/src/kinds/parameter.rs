//! Meta-parameters: the tensors of numbers that training changes, with their meaning and shape.
//!
//! Each kind lists its own. Raw numbers are unconstrained; the [`Domain`] gives the function from a raw number to
//! the quantity. The trainer decides the order of the tensors in memory.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::rule::{Postsynaptic, Presynaptic, Rule};

/// One tensor of meta-parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MetaParameter {
    /// Which tensor.
    pub parameter: Parameter,
    /// Its family.
    pub family: Family,
    /// Rows and columns; a network leaves out tensors without numbers.
    pub shape: (usize, usize),
    /// The function from a raw number to the quantity.
    pub domain: Domain,
}

impl MetaParameter {
    /// gamma of the loss or the gain of commands: every network has one.
    pub(crate) const READOUT_GAIN: Self = Self {
        parameter: Parameter::ReadoutGain,
        family: Family::ReadoutGain,
        shape: (1, 1),
        domain: Domain::Positive,
    };
}

/// The function from a raw number to the quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Domain {
    /// The raw number itself.
    Real,
    /// `sigmoid(raw)`, in 0 to 1.
    Decay,
    /// `exp(raw)`, above zero.
    Positive,
}

/// The kind of quantity; training can freeze a whole family at its start values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// W, of plastic and innate projections onto LIF populations.
    Weights,
    /// b.
    Bias,
    /// a_v.
    MembraneDecay,
    /// a_i.
    SynapseDecay,
    /// beta, as its logarithm.
    AdaptationStrength,
    /// rho.
    AdaptationDecay,
    /// a_m.
    ModulatorDecay,
    /// Wm, of projections onto modulator populations.
    ModulatorWeights,
    /// c.
    Coefficients,
    /// a_x, a_x2, a_y, a_y2, a_theta.
    TraceDecay,
    /// a_E.
    EligibilityDecay,
    /// eta, as its logarithm.
    Rate,
    /// lambda, as its logarithm.
    Leak,
    /// G.
    ThirdFactorWeights,
    /// gamma of the loss, or the gain of commands, as its logarithm.
    ReadoutGain,
}

impl fmt::Display for Family {
    /// Writes the name that experiments use, for example `membrane-decay`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(formatter)
    }
}

/// The name of a meta-parameter tensor; the number is the index of its population or projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Parameter {
    /// `[post]` of LIF population, or `[channels]` where a map shares it.
    Bias(usize),
    /// `[1]` or `[post]` of LIF population, raw of the sigmoid.
    MembraneDecay(usize),
    /// `[1]` or `[post]` of LIF population with a synaptic current, raw of the sigmoid.
    SynapseDecay(usize),
    /// `[1]` of adaptive LIF population, logarithm.
    AdaptationStrength(usize),
    /// `[1]` of adaptive LIF population, raw of the sigmoid.
    AdaptationDecay(usize),
    /// `[1]` of modulator population, raw of the sigmoid.
    ModulatorDecay(usize),
    /// `[pre, post]` of projection, or `[window, channels]` of a convolution.
    Weights(usize),
    /// `[terms, 1]` or `[terms, post]` of plastic projection.
    Coefficients(usize),
    /// `[1]` of plastic projection, raw of the sigmoid; only traces the rule reads.
    TraceDecay(usize, Trace),
    /// `[1]` of plastic projection, raw of the sigmoid.
    EligibilityDecay(usize),
    /// `[1]` of plastic projection, logarithm.
    Rate(usize),
    /// `[1]` of plastic projection that leaks, logarithm.
    Leak(usize),
    /// `[modulators, post]` of plastic projection with a modulated third factor.
    ThirdFactorWeights(usize),
    /// `[1]`, logarithm.
    ReadoutGain,
}

/// The owner of a meta-parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// The population with this index.
    Population(usize),
    /// The projection with this index.
    Projection(usize),
    /// The readout.
    Readout,
}

impl Parameter {
    /// The owner of the tensor.
    #[must_use]
    pub fn owner(self) -> Owner {
        match self {
            Self::Bias(index)
            | Self::MembraneDecay(index)
            | Self::SynapseDecay(index)
            | Self::AdaptationStrength(index)
            | Self::AdaptationDecay(index)
            | Self::ModulatorDecay(index) => Owner::Population(index),
            Self::Weights(index)
            | Self::Coefficients(index)
            | Self::TraceDecay(index, _)
            | Self::EligibilityDecay(index)
            | Self::Rate(index)
            | Self::Leak(index)
            | Self::ThirdFactorWeights(index) => Owner::Projection(index),
            Self::ReadoutGain => Owner::Readout,
        }
    }

    /// The name of the tensor in reports, beside the name of its owner.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bias(_) => "bias",
            Self::MembraneDecay(_) => "membrane-decay",
            Self::SynapseDecay(_) => "synapse-decay",
            Self::AdaptationStrength(_) => "adaptation-strength",
            Self::AdaptationDecay(_) => "adaptation-decay",
            Self::ModulatorDecay(_) => "decay",
            Self::Weights(_) => "weights",
            Self::Coefficients(_) => "coefficients",
            Self::TraceDecay(_, trace) => trace.name(),
            Self::EligibilityDecay(_) => "eligibility-decay",
            Self::Rate(_) => "rate",
            Self::Leak(_) => "leak",
            Self::ThirdFactorWeights(_) => "third-factor-weights",
            Self::ReadoutGain => "gain",
        }
    }
}

/// The traces a projection may keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Trace {
    /// x.
    Pre,
    /// x2.
    PreSlow,
    /// y.
    Post,
    /// y2.
    PostSlow,
    /// theta_y.
    Threshold,
}

impl Trace {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Pre, Self::PreSlow, Self::Post, Self::PostSlow, Self::Threshold];

    /// Whether a rule needs this trace.
    #[must_use]
    pub fn is_kept(self, rule: &Rule) -> bool {
        match self {
            Self::Pre => rule.reads_pre(Presynaptic::Trace),
            Self::PreSlow => rule.reads_pre(Presynaptic::SlowTrace),
            Self::Post => rule.needs_post_trace(),
            Self::PostSlow => rule.reads_post(Postsynaptic::SlowTrace),
            Self::Threshold => rule.reads_post(Postsynaptic::TraceTimesThreshold),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Pre => "pre-trace-decay",
            Self::PreSlow => "pre-slow-trace-decay",
            Self::Post => "post-trace-decay",
            Self::PostSlow => "post-slow-trace-decay",
            Self::Threshold => "threshold-trace-decay",
        }
    }
}
