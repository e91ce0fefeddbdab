//! Diagnosis of a training: why a network does not learn, as data.
//!
//! A look runs a few episodes of a meta-step forward once more and takes the firing rate of every population, the
//! spread of the readout's logits and the plastic weights; the metrics give loss, accuracy and gradient norm. It
//! reads the training and changes no bit of it. A network that answers better than a guess learns, whatever its
//! activity is like; in a world, one whose score has got better. This file may not know how a diagnosis is shown.

use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::network::{Population, PopulationKind};
use metaplastic_task::score::Score;

use super::metrics::Metrics;
use crate::experiment::Experiment;
use crate::lifetime::carried::LaneBatch;
use activity::Activity;
use score_history::{RISEN, ScoreHistory, WINDOW};

mod activity;
mod findings;
mod reason;
mod score_history;
#[cfg(test)]
mod tests;

pub(in crate::meta) use findings::{Findings, is_due};
pub use reason::Diagnosis;

/// Meta-steps after which a training that has ended at chance is told so.
const ENOUGH: usize = 50;
/// A population spikes too much from this fraction of the highest rate that its refractory period allows.
const SATURATED: f64 = 0.9;
/// A readout whose logits differ by less than this is flat: no probability differs from chance by a hundredth.
const FLAT: f64 = 0.01;
/// Plastic weights are too often at their limit from this fraction of those that are not zero.
const AT_LIMIT: f64 = 0.5;
/// A loss beyond this multiple of that of a guess is worse than a guess.
const WORSE: f64 = 1.5;
/// A gradient has vanished below this fraction of the largest norm so far.
const VANISHED: f64 = 0.04;
/// A gradient of a smaller norm is none.
const NO_GRADIENT: f64 = 1e-7;
/// Commands are too often beyond their range from this fraction of all; a healthy controller of unstable plants has had a
/// quarter of them beyond it while it began to learn.
const OUT_OF_RANGE: f64 = 0.5;
/// Standard deviations of the accuracy of guessing within which an accuracy is that of guessing.
const DEVIATIONS: f64 = 4.0;

/// The same of the accuracy in unseen episodes, which is measured once, at the end.
const UNSEEN_DEVIATIONS: f64 = 2.0;
/// Decisions in unseen episodes from which a network that is no better than a guess is told so.
const ENOUGH_DECISIONS: u64 = 1000;

/// Standard deviation of the accuracy of guessing.
fn deviation(chance: f64, decisions: f64) -> f64 {
    (chance * (1.0 - chance) / decisions).sqrt()
}

/// Whether a classifier is no better than a guess in unseen episodes, of enough decisions to tell.
#[must_use]
pub fn unseen_diagnosis(score: &Score, chance: f64) -> Option<Diagnosis> {
    let accuracy = score.accuracy();
    let is_guess = accuracy < chance + UNSEEN_DEVIATIONS * deviation(chance, score.decisions as f64);
    (score.decisions >= ENOUGH_DECISIONS && score.estimate(0).is_none() && is_guess)
        .then_some(Diagnosis::UnseenAtChance { accuracy, chance })
}

/// What a training is looked at.
pub(super) struct Look<'l> {
    /// What is trained.
    pub(super) experiment: &'l Experiment,
    /// The network's meta-parameters.
    pub(super) network: &'l [f32],
    /// Episodes of a meta-step, and what they begin with.
    pub(super) batch: LaneBatch<'l>,
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
        if found.is_empty() && self.metrics.len() >= ENOUGH && !self.is_learning() {
            found.push(self.not_learned());
        }
        found
    }

    fn not_learned(&self) -> Diagnosis {
        match self.history() {
            Some(history) => Diagnosis::NotImproved {
                measure: history.name().to_owned(),
                first: history.first(),
                last: history.last(),
            },
            None => Diagnosis::AtChance { accuracy: self.accuracy(), chance: self.experiment.task.chance() },
        }
    }

    /// The scores so far, in a world.
    fn history(&self) -> Option<ScoreHistory<'_>> {
        let measure = self.experiment.task.measures().first()?;
        Some(ScoreHistory::new(*measure, self.metrics))
    }

    /// Whether the network is better than a guess, or in a world than at its start.
    fn is_learning(&self) -> bool {
        self.history().map_or_else(|| !self.is_at_chance(), |history| history.has_improved())
    }

    fn last(&self) -> &[Metrics] {
        &self.metrics[self.metrics.len().saturating_sub(WINDOW)..]
    }

    fn mean(&self, value: impl Fn(&Metrics) -> f64) -> f64 {
        self.last().iter().map(value).sum::<f64>() / self.last().len() as f64
    }

    fn accuracy(&self) -> f64 {
        self.mean(|metrics| metrics.score)
    }

    fn is_at_chance(&self) -> bool {
        let Experiment { task, meta, .. } = self.experiment;
        let chance = task.chance();
        let decisions = self.last().len() as f64 * f64::from(meta.batch) * task.decisions() as f64;
        self.accuracy() <= chance + DEVIATIONS * deviation(chance, decisions)
    }

    fn of_metrics(&self) -> Option<Diagnosis> {
        let meta_steps = self.last().iter().filter(|metrics| metrics.is_skipped()).count();
        if meta_steps > 0 {
            return Some(Diagnosis::NonFinite { meta_steps });
        }
        let norm = largest_norm(self.last());
        let no_gradient = (!self.last().is_empty() && norm < NO_GRADIENT).then_some(Diagnosis::NoGradient { norm });
        self.diverged().or(no_gradient)
    }

    fn diverged(&self) -> Option<Diagnosis> {
        if let Some(history) = self.history() {
            let (measure, best, last) = (history.name().to_owned(), history.best(), history.last());
            return history.is_lost().then_some(Diagnosis::Lost { measure, best, last });
        }
        let (loss, guess) = (self.mean(|metrics| metrics.loss), -self.experiment.task.chance().ln());
        let is_worse = self.is_at_chance() && loss > WORSE * guess;
        (is_worse && (self.has_risen(loss) || self.has_no_more_gradient()))
            .then_some(Diagnosis::Diverged { loss, guess })
    }

    /// Whether a loss is far above the lowest so far.
    fn has_risen(&self, loss: f64) -> bool {
        loss > RISEN * self.metrics.iter().map(|metrics| metrics.loss).fold(f64::INFINITY, f64::min)
    }

    /// Whether the gradient has vanished since the training began.
    fn has_no_more_gradient(&self) -> bool {
        largest_norm(self.last()) < VANISHED * largest_norm(self.metrics)
    }

    fn of_activity(&self) -> Vec<Diagnosis> {
        let activity = Activity::measure(self.experiment, self.network, self.batch);
        let mut found = self.never_plastic(&activity);
        if !self.is_learning() {
            found.extend(self.out_of_range(&activity));
            found.extend(self.of_rates(&activity).into_iter().chain(self.at_limit(&activity)));
        }
        found.extend(self.flat_readout(&activity, &found));
        if !activity.is_labelled && self.history().is_none() {
            found.insert(0, Diagnosis::Unlabelled);
        }
        found
    }

    /// Logits that never can differ with this gain; or hardly do, while no gradient is left that would change them,
    /// unless a population has been found that explains it.
    fn flat_readout(&self, activity: &Activity, found: &[Diagnosis]) -> Option<Diagnosis> {
        if self.experiment.model.network.command().is_some() {
            return None;
        }
        let is_named = found.iter().any(|it| matches!(it, Diagnosis::Silent { .. } | Diagnosis::Saturated { .. }));
        let stays = !self.is_learning() && self.has_no_more_gradient() && !is_named;
        let is_flat = activity.possible_spread < FLAT || activity.spread < FLAT && stays;
        is_flat.then(|| Diagnosis::FlatReadout {
            population: self.population(self.experiment.model.network.readout.population.into()),
            spread: activity.spread,
            gain: activity.gain,
        })
    }

    /// Commands too often beyond their range; not before it can be known whether the score gets better, as a network may
    /// command too much at its start.
    fn out_of_range(&self, activity: &Activity) -> Option<Diagnosis> {
        let command = self.experiment.model.network.command().filter(|_| self.metrics.len() >= 2 * WINDOW)?;
        let fraction = activity.fraction_beyond(command.limit());
        (fraction > OUT_OF_RANGE).then(|| Diagnosis::CommandRange { fraction, limit: command.limit().into() })
    }

    fn population(&self, index: usize) -> String {
        self.experiment.model.network.populations[index].name.as_str().to_owned()
    }

    fn of_rates(&self, activity: &Activity) -> Vec<Diagnosis> {
        let network = &self.experiment.model.network;
        let spiking = network.populations.iter().enumerate().filter(|(_, population)| population.spikes());
        let of_rate = |(index, population): (usize, &Population)| {
            let (rate, name) = (activity.rates[index], self.population(index));
            let is_readout = index == usize::from(network.readout.population);
            if rate == 0.0 {
                return Some(Diagnosis::Silent { population: name, is_readout });
            }
            let is_saturated = rate > SATURATED * highest_rate(population.kind);
            is_saturated.then_some(Diagnosis::Saturated { population: name, rate })
        };
        spiking.filter_map(of_rate).collect()
    }

    fn never_plastic(&self, activity: &Activity) -> Vec<Diagnosis> {
        let never = activity.plastic.iter().enumerate().filter(|(_, it)| it.is_some_and(|it| it.changed == 0));
        let name = |(index, _)| self.experiment.model.projection_name(index);
        never.map(name).map(|projection| Diagnosis::NeverPlastic { projection }).collect()
    }

    fn at_limit(&self, activity: &Activity) -> Vec<Diagnosis> {
        let plastic = activity.plastic.iter().enumerate().filter_map(|(index, it)| Some((index, (*it)?)));
        let limited = plastic.map(|(index, it)| (index, it.fraction_at_limit())).filter(|(_, it)| *it > AT_LIMIT);
        let name = |index| self.experiment.model.projection_name(index);
        limited.map(|(index, fraction)| Diagnosis::PlasticLimit { projection: name(index), fraction }).collect()
    }
}

/// The largest norm of the gradient; of none, zero.
fn largest_norm(metrics: &[Metrics]) -> f64 {
    metrics.iter().map(|metrics| metrics.gradient_norm).fold(0.0, f64::max)
}

/// Spikes a neuron and step, at most.
fn highest_rate(kind: PopulationKind) -> f64 {
    let refractory = if let PopulationKind::Lif(lif) = kind { lif.refractory } else { 0 };
    1.0 / (1.0 + f64::from(refractory))
}
