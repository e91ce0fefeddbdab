//! The activity of a network in a few episodes: firing rates, the spread of logits, plastic weights, labels.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Freeze;
use crate::experiment::Experiment;
use crate::lifetime::carried::LaneBatch;
use crate::lifetime::simulate::{Probe, Simulator, StepView};
use crate::model::Parameter;
use metaplastic_shared::network::{NetworkDescription, Population};
use metaplastic_task::episode::Episode;

/// One in so many episodes of a meta-step is run once more.
const ONE_IN: usize = 8;
/// A coincidence that is no longer believed.
const UNLIKELY: f64 = 1e-3;
/// A plastic weight is at its limit from this fraction of it.
const NEARLY: f32 = 0.999;

/// What a network did in some episodes.
pub(super) struct Activity {
    /// Spikes a neuron and step, by population.
    pub(super) rates: Vec<f64>,
    /// By projection; none where it is not plastic.
    pub(super) plastic: Vec<Option<PlasticActivity>>,
    /// The largest difference of two logits of a decision.
    pub(super) spread: f64,
    /// What that could be with this gain, if all neurons of one class spiked in every step; infinite for potentials.
    pub(super) possible_spread: f64,
    /// gamma.
    pub(super) gain: f64,
    /// The commands of all steps; none of a network without commands.
    pub(super) commands: Vec<f32>,
    /// Whether any input tells one class from another while labels are shown.
    pub(super) is_labelled: bool,
}

/// The plastic weights of a projection at the end of the episodes.
#[derive(Clone, Copy, Default)]
pub(super) struct PlasticActivity {
    /// Weights that are not zero.
    pub(super) changed: usize,
    /// Weights at their limit.
    pub(super) at_limit: usize,
}

impl PlasticActivity {
    /// The fraction of the weights that are not zero which is at the limit.
    pub(super) fn fraction_at_limit(self) -> f64 {
        self.at_limit as f64 / self.changed.max(1) as f64
    }
}

impl Activity {
    /// Runs one in eight of the episodes, at least one.
    pub(super) fn measure(experiment: &Experiment, flat: &[f32], batch: LaneBatch<'_>) -> Self {
        let episodes = batch.episodes;
        let model = &experiment.model;
        let simulator = Simulator::new(model, flat, Freeze::Nothing);
        let run = &episodes[..episodes.len().div_ceil(ONE_IN)];
        let mut meter = ActivityMeter::new(experiment);
        let (mut scores, mut commands) = (Vec::new(), Vec::new());
        for (lane, episode) in run.iter().enumerate() {
            meter.last_step = episode.steps.saturating_sub(1);
            let simulated = simulator.begin(batch.start(lane)).run_episode(episode, &mut meter);
            scores.extend(simulated.class_scores);
            commands.extend(simulated.life.into_iter().flat_map(|life| life.record.commands));
        }
        let spread = scores.iter().map(|scores| spread(scores)).fold(0.0, f32::max);
        let gain = f64::from(model.positive(Parameter::ReadoutGain, flat));
        let steps = run.iter().map(|episode| episode.steps).sum::<usize>();
        let populations = meter.spikes.iter().zip(&model.network.populations);
        let rate =
            |(spikes, population): (&f64, &Population)| spikes / (steps.max(1) as f64 * f64::from(population.size));
        let rates = populations.map(rate).collect();
        let is_labelled = is_labelled(episodes);
        let possible_spread = gain * largest_score(&model.network, run);
        let spread = gain * f64::from(spread);
        Self { rates, plastic: meter.plastic, spread, possible_spread, gain, commands, is_labelled }
    }

    /// The fraction of the commands whose absolute value is a limit or more.
    pub(super) fn fraction_beyond(&self, limit: f32) -> f64 {
        let beyond = self.commands.iter().filter(|command| command.abs() >= limit).count();
        beyond as f64 / self.commands.len().max(1) as f64
    }
}

/// The largest score of a class in a decision; infinite where scores are potentials.
fn largest_score(network: &NetworkDescription, episodes: &[Episode]) -> f64 {
    if network.has_graded_readout() {
        return f64::INFINITY;
    }
    let steps =
        episodes.iter().flat_map(|episode| &episode.decisions).map(|decision| decision.end - decision.start);
    steps.max().unwrap_or(0) as f64 * f64::from(network.readout.neurons_per_class)
}

fn spread(scores: &[f32]) -> f32 {
    let (low, high) = scores.iter().fold((f32::MAX, f32::MIN), |(low, high), it| (low.min(*it), high.max(*it)));
    high - low
}

struct ActivityMeter {
    spikes: Vec<f64>,
    plastic: Vec<Option<PlasticActivity>>,
    limit: f32,
    last_step: usize,
}

impl ActivityMeter {
    fn new(experiment: &Experiment) -> Self {
        let network = &experiment.model.network;
        let plastic =
            network.projections.iter().map(|it| it.plasticity.as_ref().map(|_| PlasticActivity::default()));
        Self {
            spikes: vec![0.0; network.populations.len()],
            plastic: plastic.collect(),
            limit: experiment.model.plastic_limit,
            last_step: 0,
        }
    }
}

impl Probe for ActivityMeter {
    fn step(&mut self, view: StepView<'_>) {
        for (index, spikes) in self.spikes.iter_mut().enumerate() {
            *spikes += f64::from(view.neurons(index).spikes.iter().sum::<f32>());
        }
        if view.step() != self.last_step {
            return;
        }
        for (index, plastic) in self.plastic.iter_mut().enumerate() {
            let (Some(plastic), Some(synapses)) = (plastic, view.synapses(index)) else { continue };
            for weight in synapses.plastic.values().map(f32::abs) {
                plastic.changed += usize::from(weight > 0.0);
                plastic.at_limit += usize::from(weight >= NEARLY * self.limit);
            }
        }
    }
}

/// Whether labels reach the network: while they are shown, there are analog values that are not zero, or an input neuron
/// tells one class from another.
fn is_labelled(episodes: &[Episode]) -> bool {
    let mut classes = BTreeMap::<usize, ShownLabels>::new();
    for episode in episodes {
        for phase in episode.labelled_phases() {
            let Some(class) = phase.kind.labelled_class() else { continue };
            let mut steps = phase.steps.clone();
            if steps.any(|step| episode.analog_at(step).iter().any(|value| *value != 0.0)) {
                return true;
            }
            classes.entry(class).or_default().add(episode, phase.steps.clone());
        }
    }
    classes.len() == 1 || classes.keys().any(|class| is_distinguished(&classes, *class))
}

/// The phases in which the label of a class is shown.
#[derive(Default)]
struct ShownLabels {
    phases: usize,
    /// In how many of them each input neuron spikes, if it ever does.
    spiking: BTreeMap<usize, usize>,
}

impl ShownLabels {
    fn add(&mut self, episode: &Episode, steps: Range<usize>) {
        self.phases += 1;
        let neurons = steps.flat_map(|step| episode.spiking_at(step)).collect::<BTreeSet<_>>();
        neurons.into_iter().for_each(|neuron| *self.spiking.entry(neuron).or_default() += 1);
    }
}

/// Whether a neuron spikes in most phases of a class and in none of another; or in phases of this class alone, and
/// in more of them than chance would explain.
fn is_distinguished(classes: &BTreeMap<usize, ShownLabels>, class: usize) -> bool {
    let ShownLabels { phases, spiking } = &classes[&class];
    let others = || classes.iter().filter(|(other, _)| **other != class).map(|(_, labels)| labels);
    let all = phases + others().map(|labels| labels.phases).sum::<usize>();
    let by_chance = |count: usize| spiking.len() as f64 * (*phases as f64 / all as f64).powi(count as i32);
    spiking.iter().any(|(neuron, count)| {
        let mut silent = others().map(|labels| !labels.spiking.contains_key(neuron));
        match 2 * count > *phases {
            true => silent.any(|silent| silent),
            false => by_chance(*count) < UNLIKELY && silent.all(|silent| silent),
        }
    })
}
