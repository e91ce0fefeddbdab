//! What a lane of a batch carries from the end of an episode to the start of its next, in the layout of no engine.
//!
//! Matrices are row by row, a row for each presynaptic neuron. A list is empty where the network has no such quantity.
//! Nothing is differentiated through what is carried. This file knows no equation.
//!
//! ```
//! use metaplastic_learn::experiment::Experiment;
//! use metaplastic_learn::lifetime::Lifetime;
//! use metaplastic_learn::lifetime::carried::LaneBatch;
//! use metaplastic_learn::lifetime::carried_part::CarriedPart;
//! use metaplastic_learn::lifetime::fused::FusedLifetime;
//! use metaplastic_task::episodes;
//! use metaplastic_task::seed::Purpose;
//!
//! let experiment = Experiment::load("cue-association").unwrap();
//! let (model, flat) = (&experiment.model, experiment.initial(1));
//! let batch = episodes(&*experiment.task, 1, Purpose::Training, 0..2);
//! let run = |lanes: LaneBatch<'_>| FusedLifetime::default().forward(model, &flat, lanes);
//!
//! let fresh = LaneBatch { carried: Some(CarriedPart::PlasticWeights), ..LaneBatch::fresh(&batch) };
//! let ends = run(fresh).ends;
//! // The same episodes again, begun with what was learned in them.
//! let starts: Vec<_> = ends.iter().map(Option::as_ref).collect();
//! let again = run(LaneBatch { starts: &starts, ..fresh });
//! assert!(ends[0].is_some() && ends[0] != again.ends[0]);
//! ```

use metaplastic_shared::network::{Population, PopulationKind, Projection};
use serde::{Deserialize, Serialize};

use super::carried_part::CarriedPart;
use super::reward_loss::RewardLoss;
use crate::model::{Model, Trace};
use metaplastic_task::episode::Episode;

/// The state between two episodes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CarriedState {
    /// P by projection; empty where it is not plastic.
    pub plastic: Vec<Vec<f32>>,
    /// All else; none if it does not carry over.
    pub transient: Option<TransientState>,
}

/// All state but the plastic weights.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TransientState {
    /// By population.
    pub neurons: Vec<CarriedNeurons>,
    /// By projection; empty where it is not plastic.
    pub synapses: Vec<CarriedSynapses>,
}

/// The state of a population.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CarriedNeurons {
    /// s.
    pub spikes: Vec<f32>,
    /// v, or u of modulators.
    pub potential: Vec<f32>,
    /// i.
    pub synapse: Vec<f32>,
    /// a.
    pub adaptation: Vec<f32>,
    /// Steps in which a neuron still cannot spike.
    pub refractory: Vec<f32>,
}

/// The state of a plastic projection besides P.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CarriedSynapses {
    /// x, x2, y, y2, theta_y in the order of [`Trace::ALL`].
    pub traces: [Vec<f32>; Trace::ALL.len()],
    /// E.
    pub eligibility: Vec<f32>,
}

impl CarriedState {
    /// The initial state of a network.
    #[must_use]
    pub fn zeros(model: &Model, part: CarriedPart) -> Self {
        let network = &model.network;
        let projections = || network.projections.iter().map(|projection| (projection, network.shape(projection)));
        let plastic = |(projection, (pre, post)): (&Projection, (usize, usize))| {
            zeros(projection.plasticity.is_some(), pre * post)
        };
        let transient = || TransientState {
            neurons: network.populations.iter().map(CarriedNeurons::zeros).collect(),
            synapses: projections().map(|(projection, shape)| CarriedSynapses::zeros(projection, shape)).collect(),
        };
        Self {
            plastic: projections().map(plastic).collect(),
            transient: (part == CarriedPart::All).then(transient),
        }
    }

    /// Bytes of each population and projection.
    pub(crate) fn bytes(model: &Model, part: CarriedPart) -> super::NetworkBytes {
        let Self { plastic, transient } = Self::zeros(model, part);
        let floats =
            |lists: Vec<&Vec<f32>>| (lists.into_iter().map(Vec::len).sum::<usize>() * size_of::<f32>()) as u64;
        let TransientState { neurons, synapses } = transient.unwrap_or_default();
        let projections = plastic.iter().enumerate().map(|(index, plastic)| {
            floats(vec![plastic]) + synapses.get(index).map_or(0, |synapses| floats(synapses.lists().to_vec()))
        });
        let populations = neurons.iter().map(|neurons| floats(neurons.lists().to_vec()));
        super::NetworkBytes { populations: populations.collect(), projections: projections.collect() }
    }

    /// What carries over of a whole state: nothing if any number of it is not finite.
    pub(crate) fn carried(self, part: CarriedPart) -> Option<Self> {
        let is_finite = self.lists().iter().all(|(_, list)| list.iter().all(|value| value.is_finite()));
        let transient = self.transient.filter(|_| part == CarriedPart::All);
        is_finite.then_some(Self { transient, ..self })
    }

    /// The state of a population, if it carries over.
    pub(crate) fn neurons(&self, population: usize) -> Option<&CarriedNeurons> {
        self.transient.as_ref()?.neurons.get(population)
    }

    /// As [`neurons`](Self::neurons).
    pub(crate) fn neurons_mut(&mut self, population: usize) -> Option<&mut CarriedNeurons> {
        self.transient.as_mut()?.neurons.get_mut(population)
    }

    /// The state of a projection besides P, if it carries over.
    pub(crate) fn synapses(&self, projection: usize) -> Option<&CarriedSynapses> {
        self.transient.as_ref()?.synapses.get(projection)
    }

    /// As [`synapses`](Self::synapses).
    pub(crate) fn synapses_mut(&mut self, projection: usize) -> Option<&mut CarriedSynapses> {
        self.transient.as_mut()?.synapses.get_mut(projection)
    }

    /// Every list with its name.
    pub(crate) fn lists(&self) -> Vec<(String, &[f32])> {
        let plastic = self.plastic.iter().enumerate().map(|(index, list)| (format!("plastic[{index}]"), &**list));
        let Some(TransientState { neurons, synapses }) = &self.transient else { return plastic.collect() };
        let neurons = neurons.iter().enumerate().flat_map(|(index, neurons)| {
            let lists = neurons.lists().into_iter().zip(CarriedNeurons::NAMES);
            lists.map(move |(list, name)| (format!("neurons[{index}].{name}"), &**list))
        });
        let synapses = synapses.iter().enumerate().flat_map(|(index, synapses)| {
            let lists = synapses.lists().into_iter().zip(CarriedSynapses::NAMES);
            lists.map(move |(list, name)| (format!("synapses[{index}].{name}"), &**list))
        });
        plastic.chain(neurons).chain(synapses).collect()
    }
}

impl CarriedNeurons {
    const NAMES: [&str; 5] = ["spikes", "potential", "synapse", "adaptation", "refractory"];

    fn zeros(population: &Population) -> Self {
        let zeros = |needed| zeros(needed, population.size.into());
        match population.kind {
            PopulationKind::Input => Self { spikes: zeros(true), ..Self::default() },
            PopulationKind::Modulator(_) => Self { potential: zeros(true), ..Self::default() },
            PopulationKind::Analog(_) => Self::default(),
            PopulationKind::Lif(lif) => Self {
                spikes: zeros(!lif.graded),
                potential: zeros(true),
                synapse: zeros(lif.synaptic),
                adaptation: zeros(lif.adaptive),
                refractory: zeros(lif.refractory > 0),
            },
        }
    }

    /// Every list, in the order of the names.
    fn lists(&self) -> [&Vec<f32>; 5] {
        let Self { spikes, potential, synapse, adaptation, refractory } = self;
        [spikes, potential, synapse, adaptation, refractory]
    }
}

impl CarriedSynapses {
    const NAMES: [&str; 6] = ["x", "x2", "y", "y2", "theta_y", "eligibility"];

    fn zeros(projection: &Projection, shape: (usize, usize)) -> Self {
        let Some(plasticity) = &projection.plasticity else { return Self::default() };
        let (pre, post) = shape;
        let size = |trace| if matches!(trace, Trace::Pre | Trace::PreSlow) { pre } else { post };
        let trace = |trace: Trace| zeros(trace.is_kept(&plasticity.rule), size(trace));
        Self { traces: Trace::ALL.map(trace), eligibility: zeros(true, pre * post) }
    }

    /// Every list, in the order of the names.
    fn lists(&self) -> [&Vec<f32>; 6] {
        let [x, x2, y, y2, threshold] = &self.traces;
        [x, x2, y, y2, threshold, &self.eligibility]
    }
}

fn zeros(needed: bool, length: usize) -> Vec<f32> {
    vec![0.0; if needed { length } else { 0 }]
}

/// Episodes, one in each lane of a batch, and what they begin with.
#[derive(Clone, Copy, Debug)]
pub struct LaneBatch<'a> {
    /// The episodes.
    pub episodes: &'a [Episode],
    /// The state that each begins with: the initial one where there is none, and beyond the end of the list.
    pub starts: &'a [Option<&'a CarriedState>],
    /// The part of the state at the end of each that is wanted, if any.
    pub carried: Option<CarriedPart>,
    /// How rewards are learned from, of episodes in a world that rewards choices.
    pub rewards: RewardLoss,
    /// The largest norm of the gradient of one episode's own loss; what is longer is shortened before the mean.
    pub episode_clip: Option<f64>,
}

impl<'a> LaneBatch<'a> {
    /// Episodes that begin with the initial state, whose ends are not wanted.
    #[must_use]
    pub fn fresh(episodes: &'a [Episode]) -> Self {
        Self { episodes, starts: &[], carried: None, rewards: RewardLoss::default(), episode_clip: None }
    }

    /// The state that the episode of a lane begins with; none if it is the initial one.
    #[must_use]
    pub fn start(self, lane: usize) -> Option<&'a CarriedState> {
        self.starts.get(lane).copied().flatten()
    }

    /// The whole state that the episode of a lane begins with.
    pub(crate) fn whole_start(self, lane: usize, model: &Model) -> CarriedState {
        let zeros = CarriedState::zeros(model, CarriedPart::All);
        let Some(CarriedState { plastic, transient }) = self.start(lane).cloned() else { return zeros };
        CarriedState { plastic, transient: transient.or(zeros.transient) }
    }

    /// Batches of at most `size` lanes that together are this one.
    pub(crate) fn chunks(self, size: usize) -> Vec<Self> {
        let chunk = |(index, episodes): (usize, &'a [Episode])| {
            let starts = self.starts.get(index * size..).unwrap_or_default();
            Self { episodes, starts: &starts[..starts.len().min(size)], ..self }
        };
        self.episodes.chunks(size).enumerate().map(chunk).collect()
    }
}
