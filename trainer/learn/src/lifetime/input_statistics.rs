//! Mean and variance of the input that LIF populations receive, by channel, over the steps of a lifetime.
//!
//! ```text
//! I_j = v_j - a_v v_j(t-1) + theta s_j(t-1)        or, with a synaptic current, i_j - a_i i_j(t-1)
//! ```

use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::network::PopulationKind;
use rayon::prelude::*;

use super::THRESHOLD;
use super::carried::{CarriedNeurons, CarriedState, LaneBatch};
use super::simulate::{NeuronView, Probe, Simulator, StepView};
use crate::model::{Model, Parameter, sigmoid};
use metaplastic_task::episode::Episode;

/// Sums over the inputs of a population's channels; a population without channels has one per neuron.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Moments {
    count: f64,
    sums: Vec<f64>,
    squares: Vec<f64>,
}

impl Moments {
    /// Mean current of a channel, thresholds.
    ///
    /// # Panics
    /// If there is no such channel.
    #[must_use]
    pub(crate) fn mean(&self, channel: usize) -> f32 {
        (self.sums[channel] / self.count) as f32
    }

    /// Variance of a channel's current, squared thresholds.
    ///
    /// # Panics
    /// If there is no such channel.
    #[must_use]
    pub(crate) fn variance(&self, channel: usize) -> f32 {
        (self.squares[channel] / self.count - (self.sums[channel] / self.count).powi(2)).max(0.0) as f32
    }

    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.sums.resize(other.sums.len(), 0.0);
        self.squares.resize(other.squares.len(), 0.0);
        self.sums.iter_mut().zip(&other.sums).for_each(|(sum, other)| *sum += other);
        self.squares.iter_mut().zip(&other.squares).for_each(|(sum, other)| *sum += other);
    }

    /// Adds the inputs of all neurons of a population in a step.
    fn add(&mut self, inputs: &[f32]) {
        for inputs in inputs.chunks_exact(self.sums.len()) {
            let sums = self.sums.iter_mut().zip(&mut self.squares);
            for ((sum, square), current) in sums.zip(inputs.iter().copied().map(f64::from)) {
                *sum += current;
                *square += current * current;
            }
            self.count += 1.0;
        }
    }
}

/// Runs the episodes, each from its start, and returns the moments of each population, empty for those that are not LIF.
#[must_use]
pub(crate) fn input_statistics(model: &Model, flat: &[f32], batch: LaneBatch<'_>) -> Vec<Moments> {
    let simulator = Simulator::new(model, flat, Freeze::Nothing);
    let run = |(lane, episode)| {
        let mut meter = Meter::new(model, flat, episode);
        meter.begin(batch.start(lane));
        simulator.begin(batch.start(lane)).run(episode, &mut meter);
        meter.populations
    };
    let runs = batch.episodes.par_iter().enumerate().with_max_len(1).map(run).collect::<Vec<_>>();
    let mut all = vec![Moments::default(); model.network.populations.len()];
    for populations in runs {
        all.iter_mut().zip(&populations).for_each(|(sum, population)| sum.merge(&population.moments));
    }
    all
}

struct Meter<'e> {
    episode: &'e Episode,
    populations: Vec<Metered>,
}

/// A population, and its input so far.
#[derive(Default)]
struct Metered {
    before: InputFilters,
    moments: Moments,
}

/// The neurons before a step; empty for a population that is not LIF.
#[derive(Default)]
struct InputFilters {
    /// The decay of the filter of the input (the synaptic current, or else the membrane), by neuron.
    decays: Vec<f32>,
    /// The state of this filter.
    filtered: Vec<f32>,
    /// The subtraction of the reset from this state.
    resets: Vec<f32>,
}

impl InputFilters {
    fn new(model: &Model, flat: &[f32], index: usize, is_synaptic: bool) -> Self {
        let size = usize::from(model.network.populations[index].size);
        let decay = if is_synaptic { Parameter::SynapseDecay } else { Parameter::MembraneDecay };
        let decays = model.values(decay(index), flat).iter().map(|raw| sigmoid(*raw)).cycle().take(size);
        Self { decays: decays.collect(), filtered: vec![0.0; size], resets: vec![0.0; size] }
    }

    fn begin(&mut self, neurons: &CarriedNeurons) {
        let CarriedNeurons { spikes, potential, synapse, .. } = neurons;
        let is_synaptic = !synapse.is_empty();
        let filtered = if is_synaptic { synapse } else { potential };
        self.filtered.iter_mut().zip(filtered).for_each(|(to, value)| *to = *value);
        if !is_synaptic {
            self.resets.iter_mut().zip(spikes).for_each(|(reset, spike)| *reset = THRESHOLD * spike);
        }
    }

    fn reset_state(&mut self) {
        self.filtered.fill(0.0);
        self.resets.fill(0.0);
    }

    /// Advances to the neurons after a step and returns the inputs that they received in it.
    fn input_statistics(&mut self, now: NeuronView<'_>) -> Vec<f32> {
        let is_synaptic = !now.synapse.is_empty();
        let filtered = if is_synaptic { now.synapse } else { now.membrane };
        let before = self.decays.iter().zip(&self.filtered).zip(&self.resets);
        let current = |(now, ((decay, before), reset)): (&f32, ((&f32, &f32), &f32))| now - decay * before + reset;
        let inputs = filtered.iter().zip(before).map(current).collect();
        self.filtered.copy_from_slice(filtered);
        if !is_synaptic {
            self.resets.iter_mut().zip(now.spikes).for_each(|(reset, spike)| *reset = THRESHOLD * spike);
        }
        inputs
    }
}

impl<'e> Meter<'e> {
    fn new(model: &Model, flat: &[f32], episode: &'e Episode) -> Self {
        let metered = |(index, kind): (usize, &PopulationKind)| {
            let PopulationKind::Lif(lif) = kind else { return Metered::default() };
            let channels = model.slot(Parameter::Bias(index)).map_or(0, |slot| slot.range.len());
            Metered {
                before: InputFilters::new(model, flat, index, lif.synaptic),
                moments: Moments { count: 0.0, sums: vec![0.0; channels], squares: vec![0.0; channels] },
            }
        };
        let kinds = model.network.populations.iter().map(|population| &population.kind);
        Self { episode, populations: kinds.enumerate().map(metered).collect() }
    }

    /// Begins with a state.
    fn begin(&mut self, start: Option<&CarriedState>) {
        for (index, Metered { before, .. }) in self.populations.iter_mut().enumerate() {
            start.and_then(|start| start.neurons(index)).into_iter().for_each(|neurons| before.begin(neurons));
        }
    }
}

impl Probe for Meter<'_> {
    fn step(&mut self, view: StepView<'_>) {
        let is_reset = self.episode.resets_state_before(view.step());
        for (index, Metered { before, moments }) in self.populations.iter_mut().enumerate() {
            if before.filtered.is_empty() {
                continue;
            }
            if is_reset {
                before.reset_state();
            }
            moments.add(&before.input_statistics(view.neurons(index)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Experiment;
    use crate::lifetime::simulate::simulate;
    use metaplastic_task as task;
    use metaplastic_task::seed::Purpose;

    const TEXT: &str = "
        task = { name = 'cue-association' }
        [network]
        surrogate_slope = 2
        plastic_limit = 1.0
        readout = { population = 'output', classes = 2, neurons_per_class = 4, gain = 0.3 }
        population = [
            { name = 'input', kind = 'input', size = 72 },
            { name = 'map', kind = 'lif', size = 36, bias = 0.25, membrane_decay = 0.8, channels = 3 },
            { name = 'output', kind = 'lif', size = 8, bias = 0.0, membrane_decay = 0.7 },
        ]
        projection = [
            { pre = 'input', post = 'map', weights = { deviation = 0.5, scale = 'absolute' } },
            { pre = 'map', post = 'output', weights = { deviation = 1.0, scale = 'absolute' } },
        ]";

    /// Sums the weights of what spikes, step by step.
    struct Adding<'a> {
        weights: [&'a [f32]; 2],
        map: Vec<f32>,
        output: Vec<Vec<f32>>,
    }

    impl Probe for Adding<'_> {
        fn step(&mut self, view: StepView<'_>) {
            let current = |population: usize, size: usize, post: usize| {
                let rows = view.neurons(population).spikes.iter().zip(self.weights[population].chunks_exact(size));
                rows.map(|(spike, row)| spike * row[post]).sum::<f32>()
            };
            self.map.extend((0..36).filter(|post| post % 3 == 1).map(|post| current(0, 36, post) + 0.25));
            self.output.push((0..8).map(|post| current(1, 8, post)).collect());
        }
    }

    fn moments(values: &[f32]) -> (f32, f32) {
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        (mean, values.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / values.len() as f32)
    }

    #[test]
    fn moments_are_those_of_the_weights_of_what_spikes() {
        let experiment = Experiment::parse("my.toml", TEXT).unwrap();
        let (model, flat) = (&experiment.model, experiment.initial(1));
        let episodes = task::episodes(&*experiment.task, 1, Purpose::Training, 0..2);
        let weights = [0, 1].map(|index| model.values(Parameter::Weights(index), &flat));
        let mut adding = Adding { weights, map: Vec::new(), output: Vec::new() };
        for episode in &episodes {
            simulate(model, &flat, episode, Freeze::Nothing, &mut adding);
        }
        let received = input_statistics(model, &flat, LaneBatch::fresh(&episodes));
        let near = |found: &Moments, channel: usize, (mean, variance): (f32, f32)| {
            assert!((found.mean(channel) - mean).abs() < 1e-3, "{} {mean}", found.mean(channel));
            assert!((found.variance(channel) - variance).abs() < 1e-3 * variance, "{variance}");
            assert!(variance > 0.01);
        };
        near(&received[1], 1, moments(&adding.map));
        for neuron in 0..8 {
            near(&received[2], neuron, moments(&adding.output.iter().map(|step| step[neuron]).collect::<Vec<_>>()));
        }
        assert_eq!(received[0], Moments::default());
    }
}
