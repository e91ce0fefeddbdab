//! A network prepared for stepping: sizes, wiring and which factors each rule reads, looked up once.
//!
//! Holds no number that training changes. Vectors over neurons are padded to whole vectors of [`LANES`]; a
//! projection's matrices lie in panels of [`LANES`] postsynaptic neurons, each panel row by row, so that a kernel
//! keeps a panel's postsynaptic quantities in registers while it streams over the rows.

use metaplastic_shared::network::{Lif, Network, Plasticity, PopulationKind, Readout, ThirdFactor};
use metaplastic_shared::rule::{Presynaptic, Synaptic, Term};

use super::lanes::LANES;
use super::windows::Windows;
use crate::model::{Model, Trace};

/// A network's wiring.
#[derive(Clone, Debug)]
pub(in crate::lifetime) struct Plan {
    /// Populations in the order they are updated.
    pub(super) populations: Vec<Population>,
    /// Projections in the order of the description.
    pub(super) projections: Vec<Projection>,
    /// Which neurons answer.
    pub(super) readout: Readout,
    /// External signals.
    pub(super) signals: usize,
    /// k.
    pub(super) surrogate_slope: f32,
    /// P_max.
    pub(super) plastic_limit: f32,
    /// Price of modulation.
    pub(super) modulation_cost: f32,
    /// Price of spikes.
    pub(super) spike_cost: f32,
}

/// A population and where its input comes from.
#[derive(Clone, Debug)]
pub(super) struct Population {
    /// What kind of neuron.
    pub(super) kind: PopulationKind,
    /// Neurons.
    pub(super) size: usize,
    /// For an input population, its first neuron's place in an episode's input.
    pub(super) first_input: usize,
    /// The projections onto it.
    pub(super) incoming: Vec<usize>,
}

/// A projection.
#[derive(Clone, Debug)]
pub(super) struct Projection {
    /// Presynaptic population.
    pub(super) pre: usize,
    /// Postsynaptic population.
    pub(super) post: usize,
    /// Rows and columns.
    pub(super) shape: Shape,
    /// Whether it carries the spikes of the step before.
    pub(super) recurrent: bool,
    /// Whether its presynaptic spikes depend on no meta-parameter, so that nobody needs their gradient.
    pub(super) from_input: bool,
    /// Its windows, if it is a convolution.
    pub(super) windows: Option<Windows>,
    /// How it learns.
    pub(super) rule: Option<RulePlan>,
}

/// Rows and columns of a projection's matrices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// Presynaptic neurons.
    pub(super) pre: usize,
    /// Postsynaptic neurons.
    pub(super) post: usize,
}

/// A plastic projection's rule.
#[derive(Clone, Debug)]
pub(super) struct RulePlan {
    /// The terms.
    pub(super) terms: Vec<Term>,
    /// Whether a term has one coefficient, not one a neuron.
    pub(super) shared_coefficients: bool,
    /// The modulator population of the third factor.
    pub(super) modulators: Option<usize>,
    /// Which traces are kept, in the order of [`Trace::ALL`].
    pub(super) kept: [bool; Trace::ALL.len()],
    /// Whether a term reads the slow presynaptic trace.
    pub(super) reads_slow: bool,
    /// Whether a term reads P.
    pub(super) reads_plastic: bool,
}

/// The postsynaptic drives of a rule, one for each presynaptic and synaptic factor: for a fixed `i` the terms
/// collapse to `sum_f f_i (V_f + P_ij V'_f)`.
pub(super) const DRIVES: usize = 8;

/// Which drive a term adds to.
pub(super) fn drive_of(term: &Term) -> usize {
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
    pub(super) fn panels(self) -> usize {
        self.post.div_ceil(LANES)
    }

    /// Columns with padding.
    pub(super) fn columns(self) -> usize {
        self.panels() * LANES
    }

    /// Floats in a matrix, padding included.
    pub(super) fn len(self) -> usize {
        self.pre * self.columns()
    }

    /// Where a synapse lies.
    pub(super) fn index(self, pre: usize, post: usize) -> usize {
        ((post / LANES) * self.pre + pre) * LANES + post % LANES
    }
}

impl Population {
    /// Whether it is graded modulator neurons.
    pub(super) fn is_modulator(&self) -> bool {
        matches!(self.kind, PopulationKind::Modulator(_))
    }

    /// Whether it is leaky integrators, which answer by their potentials and never spike.
    pub(super) fn is_graded(&self) -> bool {
        matches!(self.kind, PopulationKind::Lif(Lif { graded: true, .. }))
    }

    /// Neurons with padding.
    pub(super) fn padded(&self) -> usize {
        self.size.next_multiple_of(LANES)
    }
}

impl RulePlan {
    fn new(plasticity: &Plasticity) -> Self {
        let rule = &plasticity.rule;
        Self {
            terms: rule.terms.to_vec(),
            shared_coefficients: rule.coefficient_count(2) == rule.terms.len(),
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
    pub(super) fn has_drive(&self, drive: usize) -> bool {
        let slow = drive % (DRIVES / 2) == 3;
        (!slow || self.reads_slow) && (drive < DRIVES / 2 || self.reads_plastic)
    }

    /// Whether a trace is kept.
    pub(super) fn keeps(&self, trace: Trace) -> bool {
        self.kept[trace as usize]
    }
}

impl Plan {
    /// Prepares a model's network.
    pub(super) fn new(model: &Model) -> Self {
        let network = &model.network;
        Self {
            populations: populations(network),
            projections: projections(network),
            readout: network.readout,
            signals: usize::from(network.signals),
            surrogate_slope: f32::from(network.surrogate_slope),
            plastic_limit: model.plastic_limit,
            modulation_cost: model.modulation_cost,
            spike_cost: model.spike_cost,
        }
    }

    /// Classes the readout tells apart.
    pub(in crate::lifetime) fn classes(&self) -> usize {
        usize::from(self.readout.classes)
    }
}

fn populations(network: &Network) -> Vec<Population> {
    let mut first_input = 0;
    let mut populations = Vec::new();
    for (index, population) in network.populations.iter().enumerate() {
        let size = usize::from(population.size);
        let onto = |projection: &usize| usize::from(network.projections[*projection].post) == index;
        let incoming = (0..network.projections.len()).filter(onto).collect();
        populations.push(Population { kind: population.kind, size, first_input, incoming });
        first_input += if population.kind == PopulationKind::Input { size } else { 0 };
    }
    populations
}

fn projections(network: &Network) -> Vec<Projection> {
    let prepared = network.projections.iter().map(|projection| {
        let (pre, post) = network.shape(projection);
        let kind = network.populations[usize::from(projection.pre)].kind;
        Projection {
            pre: usize::from(projection.pre),
            post: usize::from(projection.post),
            shape: Shape { pre, post },
            recurrent: network.is_recurrent(projection),
            from_input: kind == PopulationKind::Input,
            windows: projection.convolution().map(|convolution| Windows::new(convolution, post)),
            rule: projection.plasticity.as_ref().map(RulePlan::new),
        }
    });
    prepared.collect()
}
