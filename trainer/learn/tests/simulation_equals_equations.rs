//! The simulator, in single precision, against the plain oracle, in double precision, step by step.
//!
//! A rule that multiplies psi and P by each other amplifies a rounding error from step to step. A second oracle
//! measures by how much: its parameters are off by one unit in the last place of single precision.

mod oracle;

use metaplastic_learn::lifetime::Spiking;
use metaplastic_learn::lifetime::simulate::{NeuronView, Probe, StepView, SynapseView, simulate};
use metaplastic_learn::lifetime::testing::{Case, random_case};
use metaplastic_learn::model::{Model, Trace};
use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::network::{NetworkDescription, PopulationKind};
use metaplastic_task::episode::Episode;
use oracle::{Learning, Neuron, Oracle};
use proptest::prelude::*;

/// Units in the last place by which the parameters would have to be off to explain the largest allowed difference.
const UNITS: f64 = 64.0;

/// Runs the oracles beside the simulator and compares after every step.
struct Beside<'a> {
    network: &'a NetworkDescription,
    exact: Oracle<'a>,
    /// With parameters one unit off.
    perturbed: Oracle<'a>,
    episode: &'a Episode,
}

/// Values of the oracles.
struct Expected {
    exact: Vec<f64>,
    perturbed: Vec<f64>,
}

impl Probe for Beside<'_> {
    fn step(&mut self, view: StepView<'_>) {
        self.exact.step(self.episode, view.step());
        self.perturbed.step(self.episode, view.step());
        for (index, population) in self.network.populations.iter().enumerate() {
            let expected = |quantity: fn(&Neuron) -> f64| {
                self.expected(|oracle| oracle.neurons[index].iter().map(quantity).collect())
            };
            compare_neurons(population.kind, view.neurons(index), expected);
        }
        for index in 0..self.network.projections.len() {
            let expected = |quantity: &dyn Fn(&Learning) -> &[f64]| {
                self.expected(|oracle| quantity(&oracle.learning[index]).to_vec())
            };
            view.synapses(index).iter().for_each(|synapses| compare_synapses(synapses, expected));
        }
    }
}

impl Beside<'_> {
    fn expected(&self, values: impl Fn(&Oracle<'_>) -> Vec<f64>) -> Expected {
        Expected { exact: values(&self.exact), perturbed: values(&self.perturbed) }
    }
}

fn compare_neurons(
    kind: PopulationKind,
    neurons: NeuronView<'_>,
    expected: impl Fn(fn(&Neuron) -> f64) -> Expected,
) {
    match kind {
        PopulationKind::Input => compare("s", neurons.spikes, &expected(|neuron| neuron.s)),
        PopulationKind::Lif(lif) => {
            compare("s", neurons.spikes, &expected(|neuron| neuron.s));
            compare("v", neurons.membrane, &expected(|neuron| neuron.v));
            assert_eq!((neurons.synapse.is_empty(), neurons.adaptation.is_empty()), (!lif.synaptic, !lif.adaptive));
            compare_present("i", neurons.synapse, &expected(|neuron| neuron.i));
            compare_present("a", neurons.adaptation, &expected(|neuron| neuron.a));
        }
        PopulationKind::Analog(_) => compare("a", neurons.analog, &expected(|neuron| neuron.s)),
        PopulationKind::Modulator(_) => {
            compare("u", neurons.activity, &expected(|neuron| neuron.v));
            compare("m", neurons.modulation, &expected(|neuron| neuron.m));
        }
    }
}

fn compare_synapses(synapses: &SynapseView<'_>, expected: impl Fn(&dyn Fn(&Learning) -> &[f64]) -> Expected) {
    let (eligibility, plastic) = (&synapses.eligibility, &synapses.plastic);
    compare("E", &eligibility.values().collect::<Vec<_>>(), &expected(&|learning| &learning.eligibility));
    compare("P", &plastic.values().collect::<Vec<_>>(), &expected(&|learning| &learning.plastic));
    let (rows, columns) = plastic.shape();
    assert_eq!(Some(plastic.at(rows - 1, columns - 1)), plastic.values().last());
    let traces = [
        synapses.pre_trace,
        synapses.pre_slow_trace,
        synapses.post_trace,
        synapses.post_slow_trace,
        synapses.threshold_trace,
    ];
    for (trace, values) in Trace::ALL.into_iter().zip(traces) {
        compare_present("trace", values, &expected(&|learning| &learning.traces[trace as usize]));
    }
}

/// Compares a quantity that a network may not have.
fn compare_present(name: &str, values: &[f32], expected: &Expected) {
    if !values.is_empty() {
        compare(name, values, expected);
    }
}

fn compare(name: &str, values: &[f32], expected: &Expected) {
    assert_eq!(values.len(), expected.exact.len(), "{name}");
    for ((value, exact), perturbed) in values.iter().zip(&expected.exact).zip(&expected.perturbed) {
        let difference = (f64::from(*value) - exact).abs();
        let allowed = 5e-6 * exact.abs().max(1.0) + UNITS * (exact - perturbed).abs();
        assert!(difference <= allowed, "{name}: {value} where {exact} is right, give or take {allowed}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_quantity_of_every_step_agrees(seed: u64, freeze in 0..3_usize) {
        let Case { model, flat, episodes } = random_case(seed);
        let freeze = [Freeze::Nothing, Freeze::Plasticity, Freeze::ThirdFactor][freeze];
        let wide = flat.iter().copied().map(f64::from).collect::<Vec<_>>();
        let off = wide.iter().map(|value| value * (1.0 + f64::from(f32::EPSILON))).collect::<Vec<_>>();
        for episode in &episodes {
            let oracle = |flat| Oracle::new(&model, flat, Spiking::Heaviside, freeze);
            let (exact, perturbed) = (oracle(&wide), oracle(&off));
            let mut beside = Beside { network: &model.network, exact, perturbed, episode };
            simulate(&model, &flat, episode, freeze, &mut beside);
        }
    }

    #[test]
    fn counts_are_the_scores_of_each_class_in_its_window(seed: u64) {
        struct ClassScores<'a>(&'a Model, &'a Episode, Vec<Vec<f32>>);
        impl Probe for ClassScores<'_> {
            fn step(&mut self, view: StepView<'_>) {
                let readout = self.0.network.readout;
                let neurons = view.neurons(usize::from(readout.population));
                let graded = self.0.network.has_graded_readout();
                let values = if graded { neurons.membrane } else { neurons.spikes };
                for (decision, counts) in self.1.decisions.iter().zip(&mut self.2) {
                    if (decision.start..decision.end).contains(&view.step()) {
                        let classes = values.chunks_exact(readout.neurons_per_class.into());
                        counts.iter_mut().zip(classes).for_each(|(count, class)| *count += class.iter().sum::<f32>());
                    }
                }
            }
        }
        let Case { model, flat, episodes } = random_case(seed);
        for episode in &episodes {
            let none = vec![vec![0.0; usize::from(model.network.readout.classes)]; episode.decisions.len()];
            let mut scores = ClassScores(&model, episode, none);
            prop_assert_eq!(simulate(&model, &flat, episode, Freeze::Nothing, &mut scores), scores.2);
        }
    }
}
