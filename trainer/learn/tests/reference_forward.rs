//! The reference engine against the equations of `lifetime`, written once more as loops over neurons and synapses.
//!
//! Both compute in `f64`; they share nothing but the network's description and the layout of its parameters.

use metaplastic_learn::autodiff::Reference;
use metaplastic_learn::lifetime::testing::{random_case, weight_of};
use metaplastic_learn::lifetime::{Spiking, THRESHOLD};
use metaplastic_learn::model::{Model, Parameter, Trace};
use metaplastic_shared::network::{Lif, Modulator, Plasticity, PopulationKind, Projection, ThirdFactor};
use metaplastic_shared::rule::{CoefficientScope, Postsynaptic, Presynaptic, Synaptic, Term};
use metaplastic_task::episode::Episode;

#[derive(Clone, Default)]
struct Neuron {
    v: f64,
    s: f64,
    a: f64,
    m: f64,
    psi: f64,
    silent: u8,
}

#[derive(Clone, Default)]
struct Learning {
    traces: [Vec<f64>; 5],
    eligibility: Vec<f64>,
    plastic: Vec<f64>,
}

struct Loops<'m> {
    model: &'m Model,
    flat: &'m [f64],
    spiking: Spiking,
    neurons: Vec<Vec<Neuron>>,
    learning: Vec<Learning>,
}

impl<'m> Loops<'m> {
    fn new(model: &'m Model, flat: &'m [f64], spiking: Spiking) -> Self {
        let network = &model.network;
        let neurons = network.populations.iter().map(|one| vec![Neuron::default(); one.size.into()]).collect();
        let learning = |projection| {
            let (pre, post) = network.shape(projection);
            let sizes = [pre, pre, post, post, post];
            let zeros = vec![0.0; pre * post];
            Learning { traces: sizes.map(|size| vec![0.0; size]), eligibility: zeros.clone(), plastic: zeros }
        };
        Self { model, flat, spiking, neurons, learning: network.projections.iter().map(learning).collect() }
    }

    fn values(&self, parameter: Parameter) -> &'m [f64] {
        self.model.slot(parameter).map_or(&[], |slot| &self.flat[slot.range.clone()])
    }

    fn decay(&self, parameter: Parameter) -> f64 {
        1.0 / (1.0 + (-self.values(parameter)[0]).exp())
    }

    fn rest(&mut self) {
        let Self { neurons, learning, .. } = Self::new(self.model, self.flat, self.spiking);
        self.neurons = neurons;
        for (learning, rested) in self.learning.iter_mut().zip(learning) {
            *learning = Learning { plastic: learning.plastic.clone(), ..rested };
        }
    }

    fn step(&mut self, episode: &Episode, step: usize) {
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
                PopulationKind::Modulator(modulator) => {
                    self.step_modulators(index, modulator, &current, episode, step);
                }
            }
        }
        for (index, projection) in self.model.network.projections.iter().enumerate() {
            if let Some(plasticity) = &projection.plasticity {
                self.learn(index, projection, plasticity);
            }
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
        let (bias, a_v) = (self.values(Parameter::Bias(index)), self.decay(Parameter::MembraneDecay(index)));
        let adaptation = lif.adaptive.then(|| {
            let beta = self.values(Parameter::AdaptationStrength(index))[0].exp();
            (beta, self.decay(Parameter::AdaptationDecay(index)))
        });
        for (j, neuron) in self.neurons[index].iter_mut().enumerate() {
            neuron.v = a_v * neuron.v + current[j] + bias[j % bias.len()] - theta * neuron.s;
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

    fn step_modulators(
        &mut self,
        index: usize,
        modulator: Modulator,
        current: &[f64],
        episode: &Episode,
        step: usize,
    ) {
        let a_m = self.decay(Parameter::ModulatorDecay(index));
        let weights = self.values(Parameter::SignalWeights(index));
        for (k, neuron) in self.neurons[index].iter_mut().enumerate() {
            neuron.v = a_m * neuron.v + current[k];
            for (n, signal) in episode.signals_at(step).iter().enumerate() {
                neuron.v += weights[n * current.len() + k] * signal.to_num::<f64>();
            }
            let (value, zone) = (neuron.v.tanh(), f64::from(modulator.dead_zone) / 32768.0);
            neuron.m = if value.abs() <= zone { 0.0 } else { value - zone.copysign(value) };
        }
    }

    /// `sqrt(sum m^2 + s^2) - s` of each modulator population, with `s = 1/1000`; neurons of other kinds have m = 0.
    fn modulation(&self) -> f64 {
        let norm =
            |neurons: &Vec<Neuron>| (neurons.iter().map(|neuron| neuron.m.powi(2)).sum::<f64>() + 1e-6).sqrt();
        self.neurons.iter().map(|neurons| norm(neurons) - 1e-3).sum()
    }

    /// The squared shares of the LIF populations that spike.
    fn crowding(&self) -> f64 {
        let populations = self.model.network.populations.iter().zip(&self.neurons);
        let firing = populations.filter(|(population, _)| matches!(population.kind, PopulationKind::Lif(_)));
        let share = |neurons: &[Neuron]| neurons.iter().map(|neuron| neuron.s).sum::<f64>() / neurons.len() as f64;
        firing.map(|(_, neurons)| share(neurons).powi(2)).sum()
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
        let eta = self.values(Parameter::Rate(index))[0].exp();
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
                        c * factors(term, &learning, i, j, pre[i].s, &post[j], p)
                    })
                    .sum();
                let e = a_e * learning.eligibility[synapse] + (1.0 - a_e) * event;
                learning.eligibility[synapse] = e;
                learning.plastic[synapse] =
                    (p + eta * self.third_factor(index, plasticity, j) * e).clamp(-limit, limit);
            }
        }
        self.learning[index] = learning;
    }

    fn third_factor(&self, index: usize, plasticity: &Plasticity, j: usize) -> f64 {
        let ThirdFactor::Modulators(population) = plasticity.third_factor else { return 1.0 };
        let weights = self.values(Parameter::ThirdFactorWeights(index));
        let modulators = &self.neurons[usize::from(population)];
        let columns = weights.len() / modulators.len();
        modulators.iter().enumerate().map(|(k, neuron)| weights[k * columns + j] * neuron.m).sum()
    }
}

fn factors(term: &Term, learning: &Learning, i: usize, j: usize, s_i: f64, post: &Neuron, p: f64) -> f64 {
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

/// The mean loss over all decisions, and the cost of modulation and of spikes.
fn loss_by_loops(model: &Model, flat: &[f64], episodes: &[Episode], spiking: Spiking) -> f64 {
    let readout = model.network.readout;
    let (classes, voters) = (usize::from(readout.classes), usize::from(readout.neurons_per_class));
    let graded = model.network.has_graded_readout();
    let gain = flat[flat.len() - 1].exp();
    let mut losses = Vec::new();
    let (mut modulation, mut crowding) = (0.0, 0.0);
    for episode in episodes {
        let mut loops = Loops::new(model, flat, spiking);
        let mut counts = vec![vec![0.0; classes]; episode.decisions.len()];
        for step in 0..episode.steps {
            if episode.state_resets.contains(&step) {
                loops.rest();
            }
            loops.step(episode, step);
            if !episode.labelled_phases().any(|phase| phase.steps.contains(&step)) {
                modulation += loops.modulation() / episode.steps as f64;
            }
            crowding += loops.crowding() / episode.steps as f64;
            let neurons = &loops.neurons[usize::from(readout.population)];
            for (counts, decision) in counts.iter_mut().zip(&episode.decisions) {
                if (decision.start..decision.end).contains(&step) {
                    (0..classes * voters)
                        .for_each(|j| counts[j / voters] += if graded { neurons[j].v } else { neurons[j].s });
                }
            }
        }
        for (counts, decision) in counts.iter().zip(&episode.decisions) {
            let partition: f64 = counts.iter().map(|count| (gain * count).exp()).sum();
            losses.push(partition.ln() - gain * counts[decision.target]);
        }
    }
    let cost = f64::from(model.modulation_cost) * modulation + f64::from(model.spike_cost) * crowding;
    losses.iter().sum::<f64>() / losses.len() as f64 + cost / episodes.len() as f64
}

#[test]
fn the_reference_computes_the_equations() {
    for seed in 0..48 {
        let (model, flat, episodes) = random_case(seed);
        let flat: Vec<_> = flat.into_iter().map(f64::from).collect();
        for spiking in [Spiking::Heaviside, Spiking::Smooth] {
            let expected = loss_by_loops(&model, &flat, &episodes, spiking);
            let computed = Reference { spiking }.exact_gradient(&model, &flat, &episodes).unwrap().loss;
            // Prices are constants in f32, each within 2^-24 of what the loops take; their sum is below 4.
            let priced = model.modulation_cost > 0.0 || model.spike_cost > 0.0;
            let allowed = if priced { 4e-7 } else { 1e-9 };
            assert!((computed - expected).abs() < allowed, "seed {seed} {spiking:?}: {computed} {expected}");
        }
    }
}
