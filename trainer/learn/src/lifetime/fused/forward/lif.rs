//! LIF populations in one step, under the current `I_j` that has been added up:
//!
//! ```text
//! v_j = a_v v_j + I_j - theta s_j(t-1)
//! d_j = v_j - theta - beta a_j
//! s_j = [d_j >= 0]                      zero while refractory, and of graded neurons
//! a_j = rho a_j + (1 - rho) s_j
//! ```
//!
//! With a synaptic current, `i_j = a_i i_j + I_j` takes the place of `I_j`. Decays `a_v` and `a_i` are one a
//! population or one per neuron.
//!
//! No neuron depends on another, so that the compiler may make vectors of any width of these plain loops: none
//! changes a bit. Where the current comes from is not known here.

use metaplastic_shared::network::Lif;

use crate::lifetime::fused::configuration::PopulationContext;
use crate::lifetime::fused::decays::PopulationDecays;
use crate::lifetime::fused::flat::{FlatGradient, FlatValues, add};
use crate::lifetime::fused::flush::flush;
use crate::lifetime::fused::lanes::{Kernel, LANES, Lanes, Octet};
use crate::lifetime::fused::plan::PopulationPlan;
use crate::lifetime::fused::sparse::SparseVector;
use crate::lifetime::{Spiking, THRESHOLD};
use crate::model::Parameter;

/// Meta-parameters of a LIF population, or gradients with respect to them.
#[derive(Clone, Debug)]
pub(crate) struct LifTensors {
    /// b, padded.
    pub(crate) bias: Vec<f32>,
    /// a_v.
    pub(crate) membrane_decay: PopulationDecays,
    /// a_i of a synaptic current.
    pub(crate) synapse_decay: PopulationDecays,
    /// beta.
    pub(crate) adaptation_strength: f64,
    /// rho.
    pub(crate) adaptation_decay: f64,
}

impl LifTensors {
    /// Zeros for `padded` neurons, padding included.
    pub(crate) fn zeros(lif: Lif, padded: usize) -> Self {
        let decays = PopulationDecays::zeros(lif.decay_scope, padded);
        Self {
            bias: vec![0.0; padded],
            membrane_decay: decays.clone(),
            synapse_decay: decays,
            adaptation_strength: 0.0,
            adaptation_decay: 0.0,
        }
    }

    /// An upper estimate of the floats that they take: a bias, and both decays in double precision.
    pub(crate) fn floats(padded: usize) -> usize {
        5 * padded
    }

    /// The values of population `index`.
    pub(crate) fn load(values: FlatValues<'_>, index: usize, lif: Lif, population: &PopulationPlan) -> Self {
        let mut tensors = Self::zeros(lif, population.padded());
        let bias = values.raw(Parameter::Bias(index)).iter().cycle();
        tensors.bias[..population.size].iter_mut().zip(bias).for_each(|(neuron, bias)| *neuron = *bias);
        tensors.membrane_decay.load(values, Parameter::MembraneDecay(index));
        tensors.synapse_decay.load(values, Parameter::SynapseDecay(index));
        tensors.adaptation_decay = values.decay(Parameter::AdaptationDecay(index));
        tensors.adaptation_strength = values.positive(Parameter::AdaptationStrength(index));
        tensors
    }

    /// Adds another gradient.
    pub(crate) fn add(&mut self, other: &Self) {
        add(&mut self.bias, &other.bias);
        self.membrane_decay.add(&other.membrane_decay);
        self.synapse_decay.add(&other.synapse_decay);
        self.adaptation_strength += other.adaptation_strength;
        self.adaptation_decay += other.adaptation_decay;
    }

    /// Puts this gradient of population `index`, at `values`, into the flat one.
    pub(crate) fn flatten(&self, values: &Self, index: usize, size: usize, flat: &mut FlatGradient<'_>) {
        let bias = flat.raw(Parameter::Bias(index));
        let neurons = self.bias[..size].chunks(bias.len().max(1));
        neurons.for_each(|neurons| add(bias, neurons));
        self.membrane_decay.flatten(&values.membrane_decay, Parameter::MembraneDecay(index), flat);
        self.synapse_decay.flatten(&values.synapse_decay, Parameter::SynapseDecay(index), flat);
        let strength = values.adaptation_strength;
        flat.set_positive(Parameter::AdaptationStrength(index), self.adaptation_strength, strength);
        flat.set_decay(Parameter::AdaptationDecay(index), self.adaptation_decay, values.adaptation_decay);
    }
}

/// Vectors of a LIF population's state besides the spikes.
const VECTORS: usize = 5;

/// State of a LIF population; vectors are padded with zeros, and empty where the neurons have no such quantity.
#[derive(Debug, Default)]
pub(crate) struct LifState {
    /// s.
    pub(crate) spikes: SparseVector,
    /// v.
    pub(crate) potential: Vec<f32>,
    /// i of a synaptic current.
    pub(crate) synapse: Vec<f32>,
    /// d of adaptive neurons; see [`distances`](Self::distances).
    pub(crate) distance: Vec<f32>,
    /// a.
    pub(crate) adaptation: Vec<f32>,
    /// Steps in which the neuron still cannot spike, if there is a refractory period.
    pub(crate) refractory: Vec<f32>,
}

impl LifState {
    /// The initial state: zero.
    pub(crate) fn new(lif: Lif, padded: usize) -> Self {
        let zeros = |needed: bool| vec![0.0; if needed { padded } else { 0 }];
        Self {
            spikes: SparseVector::none(padded),
            potential: zeros(true),
            synapse: zeros(lif.synaptic),
            distance: zeros(lif.adaptive),
            adaptation: zeros(lif.adaptive),
            refractory: zeros(lif.refractory > 0),
        }
    }

    /// The vectors besides the spikes.
    fn vectors(&self) -> [&Vec<f32>; VECTORS] {
        [&self.potential, &self.synapse, &self.distance, &self.adaptation, &self.refractory]
    }

    fn vectors_mut(&mut self) -> [&mut Vec<f32>; VECTORS] {
        let Self { spikes: _, potential, synapse, distance, adaptation, refractory } = self;
        [potential, synapse, distance, adaptation, refractory]
    }

    /// Becomes the initial state.
    pub(crate) fn reset_state(&mut self) {
        self.spikes.clear();
        self.vectors_mut().into_iter().for_each(|vector| vector.fill(0.0));
    }

    /// Sets what has decayed to nothing to zero.
    pub(crate) fn flush(&mut self) {
        self.vectors_mut().into_iter().for_each(|vector| flush(vector));
    }

    /// An upper estimate of the floats that it takes.
    pub(crate) fn floats(padded: usize) -> usize {
        SparseVector::floats(padded) + VECTORS * padded
    }

    /// Begins a step with the bias; projections add their currents to it.
    pub(crate) fn begin(&mut self, values: &LifTensors) -> &mut [f32] {
        let current = if self.synapse.is_empty() { &mut self.potential } else { &mut self.synapse };
        current.copy_from_slice(&values.bias);
        current
    }

    /// d of a neuron; without adaptation it is `v - theta`, and not kept.
    fn distance_at(&self, neuron: usize) -> f32 {
        self.distance.get(neuron).copied().unwrap_or_else(|| self.potential[neuron] - THRESHOLD)
    }

    /// d of eight neurons.
    pub(crate) fn distances(&self, panel: usize) -> Octet {
        std::array::from_fn(|lane| self.distance_at(panel * LANES + lane))
    }
}

impl Clone for LifState {
    fn clone(&self) -> Self {
        let mut clone = Self::default();
        clone.clone_from(self);
        clone
    }

    fn clone_from(&mut self, source: &Self) {
        self.spikes.clone_from(&source.spikes);
        self.vectors_mut().into_iter().zip(source.vectors()).for_each(|(vector, source)| vector.clone_from(source));
    }
}

/// A LIF population and all that stays the same during its steps.
#[derive(Clone, Copy)]
pub(crate) struct LifContext<'a> {
    /// Its description.
    pub(crate) lif: Lif,
    /// Its meta-parameters.
    pub(crate) values: &'a LifTensors,
    /// Its size, and how it is run.
    pub(crate) context: PopulationContext<'a>,
}

impl LifContext<'_> {
    /// One step, of a state that [began](LifState::begin) and has all currents.
    pub(crate) fn step(self, before: &LifState, after: &mut LifState) {
        let Self { lif, values, context } = self;
        let (size, backend) = (context.population.size, context.configuration.backend);
        if lif.synaptic {
            backend.run(FilterInput { decays: &values.synapse_decay, size, before, after });
        }
        let (decays, strength) = (&values.membrane_decay, values.adaptation_strength as f32);
        backend.run(Integrate { decays, strength, size, before, after });
        if lif.graded {
            return;
        }
        self.spike(before, after);
        let rho = values.adaptation_decay as f32;
        let adaptation = after.adaptation.iter_mut().zip(&before.adaptation).zip(&after.spikes.values);
        adaptation.for_each(|((a, before), spike)| *a = rho * before + (1.0 - rho) * spike);
    }

    fn spike(self, before: &LifState, after: &mut LifState) {
        let period = f32::from(self.lif.refractory);
        let PopulationContext { population, configuration, .. } = self.context;
        configuration.backend.run(Spike { period, size: population.size, before, after });
        if configuration.spiking == Spiking::Smooth {
            self.smooth_spike(before, after);
        }
        after.spikes.list_active(configuration.backend);
    }

    fn smooth_spike(self, before: &LifState, after: &mut LifState) {
        for neuron in 0..self.context.population.size {
            let distance = after.distance_at(neuron);
            let smooth = 0.5 + distance / (1.0 + self.context.slope * distance.abs());
            let refractory = before.refractory.get(neuron).is_some_and(|steps| *steps > 0.0);
            after.spikes.values[neuron] = if refractory { 0.0 } else { smooth };
        }
    }
}

/// `i = a_i i(t-1) + I`, with `I` in the memory of `i`; `i` is put where `v` will be.
struct FilterInput<'a> {
    decays: &'a PopulationDecays,
    size: usize,
    before: &'a LifState,
    after: &'a mut LifState,
}

impl Kernel for FilterInput<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, _: L) {
        let Self { decays, size, before, after } = self;
        let LifState { potential, synapse, .. } = after;
        decays.for_each(synapse[..size].iter_mut().zip(&before.synapse), |(synapse, before), decay| {
            *synapse += decay * before;
        });
        potential.copy_from_slice(synapse);
    }
}

/// `v = a_v v(t-1) + I - theta s(t-1)`, with `I` in the memory of `v`, and `d = v - theta - beta a(t-1)` where it
/// is kept.
struct Integrate<'a> {
    decays: &'a PopulationDecays,
    strength: f32,
    size: usize,
    before: &'a LifState,
    after: &'a mut LifState,
}

impl Kernel for Integrate<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, _: L) {
        let Self { decays, strength, size, before, after } = self;
        let LifState { potential, distance, .. } = after;
        let potentials = potential[..size].iter_mut().zip(before.potential.iter().zip(&before.spikes.values));
        decays.for_each(potentials, |(potential, (before, spike)), decay| {
            *potential = decay * before + *potential - THRESHOLD * spike;
        });
        let distances = distance.iter_mut().zip(&potential[..size]).zip(&before.adaptation);
        for ((distance, potential), adaptation) in distances {
            *distance = potential - THRESHOLD - strength * adaptation;
        }
    }
}

/// `s = [d >= 0]`, zero while refractory.
struct Spike<'a> {
    /// Steps after a spike in which a neuron cannot spike.
    period: f32,
    size: usize,
    before: &'a LifState,
    after: &'a mut LifState,
}

impl Kernel for Spike<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, _: L) {
        let Self { period, size, before, after } = self;
        let LifState { spikes, potential, distance, refractory, .. } = after;
        let spikes = &mut spikes.values[..size];
        with_distances(spikes.iter_mut(), potential, distance, |spike, distance| {
            *spike = f32::from(u8::from(distance >= 0.0));
        });
        for ((spike, refractory), waiting) in spikes.iter_mut().zip(refractory).zip(&before.refractory) {
            *spike = if *waiting == 0.0 { *spike } else { 0.0 };
            *refractory = *spike * period + (1.0 - *spike) * (waiting - 1.0).max(0.0);
        }
    }
}

/// Calls `visit` with each of `values` and its neuron's d; one branch for all neurons.
#[inline(always)]
pub(crate) fn with_distances<T>(
    values: impl Iterator<Item = T>,
    potential: &[f32],
    distance: &[f32],
    visit: impl Fn(T, f32),
) {
    if distance.is_empty() {
        values.zip(potential).for_each(|(value, potential)| visit(value, potential - THRESHOLD));
    } else {
        values.zip(distance).for_each(|(value, distance)| visit(value, *distance));
    }
}

/// The surrogate derivative `1 / (1 + k |d|)^2`.
pub(crate) fn surrogate(slope: f32, distance: f32) -> f32 {
    let root = 1.0 / (1.0 + slope * distance.abs());
    root * root
}
