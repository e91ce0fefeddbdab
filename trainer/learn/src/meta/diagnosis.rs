//! Diagnosis of a training: why a network does not learn, as data.
//!
//! A look runs a few episodes of a meta-step forward once more and takes the firing rate of every population, the
//! spread of the readout's logits and the plastic weights; the metrics give loss, accuracy and gradient norm. It
//! reads the training and changes no bit of it. This file may not know how a diagnosis is shown.

use std::fmt;

use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::network::PopulationKind;
use metaplastic_task::episode::Episode;
use serde::{Deserialize, Serialize};

use super::metrics::Metrics;
use crate::experiment::Experiment;
use activity::Activity;

mod activity;
#[cfg(test)]
mod tests;

/// Meta-steps that a mean of the metrics is taken over.
const WINDOW: usize = 10;
/// The first looks, after these many meta-steps; the next are after every [`LATER`].
const FIRST: [u32; 4] = [10, 25, 40, 50];
/// Meta-steps between later looks.
const LATER: u32 = 100;
/// A population spikes too much from this fraction of the highest rate that its refractory period allows.
const SATURATED: f64 = 0.9;
/// A readout whose logits differ by less than this is flat: no probability differs from chance by a hundredth.
const FLAT: f64 = 0.01;
/// Plastic weights are too often at their limit from this fraction of those that are not zero.
const AT_LIMIT: f64 = 0.5;
/// The loss has diverged beyond this multiple of that of a guess.
const DIVERGED: f64 = 3.0;
/// A gradient of a smaller norm is none.
const NO_GRADIENT: f64 = 1e-7;
/// Standard deviations of the accuracy of guessing within which an accuracy is that of guessing.
const DEVIATIONS: f64 = 4.0;

/// Why a network does not learn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Diagnosis {
    /// A population never spikes.
    Silent {
        /// Its name.
        population: String,
        /// Whether it is the readout.
        is_readout: bool,
    },
    /// A population spikes in nearly every step that it can.
    Saturated {
        /// Its name.
        population: String,
        /// Spikes a neuron and step.
        rate: f64,
    },
    /// The readout's logits hardly differ.
    FlatReadout {
        /// The readout's population.
        population: String,
        /// The largest difference of two logits of a decision.
        spread: f64,
        /// gamma.
        gain: f64,
    },
    /// The plastic weights of a projection never change.
    NeverPlastic {
        /// Its name.
        projection: String,
    },
    /// Most plastic weights of a projection that are not zero are at their limit.
    PlasticLimit {
        /// Its name.
        projection: String,
        /// The fraction at the limit.
        fraction: f64,
    },
    /// No label reaches the network: in the steps of a label, no input tells one class from another.
    Unlabelled,
    /// The loss is far above that of a guess.
    Diverged {
        /// Its mean over the last meta-steps, nats.
        loss: f64,
        /// That of a guess, nats.
        guess: f64,
    },
    /// Loss or gradient was not finite.
    NonFinite {
        /// In how many of the last meta-steps.
        meta_steps: usize,
    },
    /// The gradient is zero, or nearly.
    NoGradient {
        /// Its largest norm in the last meta-steps.
        norm: f64,
    },
    /// The training has ended, and the network is no better than a guess.
    AtChance {
        /// Mean accuracy over the last meta-steps, 0 to 1.
        accuracy: f64,
        /// That of a guess, 0 to 1.
        chance: f64,
    },
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Silent { population, .. } => write!(formatter, "population {population} never spikes"),
            Self::Saturated { population, rate } => {
                write!(formatter, "population {population} is saturated: {rate:.2} spikes per neuron and step")
            }
            Self::FlatReadout { population, spread, gain } => write!(
                formatter,
                "the readout {population} does not tell classes apart: its logits differ by {spread:.1e}, with a \
                 gain of {gain:.1e}"
            ),
            Self::NeverPlastic { projection } => {
                write!(formatter, "the plastic weights of {projection} never change")
            }
            Self::PlasticLimit { projection, fraction } => write!(
                formatter,
                "{:.0} % of the plastic weights of {projection} are at their limit",
                100.0 * fraction
            ),
            Self::Unlabelled => formatter.write_str("no label is shown: no input tells one class from another"),
            Self::Diverged { loss, guess } => {
                write!(formatter, "the loss has diverged: {loss:.2}, a guess has {guess:.2}")
            }
            Self::NonFinite { meta_steps } => {
                write!(formatter, "loss or gradient was not finite in {meta_steps} of the last {WINDOW} meta-steps")
            }
            Self::NoGradient { norm } => write!(formatter, "there is no gradient: its norm is {norm:.1e}"),
            Self::AtChance { accuracy, chance } => write!(
                formatter,
                "the network is no better than a guess: {:.1} % right, chance is {:.1} %",
                100.0 * accuracy,
                100.0 * chance
            ),
        }
    }
}

impl Diagnosis {
    /// The usual remedies, keys of the experiment's file.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Silent { .. } => {
                "raise the deviation of the weights onto it, its bias or its membrane_decay; lower \
                 network.surrogate_slope, so that the gradient reaches neurons far below threshold"
            }
            Self::Saturated { .. } => {
                "lower the deviation of the weights onto it, its bias or its membrane_decay, or give it an adaptation"
            }
            Self::FlatReadout { .. } => {
                "raise network.readout.gain, or the deviation of the weights onto the readout"
            }
            Self::NeverPlastic { .. } => {
                "raise the projection's rate or coefficients; let the label reach its third factor: lower the \
                 modulator's dead_zone or raise the deviation of the weights onto it"
            }
            Self::PlasticLimit { .. } => "lower the projection's rate, or raise network.plastic_limit",
            Self::Unlabelled => "let the task show its labels, for example task.label_rate above zero",
            Self::Diverged { .. } | Self::NonFinite { .. } => {
                "lower meta.schedule.peak_rate, meta.gradient_clip or the projections' rates"
            }
            Self::NoGradient { .. } => {
                "lower network.surrogate_slope; raise the deviation of the weights; see that meta.freeze leaves \
                 something to train"
            }
            Self::AtChance { .. } => {
                "train for more meta-steps, with another meta.schedule.peak_rate, or begin with an easier task"
            }
        }
    }

    /// Whether it says the same of the same part, whatever the figures.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        use Diagnosis::{NeverPlastic, PlasticLimit, Saturated, Silent};
        match (self, other) {
            (Silent { population, .. }, Silent { population: other, .. })
            | (Saturated { population, .. }, Saturated { population: other, .. }) => population == other,
            (NeverPlastic { projection }, NeverPlastic { projection: other })
            | (PlasticLimit { projection, .. }, PlasticLimit { projection: other, .. }) => projection == other,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

/// Whether a training is looked at after so many meta-steps.
pub(super) fn is_due(meta_step: u32) -> bool {
    FIRST.contains(&meta_step) || meta_step.is_multiple_of(LATER)
}

/// What has been found at the last look, and what has been told.
#[derive(Debug, Default)]
pub(super) struct Findings {
    last: Vec<Diagnosis>,
    told: Vec<Diagnosis>,
}

impl Findings {
    /// What is to be told after a look that found `found`: only what the look before it found too, as a network may
    /// pass through silence at the start of a healthy training; and each once.
    pub(super) fn tell(&mut self, found: Vec<Diagnosis>) -> Vec<Diagnosis> {
        let is_in = |all: &[Diagnosis], it: &Diagnosis| all.iter().any(|other| other.is_like(it));
        let again = found.iter().filter(|it| is_in(&self.last, it) && !is_in(&self.told, it));
        let telling = again.cloned().collect::<Vec<_>>();
        self.told.extend_from_slice(&telling);
        self.last = found;
        telling
    }
}

/// What a training is looked at.
pub(super) struct Look<'l> {
    /// What is trained.
    pub(super) experiment: &'l Experiment,
    /// The network's meta-parameters.
    pub(super) network: &'l [f32],
    /// Episodes of a meta-step.
    pub(super) episodes: &'l [Episode],
    /// Every meta-step so far.
    pub(super) metrics: &'l [Metrics],
}

impl Look<'_> {
    /// What is wrong, the most telling first; nothing of a healthy training.
    pub(super) fn diagnoses(&self) -> Vec<Diagnosis> {
        let mut found = self.of_metrics().into_iter().collect::<Vec<_>>();
        if self.network.iter().all(|value| value.is_finite()) {
            found.extend(self.of_activity());
        }
        found
    }

    /// As [`diagnoses`](Self::diagnoses), of a training that has ended.
    pub(super) fn last_diagnoses(&self) -> Vec<Diagnosis> {
        let mut found = self.diagnoses();
        if found.is_empty() && self.metrics.len() >= FIRST[3] as usize && self.is_at_chance() {
            found.push(Diagnosis::AtChance { accuracy: self.accuracy(), chance: self.experiment.task.chance() });
        }
        found
    }

    fn last(&self) -> &[Metrics] {
        &self.metrics[self.metrics.len().saturating_sub(WINDOW)..]
    }

    fn mean(&self, value: impl Fn(&Metrics) -> f64) -> f64 {
        self.last().iter().map(value).sum::<f64>() / self.last().len() as f64
    }

    fn accuracy(&self) -> f64 {
        self.mean(|metrics| metrics.accuracy)
    }

    fn is_at_chance(&self) -> bool {
        let Experiment { task, meta, .. } = self.experiment;
        let chance = task.chance();
        let decisions = self.last().len() as f64 * f64::from(meta.batch) * task.decisions() as f64;
        self.accuracy() <= chance + DEVIATIONS * (chance * (1.0 - chance) / decisions).sqrt()
    }

    fn of_metrics(&self) -> Option<Diagnosis> {
        let meta_steps = self.last().iter().filter(|metrics| metrics.is_skipped()).count();
        if meta_steps > 0 {
            return Some(Diagnosis::NonFinite { meta_steps });
        }
        let (loss, guess) = (self.mean(|metrics| metrics.loss), -self.experiment.task.chance().ln());
        if loss > DIVERGED * guess && self.is_at_chance() {
            return Some(Diagnosis::Diverged { loss, guess });
        }
        let norm = self.last().iter().map(|metrics| metrics.gradient_norm).fold(0.0, f64::max);
        (!self.last().is_empty() && norm < NO_GRADIENT).then_some(Diagnosis::NoGradient { norm })
    }

    fn of_activity(&self) -> Vec<Diagnosis> {
        let activity = Activity::measure(self.experiment, self.network, self.episodes);
        let mut found = self.of_rates(&activity);
        found.extend(self.of_plastic_weights(&activity));
        let readout = &self.experiment.model.network.readout;
        let is_named = |it: &Diagnosis| matches!(it, Diagnosis::Silent { .. } | Diagnosis::Saturated { .. });
        if activity.spread < FLAT && !found.iter().any(is_named) {
            let population = self.population(readout.population.into());
            found.push(Diagnosis::FlatReadout { population, spread: activity.spread, gain: activity.gain });
        }
        if !activity.is_labelled {
            found.insert(0, Diagnosis::Unlabelled);
        }
        found
    }

    fn population(&self, index: usize) -> String {
        self.experiment.model.network.populations[index].name.as_str().to_owned()
    }

    /// A population that is not read out may rest, as long as the network learns.
    fn of_rates(&self, activity: &Activity) -> Vec<Diagnosis> {
        let network = &self.experiment.model.network;
        let mut found = Vec::new();
        for (index, population) in network.populations.iter().enumerate().filter(|(_, it)| it.spikes()) {
            let is_readout = index == usize::from(network.readout.population);
            let (rate, limit) = (activity.rates[index], highest_rate(population.kind));
            if rate == 0.0 && (is_readout || self.is_at_chance()) {
                found.push(Diagnosis::Silent { population: self.population(index), is_readout });
            }
            if rate > SATURATED * limit && (is_readout || self.is_at_chance()) {
                found.push(Diagnosis::Saturated { population: self.population(index), rate });
            }
        }
        found
    }

    fn of_plastic_weights(&self, activity: &Activity) -> Vec<Diagnosis> {
        let mut found = Vec::new();
        for (index, plastic) in activity.plastic.iter().enumerate() {
            let Some(plastic) = plastic else { continue };
            let projection = self.experiment.model.projection_name(index);
            if plastic.changed == 0 {
                found.push(Diagnosis::NeverPlastic { projection });
            } else if plastic.fraction_at_limit() > AT_LIMIT {
                found.push(Diagnosis::PlasticLimit { projection, fraction: plastic.fraction_at_limit() });
            }
        }
        found
    }
}

/// Spikes a neuron and step, at most.
fn highest_rate(kind: PopulationKind) -> f64 {
    let refractory = if let PopulationKind::Lif(lif) = kind { lif.refractory } else { 0 };
    1.0 / (1.0 + f64::from(refractory))
}
