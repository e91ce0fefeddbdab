//! The equations of `lifetime` as loops over neurons and synapses, in double precision: no padding, no panels, no
//! collapsed terms, no lists of active neurons, no tape. The one plain oracle that the engines are compared with.
//!
//! It shares with them nothing but the network's description and the layout of its parameters.
#![allow(dead_code, reason = "each test that includes this module uses a part of it")]

use metaplastic_learn::lifetime::testing::weight_of;
use metaplastic_learn::lifetime::{Spiking, THRESHOLD};
use metaplastic_learn::model::{Model, Parameter, Trace};
use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::network::{Leak, Lif, Modulator, Plasticity, PopulationKind, Projection, ThirdFactor};
use metaplastic_shared::rule::{CoefficientScope, Postsynaptic, Presynaptic, Synaptic, Term};
use metaplastic_task::episode::Episode;

/// A neuron after a step; what its kind does not have stays zero.
#[derive(Clone, Default)]
pub(crate) struct Neuron {
    /// v, or u of a modulator.
    pub(crate) v: f64,
    /// i.
    pub(crate) i: f64,
    /// s, or an analog value.
    pub(crate) s: f64,
    /// a.
    pub(crate) a: f64,
    /// m.
    pub(crate) m: f64,
    /// psi.
    psi: f64,
    /// Steps in which it still cannot spike.
    silent: u8,
}

/// A projection after a step; matrices are row by row.
#[derive(Clone, Default)]
pub(crate) struct Learning {
    /// In the order of [`Trace::ALL`].
    pub(crate) traces: [Vec<f64>; 5],
    /// E.
    pub(crate) eligibility: Vec<f64>,
    /// P.
    pub(crate) plastic: Vec<f64>,
}

/// A network and its state.
pub(crate) struct Oracle<'m> {
    model: &'m Model,
    flat: &'m [f64],
    spiking: Spiking,
    freeze: Freeze,
    /// By population.
    pub(crate) neurons: Vec<Vec<Neuron>>,
    /// By projection.
    pub(crate) learning: Vec<Learning>,
}

impl<'m> Oracle<'m> {
    /// The initial state.
    pub(crate) fn new(model: &'m Model, flat: &'m [f64], spiking: Spiking, freeze: Freeze) -> Self {
        let network = &model.network;
        let neurons = network.populations.iter().map(|one| vec![Neuron::default(); one.size.into()]).collect();
        let learning = |projection| {
            let (pre, post) = network.shape(projection);
            let sizes = [pre, pre, post, post, post];
            let zeros = vec![0.0; pre * post];
            Learning { traces: sizes.map(|size| vec![0.0; size]), eligibility: zeros.clone(), plastic: zeros }
        };
        Self { model, flat, spiking, freeze, neurons, learning: network.projections.iter().map(learning).collect() }
    }

    fn values(&self, parameter: Parameter) -> &'m [f64] {
        self.model.slot(parameter).map_or(&[], |slot| &self.flat[slot.range.clone()])
    }

    fn decay(&self, parameter: Parameter) -> f64 {
        self.decay_of(parameter, 0)
    }

    /// Of a neuron, whether it has one of its own or not.
    fn decay_of(&self, parameter: Parameter, neuron: usize) -> f64 {
        let raw = self.values(parameter);
        1.0 / (1.0 + (-raw[neuron % raw.len()]).exp())
    }

    /// Sets all state but P to zero.
    pub(crate) fn reset_state(&mut self) {
        let Self { neurons, learning, .. } = Self::new(self.model, self.flat, self.spiking, self.freeze);
        self.neurons = neurons;
        for (learning, initial) in self.learning.iter_mut().zip(learning) {
            *learning = Learning { plastic: learning.plastic.clone(), ..initial };
        }
    }

    /// One step of an episode, after the reset of the state if there is one.
    pub(crate) fn step(&mut self, episode: &Episode, step: usize) {
        if episode.resets_state_before(step) {
            self.reset_state();
        }
        self.set_analog_values(episode, step);
        let mut first_input = 0;
        for (index, population) in self.model.network.populations.iter().enumerate() {
            let current = self.current(index, population.size.into());
            match population.kind {
                PopulationKind::Input => {
                    let size = usize::from(population.size);
                    let spiking: Vec<_> = episode.spiking_at(step).collect();
                    for j in 0..size {
                        self.neurons[index][j].s = f64::from(u8::from(spiking.contains(&(first_input + j))));
                    }
                    first_input += size;
                }
                PopulationKind::Lif(lif) => self.step_lif(index, lif, &current),
                PopulationKind::Modulator(modulator) => self.step_modulators(index, modulator, &current),
                PopulationKind::Analog(_) => {}
            }
        }
        for (index, projection) in self.model.network.projections.iter().enumerate() {
            if let Some(plasticity) = &projection.plasticity {
                self.learn(index, projection, plasticity);
            }
        }
    }

    fn set_analog_values(&mut self, episode: &Episode, step: usize) {
        let mut values = episode.analog_at(step).iter();
        let populations = self.model.network.populations.iter().zip(&mut self.neurons);
        for (_, neurons) in populations.filter(|(population, _)| population.is_analog()) {
            neurons.iter_mut().zip(&mut values).for_each(|(neuron, value)| neuron.s = f64::from(*value));
        }
    }

    fn current(&self, population: usize, size: usize) -> Vec<f64> {
        let mut current = vec![0.0; size];
        for (index, projection) in self.model.network.projections.iter().enumerate() {
            if usize::from(projection.post) == population {
                let weights = self.values(Parameter::Weights(index));
                for (i, neuron) in self.neurons[usize::from(projection.pre)].iter().enumerate() {
                    for j in 0..size {
                        let weight = weight_of(&self.model.network, index, i, j).map_or(0.0, |at| weights[at]);
                        current[j] += neuron.s * (weight + self.learning[index].plastic[i * size + j]);
                    }
                }
            }
        }
        current
    }

    fn step_lif(&mut self, index: usize, lif: Lif, current: &[f64]) {
        let k = f64::from(self.model.network.surrogate_slope);
        let theta = f64::from(THRESHOLD);
        let bias = self.values(Parameter::Bias(index));
        let decays: Vec<_> = (0..current.len())
            .map(|j| {
                let a_i = lif.synaptic.then(|| self.decay_of(Parameter::SynapseDecay(index), j));
                (self.decay_of(Parameter::MembraneDecay(index), j), a_i)
            })
            .collect();
        let adaptation = lif.adaptive.then(|| {
            let beta = self.values(Parameter::AdaptationStrength(index))[0].exp();
            (beta, self.decay(Parameter::AdaptationDecay(index)))
        });
        for (j, neuron) in self.neurons[index].iter_mut().enumerate() {
            let (a_v, a_i) = decays[j];
            neuron.i = a_i.map_or(0.0, |a_i| a_i * neuron.i) + current[j] + bias[j % bias.len()];
            neuron.v = a_v * neuron.v + neuron.i - theta * neuron.s;
            let d = neuron.v - theta - adaptation.map_or(0.0, |(beta, _)| beta * neuron.a);
            neuron.psi = (1.0 + k * d.abs()).powi(-2);
            let (silent, above) = (neuron.silent > 0, d >= 0.0);
            neuron.s = match (silent || lif.graded, self.spiking) {
                (true, _) => 0.0,
                (false, Spiking::Heaviside) => f64::from(u8::from(above)),
                (false, Spiking::Smooth) => 0.5 + d / (1.0 + k * d.abs()),
            };
            neuron.silent =
                if above && !silent && !lif.graded { lif.refractory } else { neuron.silent.saturating_sub(1) };
            if let Some((_, rho)) = adaptation {
                neuron.a = rho * neuron.a + (1.0 - rho) * neuron.s;
            }
        }
    }

    fn step_modulators(&mut self, index: usize, modulator: Modulator, current: &[f64]) {
        let a_m = self.decay(Parameter::ModulatorDecay(index));
        for (k, neuron) in self.neurons[index].iter_mut().enumerate() {
            neuron.v = a_m * neuron.v + current[k];
            let (value, zone) = (neuron.v.tanh(), f64::from(modulator.dead_zone) / 32768.0);
            let shrunk = if value.abs() <= zone { 0.0 } else { value - zone.copysign(value) };
            neuron.m = if self.freeze == Freeze::ThirdFactor { 1.0 } else { shrunk };
        }
    }

    /// `sqrt(sum m^2 + s^2) - s` of each modulator population, with `s = 1/1000`; neurons of other kinds have m =
    /// 0.
    pub(crate) fn modulation(&self) -> f64 {
        let norm =
            |neurons: &Vec<Neuron>| (neurons.iter().map(|neuron| neuron.m.powi(2)).sum::<f64>() + 1e-6).sqrt();
        self.neurons.iter().map(|neurons| norm(neurons) - 1e-3).sum()
    }

    /// The squared fractions of the LIF populations that spike.
    pub(crate) fn spike_regulariser(&self) -> f64 {
        let populations = self.model.network.populations.iter().zip(&self.neurons);
        let firing = populations.filter(|(population, _)| matches!(population.kind, PopulationKind::Lif(_)));
        let fraction =
            |neurons: &[Neuron]| neurons.iter().map(|neuron| neuron.s).sum::<f64>() / neurons.len() as f64;
        firing.map(|(_, neurons)| fraction(neurons).powi(2)).sum()
    }

    fn learn(&mut self, index: usize, projection: &Projection, plasticity: &Plasticity) {
        let pre = self.neurons[usize::from(projection.pre)].clone();
        let post = self.neurons[usize::from(projection.post)].clone();
        let mut learning = self.learning[index].clone();
        for trace in Trace::ALL.into_iter().filter(|trace| trace.is_kept(&plasticity.rule)) {
            let decay = self.decay(Parameter::TraceDecay(index, trace));
            let y = learning.traces[Trace::Post as usize].clone();
            for (n, value) in learning.traces[trace as usize].iter_mut().enumerate() {
                let input = match trace {
                    Trace::Pre | Trace::PreSlow => pre[n].s,
                    Trace::Post | Trace::PostSlow => post[n].s,
                    Trace::Threshold => y[n] * y[n],
                };
                *value = decay * *value + (1.0 - decay) * input;
            }
        }
        let a_e = self.decay(Parameter::EligibilityDecay(index));
        let frozen = self.freeze == Freeze::Plasticity;
        let eta = if frozen { 0.0 } else { self.values(Parameter::Rate(index))[0].exp() };
        let limit = f64::from(self.model.plastic_limit);
        for i in 0..pre.len() {
            for j in 0..post.len() {
                let synapse = i * post.len() + j;
                let p = learning.plastic[synapse];
                let terms = plasticity.rule.terms.iter().enumerate();
                let event: f64 = terms
                    .map(|(number, term)| {
                        let column = if plasticity.rule.scope == CoefficientScope::Projection { 0 } else { j };
                        let columns =
                            self.values(Parameter::Coefficients(index)).len() / plasticity.rule.terms.len();
                        let c = self.values(Parameter::Coefficients(index))[number * columns + column];
                        let synapse = Synapse { i, j, p };
                        c * factors(term, &learning, synapse, pre[i].s, &post[j])
                    })
                    .sum();
                let e = a_e * learning.eligibility[synapse] + (1.0 - a_e) * event;
                learning.eligibility[synapse] = e;
                let third_factor = self.third_factor(index, plasticity, j);
                let lost = if frozen { 0.0 } else { self.lost(index, plasticity, third_factor) };
                learning.plastic[synapse] = (p + eta * third_factor * e - lost * p).clamp(-limit, limit);
            }
        }
        self.learning[index] = learning;
    }

    fn lost(&self, index: usize, plasticity: &Plasticity, third_factor: f64) -> f64 {
        let Some(leak) = plasticity.leak else { return 0.0 };
        let factor = if leak == Leak::Always { 1.0 } else { third_factor.abs() };
        (self.values(Parameter::Leak(index))[0].exp() * factor).min(32_766.0 / 65_536.0)
    }

    fn third_factor(&self, index: usize, plasticity: &Plasticity, j: usize) -> f64 {
        let ThirdFactor::Modulators(population) = plasticity.third_factor else { return 1.0 };
        let weights = self.values(Parameter::ThirdFactorWeights(index));
        let modulators = &self.neurons[usize::from(population)];
        let columns = weights.len() / modulators.len();
        modulators.iter().enumerate().map(|(k, neuron)| weights[k * columns + j] * neuron.m).sum()
    }
}

/// A synapse and its P.
struct Synapse {
    i: usize,
    j: usize,
    p: f64,
}

fn factors(term: &Term, learning: &Learning, synapse: Synapse, s_i: f64, post: &Neuron) -> f64 {
    let Synapse { i, j, p } = synapse;
    let trace = |trace: Trace, n: usize| learning.traces[trace as usize][n];
    let f = match term.pre {
        Presynaptic::One => 1.0,
        Presynaptic::Spike => s_i,
        Presynaptic::Trace => trace(Trace::Pre, i),
        Presynaptic::SlowTrace => trace(Trace::PreSlow, i),
    };
    let g = match term.post {
        Postsynaptic::One => 1.0,
        Postsynaptic::Spike => post.s,
        Postsynaptic::Trace => trace(Trace::Post, j),
        Postsynaptic::SlowTrace => trace(Trace::PostSlow, j),
        Postsynaptic::TraceSquared => trace(Trace::Post, j).powi(2),
        Postsynaptic::TraceTimesThreshold => trace(Trace::Post, j) * trace(Trace::Threshold, j),
        Postsynaptic::Surrogate => post.psi,
    };
    f * g * if term.synapse == Synaptic::Plastic { p } else { 1.0 }
}
