//! The simulator against the equations of `lifetime`, written down once more in double precision, synapse by
//! synapse, with no padding, no panels, no collapsed terms and no list of active neurons.

use std::collections::HashMap;

use metaplastic_learn::lifetime::simulate::{Probe, StepView, simulate};
use metaplastic_learn::lifetime::testing::{random_case, weight_of};
use metaplastic_learn::model::{Model, Parameter, Trace};
use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::network::{Modulator, PopulationKind, ThirdFactor};
use metaplastic_shared::rule::{Postsynaptic, Presynaptic, Synaptic, Term};
use metaplastic_task::episode::Episode;
use proptest::prelude::*;

type Matrix = Vec<Vec<f64>>;

/// Every quantity by population or projection.
#[derive(Clone, Default)]
struct Quantities {
    spikes: Matrix,
    potential: Matrix,
    distance: Matrix,
    adaptation: Matrix,
    waiting: Matrix,
    modulation: Matrix,
    traces: HashMap<(usize, Trace), Vec<f64>>,
    eligibility: Vec<Matrix>,
    plastic: Vec<Matrix>,
}

struct Equations<'a> {
    model: &'a Model,
    flat: &'a [f32],
    freeze: Freeze,
}

impl Equations<'_> {
    fn value(&self, parameter: Parameter, row: usize, column: usize) -> f64 {
        let columns = self.model.slot(parameter).map_or(0, |slot| slot.shape.1);
        f64::from(self.model.values(parameter, self.flat)[row * columns + column % columns])
    }

    fn decay(&self, parameter: Parameter) -> f64 {
        f64::from(self.model.decay(parameter, self.flat))
    }

    fn birth(&self) -> Quantities {
        let network = &self.model.network;
        let zeros: Matrix = network.populations.iter().map(|p| vec![0.0; usize::from(p.size)]).collect();
        let matrices: Vec<Matrix> = (network.projections.iter())
            .map(|projection| network.shape(projection))
            .map(|(pre, post)| vec![vec![0.0; post]; pre])
            .collect();
        let traces = (network.projections.iter().enumerate())
            .flat_map(|(index, projection)| Trace::ALL.map(|trace| ((index, trace), network.shape(projection))))
            .map(|((index, trace), (pre, post))| {
                let size = if matches!(trace, Trace::Pre | Trace::PreSlow) { pre } else { post };
                ((index, trace), vec![0.0; size])
            });
        Quantities {
            spikes: zeros.clone(),
            potential: zeros.clone(),
            distance: zeros.clone(),
            adaptation: zeros.clone(),
            waiting: zeros.clone(),
            modulation: zeros.clone(),
            traces: traces.collect(),
            eligibility: matrices.clone(),
            plastic: matrices,
        }
    }

    fn step(&self, episode: &Episode, step: usize, before: &Quantities) -> Quantities {
        let rested = Quantities { plastic: before.plastic.clone(), ..self.birth() };
        let before = if episode.rests.contains(&step) { &rested } else { before };
        let mut now = before.clone();
        let mut inputs = 0;
        for (index, population) in self.model.network.populations.iter().enumerate() {
            for neuron in 0..usize::from(population.size) {
                match population.kind {
                    PopulationKind::Input => {
                        let spikes = episode.spiking_at(step).any(|spiking| spiking == inputs);
                        now.spikes[index][neuron] = f64::from(u8::from(spikes));
                        inputs += 1;
                    }
                    PopulationKind::Lif(lif) => {
                        let decay = self.decay(Parameter::MembraneDecay(index));
                        let current = self.current(index, neuron, before, &now);
                        let bias = self.value(Parameter::Bias(index), 0, neuron);
                        let v =
                            decay * before.potential[index][neuron] + current + bias - before.spikes[index][neuron];
                        let strength =
                            f64::from(self.model.positive(Parameter::AdaptationStrength(index), self.flat));
                        let d = v - 1.0 - strength * before.adaptation[index][neuron];
                        let spikes = !lif.graded && d >= 0.0 && before.waiting[index][neuron] == 0.0;
                        now.potential[index][neuron] = v;
                        now.distance[index][neuron] = d;
                        now.spikes[index][neuron] = f64::from(u8::from(spikes));
                        let waiting = &mut now.waiting[index][neuron];
                        *waiting = if spikes { f64::from(lif.refractory) } else { (*waiting - 1.0).max(0.0) };
                    }
                    PopulationKind::Modulator(modulator) => {
                        let decay = self.decay(Parameter::ModulatorDecay(index));
                        let signals = episode.signals_at(step).iter().enumerate();
                        let heard: f64 = signals
                            .map(|(n, s)| {
                                s.to_num::<f64>() * self.value(Parameter::SignalWeights(index), n, neuron)
                            })
                            .sum();
                        let current = self.current(index, neuron, before, &now);
                        let u = decay * before.potential[index][neuron] + current + heard;
                        now.potential[index][neuron] = u;
                        let held = self.freeze == Freeze::ThirdFactor;
                        now.modulation[index][neuron] = if held { 1.0 } else { shrunk(u.tanh(), modulator) };
                    }
                }
            }
        }
        for (index, population) in self.model.network.populations.iter().enumerate() {
            if matches!(population.kind, PopulationKind::Lif(lif) if lif.adaptive) {
                let rho = self.decay(Parameter::AdaptationDecay(index));
                let adaptation = now.adaptation[index].iter_mut().zip(&now.spikes[index]);
                adaptation.for_each(|(a, s)| *a = rho * *a + (1.0 - rho) * s);
            }
        }
        (0..self.model.network.projections.len()).for_each(|index| self.learn(index, &mut now));
        now
    }

    fn current(&self, population: usize, neuron: usize, before: &Quantities, now: &Quantities) -> f64 {
        let network = &self.model.network;
        let onto = network.projections.iter().enumerate().filter(|(_, p)| usize::from(p.post) == population);
        onto.map(|(index, projection)| {
            let spikes = if network.is_recurrent(projection) { &before.spikes } else { &now.spikes };
            let spikes = spikes[usize::from(projection.pre)].iter().enumerate();
            let weights = self.model.values(Parameter::Weights(index), self.flat);
            let innate = |pre| weight_of(network, index, pre, neuron).map_or(0.0, |at| f64::from(weights[at]));
            let weight = |pre| innate(pre) + before.plastic[index][pre][neuron];
            spikes.map(|(pre, spike)| spike * weight(pre)).sum::<f64>()
        })
        .sum()
    }

    fn learn(&self, index: usize, now: &mut Quantities) {
        let network = &self.model.network;
        let projection = &network.projections[index];
        let Some(plasticity) = &projection.plasticity else { return };
        let (pre, post) = (usize::from(projection.pre), usize::from(projection.post));
        for trace in Trace::ALL {
            let decay = self.decay(Parameter::TraceDecay(index, trace));
            let target = match trace {
                Trace::Pre | Trace::PreSlow => now.spikes[pre].clone(),
                Trace::Post | Trace::PostSlow => now.spikes[post].clone(),
                Trace::Threshold => now.traces[&(index, Trace::Post)].iter().map(|y| y * y).collect(),
            };
            let values = now.traces.get_mut(&(index, trace)).into_iter().flatten().zip(target);
            values.for_each(|(value, target)| *value = decay * *value + (1.0 - decay) * target);
        }
        let decay = self.decay(Parameter::EligibilityDecay(index));
        let held = self.freeze == Freeze::Plasticity;
        let rate = if held { 0.0 } else { f64::from(self.model.positive(Parameter::Rate(index), self.flat)) };
        let limit = f64::from(self.model.plastic_limit);
        let (rows, columns) = network.shape(projection);
        for j in 0..columns {
            let third_factor: f64 = match plasticity.third_factor {
                ThirdFactor::One => 1.0,
                ThirdFactor::Modulators(population) => now.modulation[usize::from(population)]
                    .iter()
                    .enumerate()
                    .map(|(k, m)| m * self.value(Parameter::ThirdFactorWeights(index), k, j))
                    .sum(),
            };
            for i in 0..rows {
                let terms = plasticity.rule.terms.iter().enumerate();
                let change: f64 = terms
                    .map(|(t, term)| {
                        self.value(Parameter::Coefficients(index), t, j) * self.term(term, index, i, j, now)
                    })
                    .sum();
                let e = decay * now.eligibility[index][i][j] + (1.0 - decay) * change;
                now.eligibility[index][i][j] = e;
                let p = &mut now.plastic[index][i][j];
                *p = (*p + rate * third_factor * e).clamp(-limit, limit);
            }
        }
    }

    fn term(&self, term: &Term, index: usize, i: usize, j: usize, now: &Quantities) -> f64 {
        let projection = &self.model.network.projections[index];
        let (pre, post) = (usize::from(projection.pre), usize::from(projection.post));
        let trace = |trace, neuron: usize| now.traces[&(index, trace)][neuron];
        let f = match term.pre {
            Presynaptic::One => 1.0,
            Presynaptic::Spike => now.spikes[pre][i],
            Presynaptic::Trace => trace(Trace::Pre, i),
            Presynaptic::SlowTrace => trace(Trace::PreSlow, i),
        };
        let slope = f64::from(self.model.network.surrogate_slope);
        let g = match term.post {
            Postsynaptic::One => 1.0,
            Postsynaptic::Spike => now.spikes[post][j],
            Postsynaptic::Trace => trace(Trace::Post, j),
            Postsynaptic::SlowTrace => trace(Trace::PostSlow, j),
            Postsynaptic::TraceSquared => trace(Trace::Post, j).powi(2),
            Postsynaptic::TraceTimesThreshold => trace(Trace::Post, j) * trace(Trace::Threshold, j),
            Postsynaptic::Surrogate => (1.0 + slope * now.distance[post][j].abs()).powi(-2),
        };
        f * g * if term.synapse == Synaptic::Plastic { now.plastic[index][i][j] } else { 1.0 }
    }
}

/// `m` without what lies within the dead zone.
fn shrunk(value: f64, modulator: Modulator) -> f64 {
    let zone = f64::from(modulator.dead_zone) / 32768.0;
    if value.abs() <= zone { 0.0 } else { value - zone.copysign(value) }
}

/// Runs the equations beside the simulator and compares after every step.
struct Beside<'a> {
    equations: Equations<'a>,
    episode: &'a Episode,
    state: Quantities,
}

impl Probe for Beside<'_> {
    fn step(&mut self, view: StepView<'_>) {
        self.state = self.equations.step(self.episode, view.step(), &self.state);
        let network = &self.equations.model.network;
        for (index, population) in network.populations.iter().enumerate() {
            let neurons = view.neurons(index);
            if population.is_modulator() {
                compare("u", neurons.activity, &self.state.potential[index]);
                compare("m", neurons.modulation, &self.state.modulation[index]);
            } else {
                compare("s", neurons.spikes, &self.state.spikes[index]);
            }
            if let PopulationKind::Lif(lif) = population.kind {
                compare("v", neurons.membrane, &self.state.potential[index]);
                compare("a", neurons.adaptation, &self.state.adaptation[index][..neurons.adaptation.len()]);
                assert_eq!(neurons.adaptation.is_empty(), !lif.adaptive);
            }
        }
        for index in 0..network.projections.len() {
            let Some(synapses) = view.synapses(index) else { continue };
            let rows = |matrix: &Matrix| matrix.concat();
            compare("E", &synapses.eligibility.values().collect::<Vec<_>>(), &rows(&self.state.eligibility[index]));
            compare("P", &synapses.plastic.values().collect::<Vec<_>>(), &rows(&self.state.plastic[index]));
            let last = synapses.plastic.shape();
            let last = (last.0 - 1, last.1 - 1);
            assert_eq!(Some(synapses.plastic.at(last.0, last.1)), synapses.plastic.values().last());
            let traces = [
                synapses.pre_trace,
                synapses.pre_slow_trace,
                synapses.post_trace,
                synapses.post_slow_trace,
                synapses.threshold_trace,
            ];
            for (trace, values) in Trace::ALL.into_iter().zip(traces) {
                compare("trace", values, &self.state.traces[&(index, trace)][..values.len()]);
            }
        }
    }
}

fn compare(name: &str, values: &[f32], expected: &[f64]) {
    assert_eq!(values.len(), expected.len(), "{name}");
    for (value, expected) in values.iter().zip(expected) {
        let difference = (f64::from(*value) - expected).abs();
        assert!(difference <= 2e-5 * expected.abs().max(1.0), "{name}: {value} where {expected} is right");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_quantity_of_every_step_agrees(seed: u64, freeze in 0..3_usize) {
        let (model, flat, episodes) = random_case(seed);
        let freeze = [Freeze::Nothing, Freeze::Plasticity, Freeze::ThirdFactor][freeze];
        for episode in &episodes {
            let equations = Equations { model: &model, flat: &flat, freeze };
            let state = equations.birth();
            let mut beside = Beside { equations, episode, state };
            simulate(&model, &flat, episode, freeze, &mut beside);
        }
    }

    #[test]
    fn counts_are_the_votes_of_each_class_in_its_window(seed: u64) {
        struct Votes<'a>(&'a Model, &'a Episode, Vec<Vec<f32>>);
        impl Probe for Votes<'_> {
            fn step(&mut self, view: StepView<'_>) {
                let readout = self.0.network.readout;
                let neurons = view.neurons(usize::from(readout.population));
                let graded = self.0.network.has_graded_readout();
                let votes = if graded { neurons.membrane } else { neurons.spikes };
                for (decision, counts) in self.1.decisions.iter().zip(&mut self.2) {
                    if (decision.start..decision.end).contains(&view.step()) {
                        let classes = votes.chunks_exact(readout.neurons_per_class.into());
                        counts.iter_mut().zip(classes).for_each(|(count, class)| *count += class.iter().sum::<f32>());
                    }
                }
            }
        }
        let (model, flat, episodes) = random_case(seed);
        for episode in &episodes {
            let none = vec![vec![0.0; usize::from(model.network.readout.classes)]; episode.decisions.len()];
            let mut votes = Votes(&model, episode, none);
            prop_assert_eq!(simulate(&model, &flat, episode, Freeze::Nothing, &mut votes), votes.2);
        }
    }
}
