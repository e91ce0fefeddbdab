//! The chip's integers against the float simulator, step by step: synaptic currents and decays of each neuron.
//!
//! Graded neurons never spike, so that a rounding cannot make the two diverge; the weights are on their 8-bit grid,
//! and there is no bias, whose rounding would add up step by step.

use metaplastic_host::body::{Body, Host};
use metaplastic_learn::experiment::Experiment;
use metaplastic_learn::lifetime::simulate::{Probe, StepView, simulate};
use metaplastic_learn::model::Parameter;
use metaplastic_learn::quantize::{Labels, Ranges, quantize, round};
use metaplastic_runtime::{Network, NetworkStorage};
use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::network::Connectivity;
use metaplastic_task as task;
use metaplastic_task::episode::Episode;
use metaplastic_task::seed::Purpose;

const TEXT: &str = "
    task = { name = 'cue-association' }
    [network]
    surrogate_slope = 2
    plastic_limit = 1.0
    readout = { population = 'output', classes = 2, neurons_per_class = 4, gain = 0.3 }
    population = [
        { name = 'input', kind = 'input', size = 72 },
        { name = 'output', kind = 'lif', size = 8, bias = 0.0, graded = true,
          membrane_decay = { low = 0.6, high = 0.98, per = 'neuron' }, synapse_decay = SYNAPSE },
    ]
    projection = [{ pre = 'input', post = 'output', weights = { deviation = 0.5, scale = 'absolute' } }]";

/// Runs the chip's network beside the simulator.
struct Beside<'a, 'n> {
    chip: Host<'n>,
    episode: &'a Episode,
    largest: f32,
    largest_error: f32,
}

impl Probe for Beside<'_, '_> {
    fn step(&mut self, view: StepView<'_>) {
        self.chip.step(self.episode, view.step());
        let (neurons, network) = (view.neurons(1), self.chip.network());
        let lsb = (-f32::from(network.potential_exponent(1))).exp2();
        let pairs = neurons.membrane.iter().zip(network.potentials(1));
        for (float, chip) in pairs.chain(neurons.synapse.iter().zip(network.synaptic_currents(1))) {
            self.largest = self.largest.max(float.abs());
            self.largest_error = self.largest_error.max((f32::from(*chip) * lsb - float).abs());
        }
        assert_eq!(network.synaptic_currents(1).len(), neurons.synapse.len());
    }
}

/// A rounding of up to one LSB a step grows by `1 / (1 - a_i)` and `1 / (1 - a_v)`, here to some hundred LSB of
/// 2^15.
fn check(synapse_decay: &str) {
    let experiment = Experiment::parse("my.toml", &TEXT.replace("SYNAPSE", synapse_decay)).expect("it is valid");
    let (model, mut flat) = (&experiment.model, experiment.initial(1));
    let weights = model.slot(Parameter::Weights(0)).expect("the projection has weights").range.clone();
    round(Connectivity::Dense, &mut flat[weights]);
    let episodes = task::episodes(&*experiment.task, 1, Purpose::Validation, 0..4);
    let ranges = Ranges::observe(model, &flat, &episodes);
    let artifact = quantize(model, &flat, &ranges, Labels::default()).expect("the numbers fit");
    for episode in &episodes {
        let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact.artifact())]);
        let mut chip = Host::new(artifact.artifact(), &mut storage).expect("the storage has the network's size");
        chip.reset(Freeze::Nothing).expect("the host can always be reset");
        let mut beside = Beside { chip, episode, largest: 0.0, largest_error: 0.0 };
        simulate(model, &flat, episode, Freeze::Nothing, &mut beside);
        assert!(beside.largest > 1.0, "{synapse_decay}: nothing happens");
        let error = beside.largest_error / beside.largest;
        assert!(error < 0.01, "{synapse_decay}: {} of {}", beside.largest_error, beside.largest);
    }
}

#[test]
fn potentials_and_synaptic_currents_are_near_those_of_the_float_network() {
    check("0.8");
    check("{ low = 0.5, high = 0.9, per = 'neuron' }");
}
