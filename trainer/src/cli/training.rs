//! A training from the command line, for `train` and `demo`: interruptible descent, then export, evaluation and
//! report.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::atomic::Ordering;

use anyhow::Result;
use metaplastic_learn::experiment::Experiment;
use metaplastic_learn::lifetime::Engine;
use metaplastic_learn::meta::{TrainOptions, Trained, evaluation_memory, memory, train};
use metaplastic_task::unseen::Unseen;

use super::interrupt::stop_flag;
use super::output::{percent, say};
use super::report;
use super::training_folder::TrainingFolder;
use crate::progress::Progress;
use crate::training_summary::{RANGE_EPISODES, TrainedArtifact, trained_artifact};

/// Meta-steps between checkpoints.
const CHECKPOINT_EVERY: u32 = 50;

/// Where a training writes to, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Descent<'d> {
    /// Folder of its files.
    pub(super) folder: &'d TrainingFolder,
    /// Whether it continues from the folder's checkpoint.
    pub(super) resume: bool,
    /// Whether there is no progress bar.
    pub(super) quiet: bool,
    /// Bytes that it may take.
    pub(super) memory_limit: u64,
}

impl Descent<'_> {
    /// Trains until done or interrupted; an interrupt saves a checkpoint first. A second one, and any after
    /// training, ends the program at once.
    pub(super) fn run(self, experiment: &Experiment, engine: &dyn Engine) -> Result<Trained> {
        let stop = stop_flag()?;
        let Self { folder, resume, quiet, memory_limit } = self;
        let options = TrainOptions {
            folder: folder.path(),
            resume,
            checkpoint_every: CHECKPOINT_EVERY,
            memory_limit,
            stop: &stop,
        };
        let trained = train(experiment, engine, options, &mut Progress::new(quiet))?;
        stop.store(true, Ordering::Relaxed);
        Ok(trained)
    }
}

/// Refuses a training that would take more than `limit` bytes, or the evaluation after it; the bytes of the larger.
pub(super) fn check_memory(experiment: &Experiment, engine: &dyn Engine, limit: u64) -> Result<u64> {
    let (training, evaluation) = (memory(experiment, engine), evaluation_memory(experiment, RANGE_EPISODES));
    training.check("training", limit)?;
    evaluation.check("the evaluation after training", limit)?;
    Ok(training.bytes().max(evaluation.bytes()))
}

/// Exports, evaluates and reports a finished training.
pub(super) fn finish(
    experiment: &Experiment,
    trained: &Trained,
    folder: &Path,
    episodes: u64,
) -> Result<TrainedArtifact> {
    let unseen = Unseen { task: &*experiment.task, seed: experiment.meta.seed, episodes };
    let mut trained_artifact = trained_artifact(experiment, trained, &unseen, command_line())?;
    trained_artifact.summary.diagnoses.clone_from(&trained.diagnoses);
    trained_artifact.write(folder)?;
    // The evaluation after training was estimated before it.
    report::write(folder, experiment.data.as_deref(), u64::MAX)?;
    Ok(trained_artifact)
}

/// Prints the number formats and accuracies of a trained network.
pub(super) fn print_training_summary(trained_artifact: &TrainedArtifact) -> Result<()> {
    let summary = &trained_artifact.summary;
    say!("\n{:<28} {:>10}  {:<12} {:>10}", "quantity", "range", "format", "LSB");
    for line in &summary.formats {
        say!("{:<28} {:>10.4}  {:<12} {:>10.2e}", line.quantity, line.range, line.format, line.lsb);
    }
    let (float, chip) = (&summary.float, &summary.chip.learning);
    say!("\nfloat {}, chip arithmetic {}", percent(float.accuracy()), percent(chip.accuracy()));
    say!("untrained {}", percent(summary.untrained.accuracy()));
    say!("({} decisions in {} unseen episodes)", chip.decisions, chip.episodes);
    for diagnosis in &summary.diagnoses {
        say!("warning: {diagnosis}; {}", diagnosis.remedy());
    }
    Ok(())
}

fn command_line() -> String {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    format!("metaplastic {}", arguments.join(OsStr::new(" ")).to_string_lossy())
}
