//! Lifetimes that run in lockstep on one tape, and the gradient of their loss.
//!
//! A step takes the analog values, updates the populations in declaration order, each under the current of its
//! projections, then the plastic projections. Populations are updated in place, so that a projection from a population declared earlier reads the
//! spikes of this step. A recurrent one, from the same population or one declared later, reads those of the last
//! step.

use dfdx::prelude::*;
use metaplastic_shared::network::{NetworkDescription, PopulationKind, Projection};

use super::activity::TapedPopulationState;
use super::episodes;
use super::gradient::ExactGradient;
use super::loss::{Owned, count_correct, cross_entropy};
use super::neurons::PopulationParameters;
use super::parameters::TapedParameters;
use super::plasticity::TapedPlasticState;
use super::projections::Synapse;
use super::tensor::{ConstantSource, Matrix, Precision, Row, TapedScalar};
use crate::lifetime::Spiking;
use crate::lifetime::carried::{CarriedState, LaneBatch};
use crate::lifetime::carried_part::CarriedPart;
use crate::lifetime::modulation_cost::{self, SMOOTHING};
use crate::lifetime::spike_cost;
use crate::model::{Model, Parameter};
use metaplastic_task::episode::Episode;

/// A network on a tape, and the episodes to run on it: alike in length, state resets and windows.
pub(super) struct Lifetimes<'m, E: Precision> {
    batch: LaneBatch<'m>,
    source: ConstantSource<E>,
    parameters: TapedParameters<'m, E>,
    neurons: Vec<PopulationParameters<E>>,
    synapses: Vec<Synapse<E>>,
}

/// The result of the lifetimes.
struct TapedOutputs<E: Precision> {
    /// The readout's values in each decision's window, summed over steps, `[episodes, neurons]`.
    windows: Vec<Matrix<E>>,
    /// The cost of activity.
    activity_cost: TapedScalar<E>,
    /// The state after the last step.
    end: ReferenceState<E>,
}

/// All that changes within a lifetime, by population and by projection.
struct ReferenceState<E: Precision> {
    populations: Vec<TapedPopulationState<E>>,
    memories: Vec<Option<TapedPlasticState<E>>>,
}

impl<'m, E: Precision> Lifetimes<'m, E>
where
    Cpu: Device<E>,
{
    pub(super) fn new(model: &'m Model, flat: &[E], batch: LaneBatch<'m>, spiking: Spiking) -> Self {
        let network = &model.network;
        let source = ConstantSource::default();
        let parameters = TapedParameters::new(model, flat, &source);
        let populations = 0..network.populations.len();
        let neurons =
            populations.map(|index| PopulationParameters::new(&parameters, index, spiking, &source)).collect();
        let projections = 0..network.projections.len();
        let synapses = projections.map(|index| Synapse::new(&parameters, index, &source)).collect();
        Self { batch, source, parameters, neurons, synapses }
    }

    /// The part of these lifetimes in the loss of `episodes` episodes with `decisions` decisions, and its gradient.
    pub(super) fn gradient(self, decisions: usize, episodes: usize) -> ExactGradient {
        let outputs = self.run(episodes);
        let ends = self.ends(&outputs.end);
        let (counts, activity_cost) = self.counts(outputs);
        let requested = episodes::decisions_by_window(self.batch.episodes);
        let correct = count_correct(&counts.as_vec(), counts.shape().1, requested.iter());
        let targets = requested.iter().map(|decision| decision.target).collect::<Vec<_>>();
        let gain = self.parameters.positive(Parameter::ReadoutGain).split_tape().0.leaky_traced();
        let (counts, tape) = counts.split_tape();
        let counts = counts.put_tape(tape.merge(self.source.tape().take()));
        let loss = cross_entropy(counts, gain, &targets, decisions) + activity_cost;
        let value = loss.array().into();
        let values = loss.backward().get(&self.parameters.leaf()).as_vec();
        ExactGradient { loss: value, correct, values: values.into_iter().map(E::into).collect(), ends }
    }

    /// The counts of every decision, `[windows * episodes, classes]`, and the cost of activity, apart from the
    /// lifetimes' own tape.
    fn counts(&self, outputs: TapedOutputs<E>) -> (Owned<(usize, usize), E>, Owned<(), E>) {
        let TapedOutputs { windows, activity_cost, end: _ } = outputs;
        let windows = windows.into_iter().map(|values| self.class_counts(values).split_tape().0.leaky_traced());
        let stacked = windows.collect::<Vec<_>>().stack();
        let (windows, episodes, classes) = *stacked.shape();
        let counts = stacked.reshape_like(&(windows * episodes, classes));
        (counts, activity_cost.split_tape().0.leaky_traced())
    }

    /// Sums the neurons of each class: `[episodes, neurons]` to `[episodes, classes]`.
    fn class_counts(&self, values: Matrix<E>) -> Matrix<E> {
        let readout = self.network().readout;
        let (classes, neurons) = (usize::from(readout.classes), usize::from(readout.neurons_per_class));
        let values = values.slice((.., 0..classes * neurons));
        values.reshape_like(&(self.batch.episodes.len(), classes, neurons)).sum::<_, Axis<2>>()
    }

    /// Runs all steps of these lifetimes, which are some of the `episodes` episodes of the batch.
    fn run(&self, episodes: usize) -> TapedOutputs<E> {
        let mut state = self.first_state();
        let Some(first) = self.batch.episodes.first() else {
            return TapedOutputs { windows: Vec::new(), activity_cost: self.source.zeros(()), end: state };
        };
        let nothing = self.source.zeros(*self.readout_values(&state).shape());
        let mut windows = vec![nothing; first.decisions.len()];
        let mut activity_cost = self.source.zeros(());
        for step in 0..first.steps {
            if first.resets_state_before(step) {
                self.reset_state(&mut state);
            }
            self.step(&mut state, step);
            activity_cost = self.add_activity_cost(activity_cost, &state, step, episodes);
            let values = self.readout_values(&state);
            for (sum, window) in windows.iter_mut().zip(&first.decisions) {
                if (window.start..window.end).contains(&step) {
                    *sum = sum.clone() + values.clone();
                }
            }
        }
        TapedOutputs { windows, activity_cost, end: state }
    }

    /// Spikes of the readout population, or its potentials where it is graded.
    fn readout_values(&self, state: &ReferenceState<E>) -> Matrix<E> {
        let TapedPopulationState { spikes, potential, .. } =
            &state.populations[usize::from(self.network().readout.population)];
        if self.network().has_graded_readout() { potential.clone() } else { spikes.clone() }
    }

    fn add_activity_cost(
        &self,
        mut cost: TapedScalar<E>,
        state: &ReferenceState<E>,
        step: usize,
        episodes: usize,
    ) -> TapedScalar<E> {
        if self.parameters.model.modulation_cost > 0.0 {
            cost = cost + self.modulation_cost(state, step, episodes);
        }
        if self.parameters.model.spike_cost > 0.0 {
            cost = cost + self.spike_cost(state, episodes);
        }
        cost
    }

    /// The regulariser of modulation in a step.
    fn modulation_cost(&self, state: &ReferenceState<E>, step: usize, episodes: usize) -> TapedScalar<E> {
        let cost = self.parameters.model.modulation_cost;
        let weights = self.by_episode(|episode| modulation_cost::regulariser_weight(cost, episode, step, episodes));
        let smoothing = E::from(SMOOTHING);
        let populations = self.network().populations.iter().zip(&state.populations);
        let modulators = populations.filter(|(population, _)| population.is_modulator());
        modulators.fold(self.source.zeros(()), |sum, (_, activity)| {
            let squares = activity.modulation.clone().square().sum::<_, Axis<1>>();
            let norms = (squares + smoothing * smoothing).sqrt() - smoothing;
            sum + (norms * weights.clone()).sum::<(), _>()
        })
    }

    /// The regulariser of spikes in a step.
    fn spike_cost(&self, state: &ReferenceState<E>, episodes: usize) -> TapedScalar<E> {
        let cost = self.parameters.model.spike_cost;
        let weights = self.by_episode(|episode| spike_cost::regulariser_weight(cost, episode, episodes));
        let populations = self.network().populations.iter().zip(&state.populations);
        let firing = populations.filter(|(population, _)| matches!(population.kind, PopulationKind::Lif(_)));
        firing.fold(self.source.zeros(()), |sum, (population, activity)| {
            let fractions = activity.spikes.clone().sum::<_, Axis<1>>() / E::from(f32::from(population.size));
            sum + (fractions.square() * weights.clone()).sum::<(), _>()
        })
    }

    fn by_episode(&self, value: impl Fn(&Episode) -> f32) -> Row<E> {
        let values = self.batch.episodes.iter().map(|episode| E::from(value(episode))).collect();
        self.source.tensor(values, (self.batch.episodes.len(),))
    }

    fn initial_state(&self) -> ReferenceState<E> {
        let episodes = self.batch.episodes.len();
        let network = self.network();
        let populations = network.populations.iter().map(|population| (episodes, usize::from(population.size)));
        let memory = |projection: &Projection| {
            let plastic = projection.plasticity.is_some();
            plastic.then(|| TapedPlasticState::new(&self.source, episodes, network.shape(projection)))
        };
        ReferenceState {
            populations: populations.map(|shape| TapedPopulationState::new(&self.source, shape)).collect(),
            memories: network.projections.iter().map(memory).collect(),
        }
    }

    /// The state that the episodes begin with.
    fn first_state(&self) -> ReferenceState<E> {
        let mut state = self.initial_state();
        let lanes = (0..self.batch.episodes.len()).map(|lane| self.batch.whole_start(lane, self.parameters.model));
        let lanes = lanes.collect::<Vec<_>>();
        for (index, population) in state.populations.iter_mut().enumerate() {
            population.begin(&self.source, index, &lanes);
        }
        for (index, memory) in state.memories.iter_mut().enumerate() {
            memory.iter_mut().for_each(|memory| memory.begin(&self.source, index, &lanes));
        }
        state
    }

    /// What carries over of the states at the ends of the episodes, if that is wanted.
    fn ends(&self, state: &ReferenceState<E>) -> Vec<Option<CarriedState>> {
        let end = |lane| {
            let mut end = CarriedState::zeros(self.parameters.model, CarriedPart::All);
            for (index, population) in state.populations.iter().enumerate() {
                population.end(lane, index, &mut end);
            }
            for (index, memory) in state.memories.iter().enumerate() {
                memory.iter().for_each(|memory| memory.end(lane, index, &mut end));
            }
            end
        };
        let ends = |part| (0..self.batch.episodes.len()).map(|lane| end(lane).carried(part)).collect();
        self.batch.carried.map(ends).unwrap_or_default()
    }

    /// Sets all state but the plastic weights to zero.
    fn reset_state(&self, state: &mut ReferenceState<E>) {
        let ReferenceState { populations, memories } = self.initial_state();
        state.populations = populations;
        for (memory, initial) in state.memories.iter_mut().flatten().zip(memories.into_iter().flatten()) {
            memory.reset_state(initial);
        }
    }

    fn step(&self, state: &mut ReferenceState<E>, step: usize) {
        self.set_analog_values(state, step);
        for population in 0..self.neurons.len() {
            self.step_population(state, step, population);
        }
        for (synapse, memory) in self.synapses.iter().zip(&mut state.memories) {
            if let (Some(plastic), Some(memory)) = (&synapse.plastic, memory) {
                plastic.step(memory, &state.populations, synapse.ends(), &self.source);
            }
        }
    }

    /// Before all else: projections from analog populations carry the values of the step itself.
    fn set_analog_values(&self, state: &mut ReferenceState<E>, step: usize) {
        for (neurons, population) in self.neurons.iter().zip(&mut state.populations) {
            let PopulationParameters::Analog(range) = neurons else { continue };
            let values = episodes::analog_values(self.batch.episodes, step, range);
            population.spikes = self.source.tensor(values, *population.spikes.shape());
        }
    }

    fn step_population(&self, state: &mut ReferenceState<E>, step: usize, population: usize) {
        let current = self.current(state, population);
        let shape = *current.shape();
        let activity = &mut state.populations[population];
        match &self.neurons[population] {
            PopulationParameters::Input(range) => {
                let spikes = episodes::input_spikes(self.batch.episodes, step, range);
                activity.spikes = self.source.tensor(spikes, shape);
            }
            PopulationParameters::Lif(lif) => lif.step(activity, current, &self.source),
            PopulationParameters::Modulator(modulator) => modulator.step(activity, current),
            PopulationParameters::Analog(_) => {}
        }
    }

    /// The input current of a population, `[episodes, neurons]`.
    fn current(&self, state: &ReferenceState<E>, population: usize) -> Matrix<E> {
        let silence = self.source.zeros(*state.populations[population].spikes.shape());
        let incoming = self.synapses.iter().zip(&state.memories).filter(|(synapse, _)| synapse.post == population);
        incoming.fold(silence, |sum, (synapse, memory)| {
            let plastic_weights = memory.as_ref().map(|memory| &memory.weights);
            sum + synapse.current(&state.populations[synapse.pre].spikes, plastic_weights)
        })
    }

    fn network(&self) -> &NetworkDescription {
        &self.parameters.model.network
    }
}
