//! The simulator against the plain oracle, step by step.

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

/// Runs the oracle beside the simulator and compares after every step.
struct Beside<'a> {
    network: &'a NetworkDescription,
    oracle: Oracle<'a>,
    episode: &'a Episode,
}

impl Probe for Beside<'_> {
    fn step(&mut self, view: StepView<'_>) {
        self.oracle.step(self.episode, view.step());
        for (index, population) in self.network.populations.iter().enumerate() {
            compare_neurons(population.kind, view.neurons(index), &self.oracle.neurons[index]);
        }
        for (index, learning) in self.oracle.learning.iter().enumerate() {
            view.synapses(index).iter().for_each(|synapses| compare_synapses(synapses, learning));
        }
    }
}

fn compare_neurons(kind: PopulationKind, neurons: NeuronView<'_>, expected: &[Neuron]) {
    let of = |quantity: fn(&Neuron) -> f64| expected.iter().map(quantity).collect::<Vec<_>>();
    match kind {
        PopulationKind::Input => compare("s", neurons.spikes, &of(|neuron| neuron.s)),
        PopulationKind::Lif(lif) => {
            compare("s", neurons.spikes, &of(|neuron| neuron.s));
            compare("v", neurons.membrane, &of(|neuron| neuron.v));
            compare("i", neurons.synapse, &of(|neuron| neuron.i)[..neurons.synapse.len()]);
            compare("a", neurons.adaptation, &of(|neuron| neuron.a)[..neurons.adaptation.len()]);
            assert_eq!((neurons.synapse.is_empty(), neurons.adaptation.is_empty()), (!lif.synaptic, !lif.adaptive));
        }
        PopulationKind::Modulator(_) => {
            compare("u", neurons.activity, &of(|neuron| neuron.v));
            compare("m", neurons.modulation, &of(|neuron| neuron.m));
        }
    }
}

fn compare_synapses(synapses: &SynapseView<'_>, expected: &Learning) {
    compare("E", &synapses.eligibility.values().collect::<Vec<_>>(), &expected.eligibility);
    compare("P", &synapses.plastic.values().collect::<Vec<_>>(), &expected.plastic);
    let (rows, columns) = synapses.plastic.shape();
    assert_eq!(Some(synapses.plastic.at(rows - 1, columns - 1)), synapses.plastic.values().last());
    let traces = [
        synapses.pre_trace,
        synapses.pre_slow_trace,
        synapses.post_trace,
        synapses.post_slow_trace,
        synapses.threshold_trace,
    ];
    for (trace, values) in Trace::ALL.into_iter().zip(traces) {
        compare("trace", values, &expected.traces[trace as usize][..values.len()]);
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
        let Case { model, flat, episodes } = random_case(seed);
        let freeze = [Freeze::Nothing, Freeze::Plasticity, Freeze::ThirdFactor][freeze];
        let wide = flat.iter().copied().map(f64::from).collect::<Vec<_>>();
        for episode in &episodes {
            let oracle = Oracle::new(&model, &wide, Spiking::Heaviside, freeze);
            let mut beside = Beside { network: &model.network, oracle, episode };
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
