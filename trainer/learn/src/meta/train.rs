//! The loop of meta-training.
//!
//! Meta-step k descends on episodes `k batch .. (k + 1) batch` of the training streams of the experiment's seed, so
//! that its result depends on the meta-parameters, the lanes and k alone, and a resumed training is the same to the bit.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use super::checkpoint::{CheckpointError, TrainingCheckpoint};
use super::diagnosis::{Diagnosis, Findings, Look, is_due};
use super::identity::TrainingIdentity;
use super::lanes::LaneEpisodes;
use super::metrics::{Metrics, MetricsWriter, to_csv};
use super::running_statistics::{initial_state, update_after_step};
use super::state::TrainingState;
use crate::experiment::Experiment;
use crate::lifetime::{Engine, EngineError, Gradient};
use crate::model::Family;
use crate::optimiser::{clip, norm};
use metaplastic_files::atomic;

/// The checkpoint's name in a training's folder.
pub const CHECKPOINT_FILE: &str = "checkpoint";
/// The metrics' name in a training's folder.
pub const METRICS_FILE: &str = "metrics.csv";

/// Where a training saves its files, and when.
#[derive(Clone, Copy, Debug)]
pub struct TrainOptions<'o> {
    /// The folder of checkpoint and metrics; created if it does not exist.
    pub folder: &'o Path,
    /// Whether to continue from the folder's checkpoint. Otherwise its files are replaced.
    pub resume: bool,
    /// Meta-steps between checkpoints, at least 1; there is one at the end too.
    pub checkpoint_every: u32,
    /// When true, the training stops after the current meta-step.
    pub stop: &'o AtomicBool,
}

/// Observes a training.
pub trait Observer {
    /// Training begins, with `done` of `total` meta-steps done.
    fn begin(&mut self, done: u32, total: u32);
    /// A meta-step has been taken or skipped.
    fn meta_step(&mut self, metrics: &Metrics);
    /// After `meta_step` meta-steps, something that has not been said yet keeps the network from learning.
    fn diagnosis(&mut self, meta_step: u32, diagnosis: &Diagnosis);
    /// Training has ended, for whatever reason.
    fn end(&mut self);
}

/// No observer.
impl Observer for () {
    fn begin(&mut self, _: u32, _: u32) {}
    fn meta_step(&mut self, _: &Metrics) {}
    fn diagnosis(&mut self, _: u32, _: &Diagnosis) {}
    fn end(&mut self) {}
}

/// A finished training.
#[derive(Clone, Debug, PartialEq)]
pub struct Trained {
    /// The [fingerprint](TrainingIdentity::fingerprint) of the training.
    pub fingerprint: String,
    /// The flat vector of meta-parameters as deployed.
    pub parameters: Vec<f32>,
    /// Every meta-step, in order.
    pub metrics: Vec<Metrics>,
    /// Why the network has not learned; empty if it has.
    pub diagnoses: Vec<Diagnosis>,
}

impl Trained {
    /// Total duration of all meta-steps, seconds; over all runs if the training was resumed.
    #[must_use]
    pub fn wall_seconds(&self) -> f64 {
        self.metrics.iter().map(|metrics| metrics.wall_seconds).sum()
    }

    /// Meta-steps without a finite gradient.
    #[must_use]
    pub fn skipped(&self) -> usize {
        self.metrics.iter().filter(|metrics| metrics.is_skipped()).count()
    }
}

/// Why a training did not finish.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// The folder or a file in it cannot be written.
    #[error("{path}: {why}; choose a folder that can be written to", path = path.display())]
    Write {
        /// The folder or file.
        path: PathBuf,
        /// What the operating system reports.
        why: io::Error,
    },
    /// There is no checkpoint to resume from, or it belongs to another training.
    #[error("{0}; {remedy}", remedy = .0.remedy())]
    Checkpoint(CheckpointError),
    /// The engine refused.
    #[error("meta-step {meta_step}: {why}")]
    Engine {
        /// Number of the meta-step, from 1.
        meta_step: u32,
        /// What the engine reports.
        why: EngineError,
    },
    /// Too many meta-steps in a row without a finite gradient.
    #[error(
        "meta-step {meta_step}: {what} not finite, {in_a_row} meta-steps in a row (meta.give_up_after); \
         lower meta.schedule.peak_rate"
    )]
    NonFinite {
        /// Number of the last meta-step, from 1.
        meta_step: u32,
        /// The quantity that was not finite.
        what: NonFinite,
        /// Number of these meta-steps.
        in_a_row: u32,
    },
    /// The stop flag was set; everything so far is in the checkpoint.
    #[error(
        "stopped after meta-step {meta_step} of {total}; continue with `train --resume`, the same experiment and options"
    )]
    Stopped {
        /// Number of the last meta-step, from 1; 0 if there was none.
        meta_step: u32,
        /// Number of meta-steps of the whole training.
        total: u32,
    },
}

/// The message contains the checkpoint's error, which is therefore not a source: it would be printed twice.
impl From<CheckpointError> for TrainError {
    fn from(error: CheckpointError) -> Self {
        Self::Checkpoint(error)
    }
}

/// What was not finite in a meta-step.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NonFinite {
    /// The loss.
    #[error("the loss was")]
    Loss,
    /// The gradient of a tensor.
    #[error("the gradient of {0} was")]
    Gradient(String),
}

/// Trains an experiment's network to the end, or until it is stopped.
///
/// # Errors
/// [`TrainError`]; the last checkpoint stays, so that a stopped training can be resumed.
pub fn train(
    experiment: &Experiment,
    engine: &dyn Engine,
    options: TrainOptions<'_>,
    observer: &mut dyn Observer,
) -> Result<Trained, TrainError> {
    let mut training = TrainingRun::begin(experiment, engine, options)?;
    observer.begin(training.done(), experiment.meta.meta_steps);
    let result = training.run(observer);
    observer.end();
    result?;
    let diagnoses = training.look(|look| look.last_diagnoses());
    let TrainingCheckpoint { identity, state } = training.checkpoint;
    let parameters = state.deployed(experiment);
    Ok(Trained { fingerprint: identity.fingerprint(), parameters, metrics: state.metrics, diagnoses })
}

/// A training in progress.
struct TrainingRun<'t> {
    experiment: &'t Experiment,
    engine: &'t dyn Engine,
    options: TrainOptions<'t>,
    checkpoint: TrainingCheckpoint,
    csv: MetricsWriter<File>,
    findings: Findings,
}

impl<'t> TrainingRun<'t> {
    fn begin(
        experiment: &'t Experiment,
        engine: &'t dyn Engine,
        options: TrainOptions<'t>,
    ) -> Result<Self, TrainError> {
        let identity = TrainingIdentity::new(experiment, engine);
        let path = options.folder.join(CHECKPOINT_FILE);
        let state = if options.resume {
            TrainingCheckpoint::load(&path, experiment, &identity)?
        } else {
            initial_state(experiment, || LaneEpisodes::draw(experiment, 0, &[]).episodes)
        };
        std::fs::create_dir_all(options.folder).map_err(unwritable(options.folder))?;
        let checkpoint = TrainingCheckpoint { identity, state };
        // From the first moment on, there is something to resume.
        checkpoint.save(&path).map_err(unwritable(&path))?;
        let csv = begin_csv(&options.folder.join(METRICS_FILE), &checkpoint)?;
        Ok(Self { experiment, engine, options, checkpoint, csv, findings: Findings::default() })
    }

    /// Meta-steps taken or skipped so far.
    fn done(&self) -> u32 {
        self.checkpoint.state.metrics.len() as u32
    }

    fn run(&mut self, observer: &mut dyn Observer) -> Result<(), TrainError> {
        let total = self.experiment.meta.meta_steps;
        while self.done() < total {
            if self.options.stop.load(Ordering::Relaxed) {
                self.save()?;
                return Err(TrainError::Stopped { meta_step: self.done(), total });
            }
            let metrics = self.meta_step()?;
            self.record(metrics)?;
            observer.meta_step(&metrics);
            if is_due(self.done()) {
                self.tell(observer);
            }
            if self.done().is_multiple_of(self.options.checkpoint_every.max(1)) {
                self.save()?;
            }
        }
        self.save()
    }

    /// Looks at the network with the episodes of the next meta-step.
    fn look(&self, diagnose: impl Fn(&Look<'_>) -> Vec<Diagnosis>) -> Vec<Diagnosis> {
        let Self { experiment, checkpoint, .. } = self;
        let network = checkpoint.state.network(&experiment.constraints);
        let lanes = LaneEpisodes::draw(experiment, self.done(), &checkpoint.state.lanes);
        let metrics = &checkpoint.state.metrics;
        diagnose(&Look { experiment, network: &network, batch: lanes.batch(), metrics })
    }

    /// Tells the observer what it has not been told yet.
    fn tell(&mut self, observer: &mut dyn Observer) {
        let found = self.look(|look| look.diagnoses());
        let telling = self.findings.tell(found);
        telling.iter().for_each(|diagnosis| observer.diagnosis(self.done(), diagnosis));
    }

    fn meta_step(&mut self) -> Result<Metrics, TrainError> {
        let begun = Instant::now();
        let meta = &self.experiment.meta;
        let done = self.done();
        let (meta_step, learning_rate) = (done + 1, meta.schedule.rate(done, meta.meta_steps));
        let network = self.checkpoint.state.network(&self.experiment.constraints);
        let lanes = std::mem::take(&mut self.checkpoint.state.lanes);
        let lanes = LaneEpisodes::draw(self.experiment, done, &lanes);
        let gradient = self.engine.gradient(&self.experiment.model, &network, lanes.batch());
        let gradient = gradient.map_err(|why| TrainError::Engine { meta_step, why })?;
        let (loss, score) = (gradient.loss, gradient.score());
        let gradient_norm = match self.non_finite(&gradient) {
            Some(what) => self.skip(meta_step, what)?,
            None => {
                let norm = self.descend(gradient.values, learning_rate);
                update_after_step(self.experiment, &mut self.checkpoint.state, lanes.batch(), learning_rate);
                norm
            }
        };
        self.checkpoint.state.lanes = lanes.behind(gradient.ends);
        let wall_seconds = begun.elapsed().as_secs_f64();
        Ok(Metrics { meta_step, loss, score, gradient_norm, learning_rate, wall_seconds })
    }

    fn non_finite(&self, gradient: &Gradient) -> Option<NonFinite> {
        if !gradient.loss.is_finite() {
            return Some(NonFinite::Loss);
        }
        let model = &self.experiment.model;
        let broken = |value: &f32| !value.is_finite();
        let slot = model.slots().iter().find(|slot| gradient.values[slot.range.clone()].iter().any(broken))?;
        Some(NonFinite::Gradient(model.name(slot.parameter)))
    }

    /// Skips the descent of a meta-step, unless too many in a row were skipped. Returns NaN as the norm of the
    /// gradient.
    fn skip(&self, meta_step: u32, what: NonFinite) -> Result<f64, TrainError> {
        let metrics = &self.checkpoint.state.metrics;
        let in_a_row = metrics.iter().rev().take_while(|metrics| metrics.is_skipped()).count() as u32 + 1;
        if in_a_row >= self.experiment.meta.give_up_after {
            return Err(TrainError::NonFinite { meta_step, what, in_a_row });
        }
        Ok(f64::NAN)
    }

    /// Takes a step and returns the norm of the gradient. Frozen families are set to zero before clipping, so
    /// that they do not shorten the gradient of the others.
    fn descend(&mut self, network_gradient: Vec<f32>, rate: f64) -> f64 {
        let Experiment { meta, model, constraints, .. } = self.experiment;
        let TrainingState { parameters, statistics, adam, .. } = &mut self.checkpoint.state;
        let mut gradient = constraints.backward(parameters, statistics, network_gradient);
        let frozen = model.slots().iter().filter(|slot| meta.freeze.contains(&slot.family));
        frozen.for_each(|slot| gradient.network[slot.range.clone()].fill(0.0));
        constraints.project(&parameters.network, &mut gradient.network);
        let norm = norm(gradient.values());
        clip(gradient.values_mut(), norm, meta.gradient_clip);
        let before = parameters.network.clone();
        adam.step(&meta.adam, rate, gradient.values(), parameters.values_mut());
        shrink(self.experiment, rate, &mut parameters.network);
        constraints.retract(&before, &mut parameters.network);
        norm
    }

    fn record(&mut self, metrics: Metrics) -> Result<(), TrainError> {
        self.checkpoint.state.metrics.push(metrics);
        let path = self.options.folder.join(METRICS_FILE);
        self.csv.write(&metrics).map_err(unwritable(&path))
    }

    fn save(&self) -> Result<(), TrainError> {
        let path = self.options.folder.join(CHECKPOINT_FILE);
        self.checkpoint.save(&path).map_err(unwritable(&path))
    }
}

/// Decoupled weight decay, unless the weights are frozen.
fn shrink(experiment: &Experiment, rate: f64, parameters: &mut [f32]) {
    let meta = &experiment.meta;
    if meta.weight_decay == 0.0 || meta.freeze.contains(&Family::Weights) {
        return;
    }
    let kept = (1.0 - rate * meta.weight_decay) as f32;
    let weights = experiment.model.slots().iter().filter(|slot| slot.family == Family::Weights);
    weights.for_each(|slot| parameters[slot.range.clone()].iter_mut().for_each(|weight| *weight *= kept));
}

/// Rewrites the metrics so far, because after a crash the file may be ahead of the checkpoint, and opens it for
/// more.
fn begin_csv(path: &Path, checkpoint: &TrainingCheckpoint) -> Result<MetricsWriter<File>, TrainError> {
    let training = checkpoint.identity.fingerprint();
    let written = to_csv(&training, &checkpoint.state.metrics).and_then(|text| atomic::write(path, &text));
    written.map_err(unwritable(path))?;
    let file = OpenOptions::new().append(true).open(path).map_err(unwritable(path))?;
    Ok(MetricsWriter::new(&training, file))
}

fn unwritable(path: &Path) -> impl FnOnce(io::Error) -> TrainError {
    |why| TrainError::Write { path: path.to_owned(), why }
}

#[cfg(test)]
mod tests;
