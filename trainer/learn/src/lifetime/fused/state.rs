//! All fast state of one lifetime at the end of a step: what the next step needs, and what the adjoint reads.

use metaplastic_shared::network::PopulationKind;

use super::aligned::Aligned;
use super::lanes::{LANES, Octet};
use super::plan::{DRIVES, Plan, Population, Projection};
use crate::lifetime::THRESHOLD;
use crate::model::Trace;

/// Fast state at the end of a step; all zero at birth.
#[derive(Debug)]
pub(in crate::lifetime) struct State {
    /// By population.
    pub(super) neurons: Vec<Neurons>,
    /// By projection; empty where it is not plastic.
    pub(super) synapses: Vec<Synapses>,
}

/// Fast state of a population; vectors are padded with zeros, and empty where its kind has no such quantity.
#[derive(Debug, Default)]
pub(super) struct Neurons {
    /// s.
    pub(super) spikes: Vec<f32>,
    /// The neurons whose s is not zero, ascending.
    pub(super) active: Vec<u32>,
    /// v of LIF, u of modulators.
    pub(super) potential: Vec<f32>,
    /// d = v - theta - beta a of adaptive LIF; see [`distance_at`](Self::distance_at).
    pub(super) distance: Vec<f32>,
    /// a.
    pub(super) adaptation: Vec<f32>,
    /// Steps in which the neuron still cannot spike, of LIF with a refractory period.
    pub(super) refractory: Vec<f32>,
    /// m.
    pub(super) modulation: Vec<f32>,
}

/// Fast state of a plastic projection.
#[derive(Debug, Default)]
pub(super) struct Synapses {
    /// x, x2, y, y2, theta_y in the order of [`Trace::ALL`]; empty where not kept, but x is always there.
    pub(super) traces: [Vec<f32>; Trace::ALL.len()],
    /// dx/da_x and dx2/da_x2, only of input populations: their traces depend on nothing else.
    pub(super) tangents: [Vec<f32>; 2],
    /// M.
    pub(super) third_factor: Vec<f32>,
    /// V and V' of the step that made E, by presynaptic factor; see [`RulePlan::has_drive`](super::plan::RulePlan).
    pub(super) drives: [Vec<f32>; DRIVES],
    /// E in panels.
    pub(super) eligibility: Aligned,
    /// P in panels.
    pub(super) plastic: Aligned,
}

impl State {
    /// At birth.
    pub(super) fn new(plan: &Plan) -> Self {
        Self {
            neurons: plan.populations.iter().map(Neurons::new).collect(),
            synapses: plan.projections.iter().map(Synapses::new).collect(),
        }
    }
}

impl State {
    /// Lets all but the plastic weights be zero.
    pub(super) fn rest(&mut self) {
        self.neurons.iter_mut().for_each(Neurons::rest);
        self.synapses.iter_mut().for_each(Synapses::rest);
    }

    /// About how much memory it takes, rather more than less.
    pub(super) fn bytes(&self) -> usize {
        let vectors = |neurons: &Neurons| 7 * neurons.spikes.len().max(neurons.potential.len());
        let matrices = |synapses: &Synapses| {
            let post = DRIVES * synapses.third_factor.len() + 4 * synapses.traces[0].len();
            2 * synapses.eligibility.len() + post
        };
        let floats =
            self.neurons.iter().map(vectors).sum::<usize>() + self.synapses.iter().map(matrices).sum::<usize>();
        floats * size_of::<f32>()
    }
}

impl Neurons {
    fn new(population: &Population) -> Self {
        let zeros = |needed: bool| vec![0.0; if needed { population.padded() } else { 0 }];
        let (lif, adaptive, pausing) = match population.kind {
            PopulationKind::Lif(lif) => (true, lif.adaptive, lif.refractory > 0),
            _ => (false, false, false),
        };
        let modulator = population.is_modulator();
        Self {
            spikes: zeros(!modulator),
            active: Vec::new(),
            potential: zeros(lif || modulator),
            distance: zeros(adaptive),
            adaptation: zeros(adaptive),
            refractory: zeros(pausing),
            modulation: zeros(modulator),
        }
    }

    /// d of a LIF neuron; without adaptation it is `v - theta`, and not kept.
    pub(super) fn distance_at(&self, neuron: usize) -> f32 {
        self.distance.get(neuron).copied().unwrap_or_else(|| self.potential[neuron] - THRESHOLD)
    }

    /// d of eight LIF neurons.
    pub(super) fn distances(&self, panel: usize) -> Octet {
        std::array::from_fn(|lane| self.distance_at(panel * LANES + lane))
    }

    fn rest(&mut self) {
        let Self { spikes, active, potential, distance, adaptation, refractory, modulation } = self;
        active.clear();
        for values in [spikes, potential, distance, adaptation, refractory, modulation] {
            values.fill(0.0);
        }
    }
}

impl Synapses {
    fn new(projection: &Projection) -> Self {
        let Some(rule) = &projection.rule else { return Self::default() };
        let shape = projection.shape;
        let trace = |trace: Trace| {
            let size = match trace {
                Trace::Pre | Trace::PreSlow => shape.pre.next_multiple_of(LANES),
                Trace::Post | Trace::PostSlow | Trace::Threshold => shape.columns(),
            };
            vec![0.0; if rule.keeps(trace) || trace == Trace::Pre { size } else { 0 }]
        };
        let traces = Trace::ALL.map(trace);
        let tangent = |of: usize| vec![0.0; if projection.from_input { traces[of].len() } else { 0 }];
        let needed = |drive: usize| rule.has_drive(drive);
        Self {
            tangents: [tangent(0), tangent(1)],
            traces,
            third_factor: vec![0.0; shape.columns()],
            drives: std::array::from_fn(|drive| vec![0.0; if needed(drive) { shape.columns() } else { 0 }]),
            eligibility: Aligned::zeros(shape.len()),
            plastic: Aligned::zeros(shape.len()),
        }
    }
}

impl Synapses {
    fn rest(&mut self) {
        let Self { traces, tangents, third_factor, drives, eligibility, plastic: _ } = self;
        for values in traces.iter_mut().chain(tangents).chain(drives) {
            values.fill(0.0);
        }
        third_factor.fill(0.0);
        eligibility.fill(0.0);
    }
}

impl Clone for State {
    fn clone(&self) -> Self {
        Self { neurons: self.neurons.clone(), synapses: self.synapses.clone() }
    }

    fn clone_from(&mut self, source: &Self) {
        self.neurons.clone_from(&source.neurons);
        self.synapses.clone_from(&source.synapses);
    }
}

impl Clone for Neurons {
    fn clone(&self) -> Self {
        let mut clone = Self::default();
        clone.clone_from(self);
        clone
    }

    fn clone_from(&mut self, source: &Self) {
        self.spikes.clone_from(&source.spikes);
        self.active.clone_from(&source.active);
        self.potential.clone_from(&source.potential);
        self.distance.clone_from(&source.distance);
        self.adaptation.clone_from(&source.adaptation);
        self.refractory.clone_from(&source.refractory);
        self.modulation.clone_from(&source.modulation);
    }
}

impl Clone for Synapses {
    fn clone(&self) -> Self {
        let mut clone = Self::default();
        clone.clone_from(self);
        clone
    }

    fn clone_from(&mut self, source: &Self) {
        self.traces.clone_from(&source.traces);
        self.tangents.clone_from(&source.tangents);
        self.third_factor.clone_from(&source.third_factor);
        self.drives.clone_from(&source.drives);
        self.eligibility.clone_from(&source.eligibility);
        self.plastic.clone_from(&source.plastic);
    }
}
