//! The float network one step at a time: what comes in, step, what it did.
//!
//! It is stepped as the integer network of a chip is: the same inputs in the same order, the same resets. The arithmetic
//! is that of whole lifetimes ([`simulate`](super::simulate)) to the bit, since the step is the same function. It knows no
//! episode, no loss and no gradient.
//!
//! ```
//! use metaplastic_learn::experiment::Experiment;
//! use metaplastic_learn::lifetime::FloatNetwork;
//! use metaplastic_shared::freeze::Freeze;
//! use metaplastic_task::episodes;
//! use metaplastic_task::seed::Purpose;
//!
//! let experiment = Experiment::load("cue-association").unwrap();
//! let mut network = FloatNetwork::new(&experiment.model, &experiment.initial(1), Freeze::Nothing);
//!
//! // Input 3 spikes in the first step, and nothing in the second.
//! network.step(&[0b1000], &[]);
//! assert_eq!(network.neurons("input").unwrap().spikes[3], 1.0);
//! let potential = network.neurons("hidden").unwrap().membrane[0];
//! network.step(&[], &[]);
//! assert_eq!(network.neurons("input").unwrap().spikes[3], 0.0);
//! assert!(network.neurons("hidden").unwrap().membrane[0].abs() < potential.abs());
//!
//! // An episode of the task: something is learned while it is stepped, and is there afterwards.
//! network.reset();
//! let episode = episodes(&*experiment.task, 1, Purpose::Test, 0..1).remove(0);
//! for step in 0..episode.steps {
//!     network.step(episode.inputs_at(step), episode.analog_at(step));
//! }
//! assert_eq!(network.steps(), 180);
//! assert!(network.synapses("hidden>output").unwrap().plastic.peak() > 0.0);
//! ```

use metaplastic_shared::freeze::Freeze;

use super::fused::configuration::Configuration;
use super::fused::dynamics::Dynamics;
use super::fused::forward::{StepInput, run_step};
use super::fused::readout::{answer, readout_values};
use super::fused::state::LifetimeState;
use super::fused::view::{NeuronView, StepView, SynapseView};
use crate::model::Model;

/// A network with its meta-parameters and its state, which is stepped.
#[derive(Clone, Debug)]
pub struct FloatNetwork {
    model: Model,
    dynamics: Dynamics,
    /// After the last step.
    state: LifetimeState,
    /// What the next step writes.
    next: LifetimeState,
    /// The analog values of a step, as many as the network takes.
    analog: Vec<f32>,
    steps: usize,
}

impl FloatNetwork {
    /// A network in the initial state: all state zero. `flat` are its meta-parameters in the layout of the model: those
    /// that training begins with ([`initial`](crate::experiment::Experiment::initial)) or ended with
    /// ([`trained`](crate::meta::TrainingCheckpoint::trained)).
    ///
    /// # Panics
    /// If `flat` is longer or shorter than the model's layout.
    #[must_use]
    pub fn new(model: &Model, flat: &[f32], freeze: Freeze) -> Self {
        let dynamics = Dynamics::new(model, flat, Configuration { freeze, ..Configuration::default() });
        let state = LifetimeState::new(&dynamics.plan);
        let analog = vec![0.0; model.network.analog_values()];
        Self { model: model.clone(), next: state.clone(), dynamics, state, analog, steps: 0 }
    }

    /// Begins an episode in the initial state: all state is zero.
    pub fn reset(&mut self) {
        self.state = LifetimeState::new(&self.dynamics.plan);
        self.steps = 0;
    }

    /// Begins an episode with the present plastic weights; all other state is zero.
    pub fn begin_episode(&mut self) {
        self.reset_state();
        self.steps = 0;
    }

    /// Sets all state but the plastic weights to zero, as between two images; the episode goes on.
    pub fn reset_state(&mut self) {
        self.state.reset_state();
    }

    /// One step. `inputs` has one bit for each neuron of the input populations together, in declaration order, least
    /// significant bit first; `analog` one value for each neuron of the analog populations together, in declaration order.
    /// Missing bits are silent, missing values are zero, and surplus ones are ignored, as on a chip.
    pub fn step(&mut self, inputs: &[u8], analog: &[f32]) -> StepView<'_> {
        let given = analog.iter().copied().chain(std::iter::repeat(0.0));
        self.analog.iter_mut().zip(given).for_each(|(value, given)| *value = given);
        let input = StepInput { step: self.steps, spikes: inputs, analog: &self.analog };
        run_step(&self.dynamics, input, &self.state, &mut self.next);
        std::mem::swap(&mut self.state, &mut self.next);
        self.steps += 1;
        self.view()
    }

    /// Steps since the episode began.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// The network as it is, by indices of populations and projections; its step is the last one.
    #[must_use]
    pub fn view(&self) -> StepView<'_> {
        StepView { step: self.steps.saturating_sub(1), plan: &self.dynamics.plan, state: &self.state }
    }

    /// The neurons of the population of a name, if there is one.
    #[must_use]
    pub fn neurons(&self, population: &str) -> Option<NeuronView<'_>> {
        Some(self.view().neurons(self.model.population(population)?))
    }

    /// The synapses of the first projection of a name such as `input>hidden`, if there is one and it is plastic.
    #[must_use]
    pub fn synapses(&self, projection: &str) -> Option<SynapseView<'_>> {
        self.view().synapses(self.model.projection(projection)?)
    }

    /// The readout's answer in this step: its commands, or the score of each class. A class is scored by the spikes of its
    /// neurons, or by their potentials where they are graded; scores add up over the steps of a decision.
    #[must_use]
    pub fn readout(&self) -> Vec<f32> {
        let Dynamics { plan, values, .. } = &self.dynamics;
        let mut readout = vec![0.0; plan.classes()];
        answer(plan, values.readout_gain as f32, readout_values(plan, &self.state), &mut readout);
        readout
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::lifetime::simulate::{Probe, Simulator};
    use crate::lifetime::testing::{Case, random_case};
    use metaplastic_shared::network::ReadoutKind;
    use metaplastic_task::episode::Episode;

    /// All that can be seen of a network after each step, as bits.
    struct Course<'m>(&'m Model, Vec<Vec<u32>>);

    impl Probe for Course<'_> {
        fn step(&mut self, view: StepView<'_>) {
            let network = &self.0.network;
            let neurons = (0..network.populations.len()).flat_map(|index| neuron_values(view.neurons(index)));
            let synapses = (0..network.projections.len()).filter_map(|index| view.synapses(index));
            let values = neurons.chain(synapses.flat_map(|synapses| synapse_values(&synapses)));
            let step = view.step() as u32;
            self.1.push(std::iter::once(step).chain(values.map(f32::to_bits)).collect());
        }
    }

    fn neuron_values(view: NeuronView<'_>) -> Vec<f32> {
        let NeuronView { spikes, membrane, synapse, adaptation, activity, modulation, analog } = view;
        [spikes, membrane, synapse, adaptation, activity, modulation, analog].concat()
    }

    fn synapse_values(view: &SynapseView<'_>) -> Vec<f32> {
        let traces = [view.pre_trace, view.pre_slow_trace, view.post_trace, view.post_slow_trace];
        let rest = [view.threshold_trace, view.third_factor].concat();
        let matrices = view.eligibility.values().chain(view.plastic.values());
        traces.concat().into_iter().chain(rest).chain(matrices).collect()
    }

    fn stepped(network: &mut FloatNetwork, model: &Model, episode: &Episode) -> (Vec<Vec<u32>>, Vec<Vec<f32>>) {
        let mut course = Course(model, Vec::new());
        let mut scores = vec![vec![0.0; usize::from(model.network.readout.classes)]; episode.decisions.len()];
        for step in 0..episode.steps {
            if episode.resets_state_before(step) {
                network.reset_state();
            }
            course.step(network.step(episode.inputs_at(step), episode.analog_at(step)));
            for (decision, scores) in episode.decisions.iter().zip(&mut scores) {
                if (decision.start..decision.end).contains(&step) {
                    scores.iter_mut().zip(network.readout()).for_each(|(score, class)| *score += class);
                }
            }
        }
        (course.1, scores)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn an_episode_step_by_step_is_the_whole_episode_to_the_bit(seed: u64, freeze in 0..3_usize) {
            let Case { model, flat, episodes } = random_case(seed);
            let freeze = [Freeze::Nothing, Freeze::Plasticity, Freeze::ThirdFactor][freeze];
            let mut network = FloatNetwork::new(&model, &flat, freeze);
            for episode in &episodes {
                let mut whole = Course(&model, Vec::new());
                let scores = Simulator::new(&model, &flat, freeze).run(episode, &mut whole);
                network.reset();
                let (course, stepped_scores) = stepped(&mut network, &model, episode);
                prop_assert!(course == whole.1, "another course");
                if model.network.readout.kind == ReadoutKind::Classes {
                    prop_assert_eq!(stepped_scores, scores);
                }
            }
        }
    }

    /// What is not given is silent or zero, as on a chip.
    #[test]
    fn missing_inputs_are_zero_and_surplus_ones_are_ignored() {
        for seed in 0..50 {
            let Case { model, flat, .. } = random_case(seed);
            let course = |steps: &[(&[u8], &[f32])]| {
                let mut network = FloatNetwork::new(&model, &flat, Freeze::Nothing);
                let mut course = Course(&model, Vec::new());
                steps.iter().for_each(|(inputs, analog)| course.step(network.step(inputs, analog)));
                course.1
            };
            let (bytes, values) = (model.network.input_bytes(), model.network.analog_values());
            let (ones, halves) = (vec![0xff; bytes], vec![0.5; values]);
            let (more, many) = ([&ones[..], &[0xff; 3]].concat(), [&halves[..], &[9.0; 3]].concat());
            let (silent, zeros) = (vec![0; bytes], vec![0.0; values]);
            assert_eq!(course(&[(&ones, &halves), (&silent, &zeros)]), course(&[(&more, &many), (&[], &[])]));
        }
    }

    #[test]
    fn an_episode_begins_with_the_plastic_weights_or_with_none() {
        let learned = (0..50).filter(|seed| {
            let Case { model, flat, episodes } = random_case(*seed);
            let mut network = FloatNetwork::new(&model, &flat, Freeze::Nothing);
            let synapses = |network: &FloatNetwork| {
                let all = (0..model.network.projections.len()).filter_map(|index| network.view().synapses(index));
                all.map(|synapses| (synapses.plastic.peak(), synapses.eligibility.peak())).collect::<Vec<_>>()
            };
            let first = stepped(&mut network, &model, &episodes[0]);
            let (before, _): (Vec<f32>, Vec<f32>) = synapses(&network).into_iter().unzip();
            network.begin_episode();
            assert_eq!(synapses(&network), before.iter().map(|plastic| (*plastic, 0.0)).collect::<Vec<_>>());
            network.reset();
            assert_eq!((network.steps(), stepped(&mut network, &model, &episodes[0])), (0, first));
            before.iter().any(|plastic| *plastic > 0.0)
        });
        assert!(learned.count() > 20);
    }

    #[test]
    #[should_panic(expected = "meta-parameters are given, the network has")]
    fn meta_parameters_of_another_network_are_refused() {
        let Case { model, flat, .. } = random_case(1);
        let _ = FloatNetwork::new(&model, &flat[1..], Freeze::Nothing);
    }
}
