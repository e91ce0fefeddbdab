//! A network prepared for stepping: sizes, wiring and which factors each rule reads, looked up once.
//!
//! Holds no number that training changes. Vectors over neurons are padded to whole vectors of [`LANES`]; a
//! projection's matrices lie in panels of [`LANES`] postsynaptic neurons, each panel row by row, so that a kernel
//! keeps a panel's postsynaptic quantities in registers while it streams over the rows.

use metaplastic_shared::network::{
    Leak, Lif, NetworkDescription, Plasticity, PopulationKind, Readout, ReadoutKind, ThirdFactor,
};
use metaplastic_shared::rule::{Presynaptic, Synaptic, Term};

use super::lanes::LANES;
use super::windows::Windows;
use crate::model::{Model, Trace};

/// A network's wiring.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Populations in the order they are updated.
    pub(crate) populations: Vec<PopulationPlan>,
    /// Projections in the order of the description.
    pub(crate) projections: Vec<ProjectionPlan>,
    /// Which neurons are read out.
    pub(crate) readout: Readout,
    /// k.
    pub(crate) surrogate_slope: f32,
    /// P_max.
    pub(crate) plastic_limit: f32,
    /// Weight of the regulariser of modulation.
    pub(crate) modulation_cost: f32,
    /// Weight of the regulariser of spikes.
    pub(crate) spike_cost: f32,
}

/// A population and where its input comes from.
#[derive(Clone, Debug)]
pub(crate) struct PopulationPlan {
    /// What kind of neuron.
    pub(crate) kind: PopulationKind,
    /// Neurons.
    pub(crate) size: usize,
    /// Of an input or an analog population, its first neuron's position among all of its kind.
    pub(crate) first: usize,
    /// The projections onto it.
    pub(crate) incoming: Vec<usize>,
}

/// A projection.
#[derive(Clone, Debug)]
pub(crate) struct ProjectionPlan {
    /// Presynaptic population.
    pub(crate) pre: usize,
    /// Postsynaptic population.
    pub(crate) post: usize,
    /// Rows and columns.
    pub(crate) shape: Shape,
    /// Whether it carries the spikes of the step before.
    pub(crate) recurrent: bool,
    /// Whether its presynaptic spikes depend on no meta-parameter, so that their gradient is not needed.
    pub(crate) from_input: bool,
    /// Whether it carries analog values, whose gradient is needed only where [asked
    /// for](super::configuration::Configuration::analog_gradient).
    pub(crate) from_analog: bool,
    /// Its windows, if it is a convolution.
    pub(crate) windows: Option<Windows>,
    /// How it learns.
    pub(crate) rule: Option<RulePlan>,
}

/// Rows and columns of a projection's matrices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Presynaptic neurons.
    pub(crate) pre: usize,
    /// Postsynaptic neurons.
    pub(crate) post: usize,
}

/// A plastic projection's rule.
#[derive(Clone, Debug)]
pub(crate) struct RulePlan {
    /// The terms.
    pub(crate) terms: Vec<Term>,
    /// Whether a term has one coefficient, not one per neuron.
    pub(crate) shared_coefficients: bool,
    /// The modulator population of the third factor.
    pub(crate) modulators: Option<usize>,
    /// When P leaks.
    pub(crate) leak: Option<Leak>,
    /// Which traces are kept, in the order of [`Trace::ALL`].
    pub(crate) kept: [bool; Trace::ALL.len()],
    /// Whether a term reads the slow presynaptic trace.
    pub(crate) reads_slow: bool,
    /// Whether a term reads P.
    pub(crate) reads_plastic: bool,
}

/// The postsynaptic drives of a rule, one for each presynaptic and synaptic factor: for a fixed `i` the terms
/// collapse to `sum_f f_i (V_f + P_ij V'_f)`.
pub(crate) const DRIVES: usize = 8;

/// Which drive a term adds to.
pub(crate) fn drive_of(term: &Term) -> usize {
    let plastic = if term.synapse == Synaptic::Plastic { DRIVES / 2 } else { 0 };
    plastic
        + match term.pre {
            Presynaptic::One => 0,
            Presynaptic::Spike => 1,
            Presynaptic::Trace => 2,
            Presynaptic::SlowTrace => 3,
        }
}

impl Shape {
    /// Panels of [`LANES`] columns.
    pub(crate) fn panels(self) -> usize {
        self.post.div_ceil(LANES)
    }

    /// Columns with padding.
    pub(crate) fn columns(self) -> usize {
        self.panels() * LANES
    }

    /// Floats in a matrix, padding included.
    pub(crate) fn len(self) -> usize {
        self.pre * self.columns()
    }

    /// Where a synapse lies.
    pub(crate) fn index(self, pre: usize, post: usize) -> usize {
        ((post / LANES) * self.pre + pre) * LANES + post % LANES
    }
}

impl PopulationPlan {
    /// Whether it is leaky integrators, which never spike; their output is their potential.
    pub(crate) fn is_graded(&self) -> bool {
        matches!(self.kind, PopulationKind::Lif(Lif { graded: true, .. }))
    }

    /// Neurons with padding.
    pub(crate) fn padded(&self) -> usize {
        self.size.next_multiple_of(LANES)
    }
}

impl RulePlan {
    fn new(plasticity: &Plasticity) -> Self {
        let rule = &plasticity.rule;
        Self {
            terms: rule.terms.to_vec(),
            shared_coefficients: rule.coefficient_count(2) == rule.terms.len(),
            leak: plasticity.leak,
            modulators: match plasticity.third_factor {
                ThirdFactor::One => None,
                ThirdFactor::Modulators(population) => Some(usize::from(population)),
            },
            kept: Trace::ALL.map(|trace| trace.is_kept(rule)),
            reads_slow: rule.reads_pre(Presynaptic::SlowTrace),
            reads_plastic: rule.reads_plastic(),
        }
    }

    /// Whether a drive is calculated: those of 1, s and x always, so that the kernels need few variants.
    pub(crate) fn has_drive(&self, drive: usize) -> bool {
        let slow = drive % (DRIVES / 2) == 3;
        (!slow || self.reads_slow) && (drive < DRIVES / 2 || self.reads_plastic)
    }

    /// Whether a trace is kept.
    pub(crate) fn keeps(&self, trace: Trace) -> bool {
        self.kept[trace as usize]
    }
}

impl Plan {
    /// Prepares a model's network.
    pub(crate) fn new(model: &Model) -> Self {
        let network = &model.network;
        Self {
            populations: populations(network),
            projections: projections(network),
            readout: network.readout,
            surrogate_slope: f32::from(network.surrogate_slope),
            plastic_limit: model.plastic_limit,
            modulation_cost: model.modulation_cost,
            spike_cost: model.spike_cost,
        }
    }

    /// Whether commands are read out.
    pub(crate) fn has_commands(&self) -> bool {
        self.readout.kind != ReadoutKind::Classes
    }

    /// Classes or commands of the readout.
    pub(crate) fn classes(&self) -> usize {
        usize::from(self.readout.classes)
    }
}

fn populations(network: &NetworkDescription) -> Vec<PopulationPlan> {
    let (mut inputs, mut analog) = (0, 0);
    let mut populations = Vec::new();
    for (index, population) in network.populations.iter().enumerate() {
        let size = usize::from(population.size);
        let onto = |projection: &usize| usize::from(network.projections[*projection].post) == index;
        let incoming = (0..network.projections.len()).filter(onto).collect();
        let first = match population.kind {
            PopulationKind::Input => advance(&mut inputs, size),
            PopulationKind::Analog(_) => advance(&mut analog, size),
            PopulationKind::Lif(_) | PopulationKind::Modulator(_) => 0,
        };
        populations.push(PopulationPlan { kind: population.kind, size, first, incoming });
    }
    populations
}

/// Adds to a position, and returns where it was.
fn advance(position: &mut usize, by: usize) -> usize {
    std::mem::replace(position, *position + by)
}

fn projections(network: &NetworkDescription) -> Vec<ProjectionPlan> {
    let prepared = network.projections.iter().map(|projection| {
        let (pre, post) = network.shape(projection);
        let kind = network.populations[usize::from(projection.pre)].kind;
        ProjectionPlan {
            pre: usize::from(projection.pre),
            post: usize::from(projection.post),
            shape: Shape { pre, post },
            recurrent: network.is_recurrent(projection),
            from_input: kind == PopulationKind::Input,
            from_analog: matches!(kind, PopulationKind::Analog(_)),
            windows: projection.convolution().map(|convolution| Windows::new(convolution, post)),
            rule: projection.plasticity.as_ref().map(RulePlan::new),
        }
    });
    prepared.collect()
}
