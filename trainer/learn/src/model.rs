//! A trainable network: its description, and one flat vector of meta-parameters with a layout.
//!
//! Raw meta-parameters are unconstrained: decays are `sigmoid(raw)`, rates, adaptation strengths and the
//! readout gain are `exp(raw)`, all others are the quantity itself. This file gives every number its place and
//! name; it knows no equation of the network.

use std::fmt;
use std::ops::Range;

use metaplastic_shared::network::{Network, PopulationKind};
use metaplastic_shared::rule::{Postsynaptic, Presynaptic, Rule};
use serde::{Deserialize, Serialize};

/// What kind of quantity a meta-parameter is; training can hold a whole family at its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// W, of plastic and innate projections onto LIF populations.
    Weights,
    /// b.
    Bias,
    /// a_v.
    MembraneDecay,
    /// beta, as its logarithm.
    AdaptationStrength,
    /// rho.
    AdaptationDecay,
    /// a_m.
    ModulatorDecay,
    /// Wm, of projections onto modulator populations.
    ModulatorWeights,
    /// Weights of external signals onto modulators.
    SignalWeights,
    /// c.
    Coefficients,
    /// a_x, a_x2, a_y, a_y2, a_theta.
    TraceDecay,
    /// a_E.
    EligibilityDecay,
    /// eta, as its logarithm.
    Rate,
    /// G.
    ThirdFactorWeights,
    /// gamma of the loss, as its logarithm.
    ReadoutGain,
}

/// One meta-parameter tensor of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Parameter {
    /// `[post]` of LIF population, or `[channels]` where a map shares it.
    Bias(usize),
    /// `[1]` of LIF population, raw of the sigmoid.
    MembraneDecay(usize),
    /// `[1]` of adaptive LIF population, logarithm.
    AdaptationStrength(usize),
    /// `[1]` of adaptive LIF population, raw of the sigmoid.
    AdaptationDecay(usize),
    /// `[1]` of modulator population, raw of the sigmoid.
    ModulatorDecay(usize),
    /// `[signals, modulators]` of modulator population.
    SignalWeights(usize),
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
    /// `[modulators, post]` of plastic projection with a modulated third factor.
    ThirdFactorWeights(usize),
    /// `[1]`, logarithm.
    ReadoutGain,
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

    /// Whether a rule needs this trace kept.
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
}

/// A tensor's place in the flat vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Which tensor.
    pub parameter: Parameter,
    /// Its family.
    pub family: Family,
    /// Rows and columns.
    pub shape: (usize, usize),
    /// Where it is.
    pub range: Range<usize>,
}

/// A network with a place for every meta-parameter.
#[derive(Clone, Debug)]
pub struct Model {
    /// The checked description.
    pub network: Network,
    /// P_max, the same for all plastic projections.
    pub plastic_limit: f32,
    /// Weight of the modulators' activity in the loss while the network is not told the right answer; 0 for none.
    pub modulation_cost: f32,
    /// Weight of crowded spikes in the loss; 0 for none.
    pub spike_cost: f32,
    slots: Vec<Slot>,
}

impl Model {
    /// Lays out the meta-parameters of a network that has passed [`Network::check`]; activity costs nothing.
    #[must_use]
    pub fn new(network: Network, plastic_limit: f32) -> Self {
        let mut layout = Layout { network: &network, slots: Vec::new() };
        (0..network.populations.len()).for_each(|index| layout.population(index));
        (0..network.projections.len()).for_each(|index| layout.projection(index));
        layout.push(Parameter::ReadoutGain, Family::ReadoutGain, (1, 1));
        let slots = layout.slots;
        Self { network, plastic_limit, modulation_cost: 0.0, spike_cost: 0.0, slots }
    }

    /// The same with a price on modulation.
    #[must_use]
    pub fn with_modulation_cost(self, modulation_cost: f32) -> Self {
        Self { modulation_cost, ..self }
    }

    /// The same with a price on spikes.
    #[must_use]
    pub fn with_spike_cost(self, spike_cost: f32) -> Self {
        Self { spike_cost, ..self }
    }

    /// All tensors in the order of the flat vector.
    #[must_use]
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// Length of the flat vector.
    #[must_use]
    pub fn parameter_count(&self) -> usize {
        self.slots.last().map_or(0, |slot| slot.range.end)
    }

    /// A tensor's slot, if the network has it.
    #[must_use]
    pub fn slot(&self, parameter: Parameter) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.parameter == parameter)
    }

    /// A tensor's values, empty if the network does not have it.
    #[must_use]
    pub fn values<'v>(&self, parameter: Parameter, flat: &'v [f32]) -> &'v [f32] {
        self.slot(parameter).map_or(&[], |slot| &flat[slot.range.clone()])
    }

    /// A decay `sigmoid(raw)`; zero if the network does not have it.
    #[must_use]
    pub fn decay(&self, parameter: Parameter, flat: &[f32]) -> f32 {
        self.values(parameter, flat).first().map_or(0.0, |raw| sigmoid(*raw))
    }

    /// A positive scalar `exp(raw)`; zero if the network does not have it.
    #[must_use]
    pub fn positive(&self, parameter: Parameter, flat: &[f32]) -> f32 {
        self.values(parameter, flat).first().map_or(0.0, |raw| raw.exp())
    }

    /// What readers call a tensor, for example `input>hidden.weights`.
    #[must_use]
    pub fn name(&self, parameter: Parameter) -> String {
        let population = |index: usize| self.network.populations[index].name.as_str();
        let (place, what) = match parameter {
            Parameter::ReadoutGain => return "readout.gain".into(),
            Parameter::Bias(index) => (population(index).to_owned(), "bias"),
            Parameter::MembraneDecay(index) => (population(index).to_owned(), "membrane-decay"),
            Parameter::AdaptationStrength(index) => (population(index).to_owned(), "adaptation-strength"),
            Parameter::AdaptationDecay(index) => (population(index).to_owned(), "adaptation-decay"),
            Parameter::ModulatorDecay(index) => (population(index).to_owned(), "decay"),
            Parameter::SignalWeights(index) => (population(index).to_owned(), "signal-weights"),
            Parameter::Weights(index) => (self.projection_name(index), "weights"),
            Parameter::Coefficients(index) => (self.projection_name(index), "coefficients"),
            Parameter::TraceDecay(index, trace) => (self.projection_name(index), trace.name()),
            Parameter::EligibilityDecay(index) => (self.projection_name(index), "eligibility-decay"),
            Parameter::Rate(index) => (self.projection_name(index), "rate"),
            Parameter::ThirdFactorWeights(index) => (self.projection_name(index), "third-factor-weights"),
        };
        format!("{place}.{what}")
    }

    /// What readers call a projection, for example `input>hidden`.
    #[must_use]
    pub fn projection_name(&self, index: usize) -> String {
        let projection = &self.network.projections[index];
        let name = |population: u8| &self.network.populations[usize::from(population)].name;
        format!("{}>{}", name(projection.pre), name(projection.post))
    }
}

impl Trace {
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

impl fmt::Display for Family {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(formatter)
    }
}

struct Layout<'n> {
    network: &'n Network,
    slots: Vec<Slot>,
}

impl Layout<'_> {
    fn push(&mut self, parameter: Parameter, family: Family, shape: (usize, usize)) {
        let start = self.slots.last().map_or(0, |slot| slot.range.end);
        let range = start..start + shape.0 * shape.1;
        if !range.is_empty() {
            self.slots.push(Slot { parameter, family, shape, range });
        }
    }

    fn population(&mut self, index: usize) {
        let population = &self.network.populations[index];
        let size = usize::from(population.size);
        match population.kind {
            PopulationKind::Input => {}
            PopulationKind::Lif(lif) => {
                self.push(Parameter::Bias(index), Family::Bias, (1, population.bias_count()));
                self.push(Parameter::MembraneDecay(index), Family::MembraneDecay, (1, 1));
                if lif.adaptive {
                    self.push(Parameter::AdaptationStrength(index), Family::AdaptationStrength, (1, 1));
                    self.push(Parameter::AdaptationDecay(index), Family::AdaptationDecay, (1, 1));
                }
            }
            PopulationKind::Modulator(_) => {
                let signals = usize::from(self.network.signals);
                self.push(Parameter::ModulatorDecay(index), Family::ModulatorDecay, (1, 1));
                self.push(Parameter::SignalWeights(index), Family::SignalWeights, (signals, size));
            }
        }
    }

    fn projection(&mut self, index: usize) {
        let projection = &self.network.projections[index];
        let shape = self.network.shape(projection);
        let onto_modulators = self.network.populations[usize::from(projection.post)].is_modulator();
        let family = if onto_modulators { Family::ModulatorWeights } else { Family::Weights };
        self.push(Parameter::Weights(index), family, self.network.weight_shape(projection));
        let Some(plasticity) = &projection.plasticity else { return };
        let rule = &plasticity.rule;
        let terms = rule.terms.len();
        let columns = rule.coefficient_count(shape.1) / terms;
        self.push(Parameter::Coefficients(index), Family::Coefficients, (terms, columns));
        for trace in Trace::ALL.into_iter().filter(|trace| trace.is_kept(rule)) {
            self.push(Parameter::TraceDecay(index, trace), Family::TraceDecay, (1, 1));
        }
        self.push(Parameter::EligibilityDecay(index), Family::EligibilityDecay, (1, 1));
        self.push(Parameter::Rate(index), Family::Rate, (1, 1));
        let modulators = self.network.modulators_of(plasticity);
        self.push(Parameter::ThirdFactorWeights(index), Family::ThirdFactorWeights, (modulators, shape.1));
    }
}

/// `1 / (1 + e^-x)`.
#[must_use]
pub fn sigmoid(raw: f32) -> f32 {
    1.0 / (1.0 + (-raw).exp())
}

/// The raw parameter whose sigmoid is `decay`, for `decay` in 0..1 exclusive.
#[must_use]
pub fn logit(decay: f32) -> f32 {
    (decay / (1.0 - decay)).ln()
}
