//! A training from the command line, for `train` and `demo`: interruptible descent, then export, evaluation and
//! report.

use std::ffi::OsStr;
use std::path::Path;

use anyhow::{Result, ensure};
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_files::text::Escaped;
use metaplastic_learn::experiment::Experiment;
use metaplastic_learn::lifetime::Engine;
use metaplastic_learn::meta::{CHECKPOINT_FILE, TrainOptions, Trained, evaluation_memory, memory, train};
use metaplastic_learn::validation::LateScore;
use metaplastic_shared::artifact::Reached;
use metaplastic_task::measure::Measure;
use metaplastic_task::score::Score;
use metaplastic_task::unseen::Unseen;

use super::interrupt::StopSignals;
use super::output::{say, scored};
use super::report;
use super::tasks::tasks;
use super::training_folder::TrainingFolder;
use crate::episode_progress::EpisodeProgress;
use crate::progress::Progress;
use crate::report_data::ReportRequest;
use crate::training_summary::{ARTIFACT_FILE, EVALUATIONS, TrainedArtifact, trained_artifact};

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
}

impl Descent<'_> {
    /// Trains until done or interrupted; an interrupt saves a checkpoint first. A second one, and any after
    /// training, ends the program at once.
    pub(super) fn run(self, experiment: &Experiment, engine: &dyn Engine) -> Result<Trained> {
        let signals = StopSignals::take()?;
        let trained = self.descend(experiment, engine, &signals)?;
        signals.end_with(kept(self.folder.path()));
        Ok(trained)
    }

    /// The same with signals that are taken over already, and are not given back.
    pub(super) fn descend(
        self,
        experiment: &Experiment,
        engine: &dyn Engine,
        signals: &StopSignals,
    ) -> Result<Trained> {
        let Self { folder, resume, quiet } = self;
        let stop = signals.stop();
        let options = TrainOptions { folder: folder.path(), resume, checkpoint_every: CHECKPOINT_EVERY, stop };
        let trained = train(experiment, engine, options, &mut Progress::new(quiet, experiment.task.measures()))?;
        // Asked to stop in the last meta-step.
        ensure!(!signals.is_stopped(), kept(folder.path()));
        Ok(trained)
    }
}

/// What there is of a training that is interrupted behind its last meta-step.
fn kept(folder: &Path) -> String {
    let checkpoint = folder.join(CHECKPOINT_FILE);
    format!(
        "interrupted: all meta-steps are done and in {}; `train --resume`, with the same experiment and options, \
         evaluates them and writes {ARTIFACT_FILE}",
        Escaped(checkpoint.display())
    )
}

/// Refuses a training that would take more than `limit` bytes, or the evaluation after it; the bytes of the larger.
pub(super) fn check_memory(experiment: &Experiment, engine: &dyn Engine, limit: u64) -> Result<u64> {
    let (training, evaluation) =
        (memory(experiment, engine), evaluation_memory(experiment, rayon::current_num_threads() as u64));
    training.check("training", limit)?;
    evaluation.check("the evaluation after training", limit)?;
    Ok(training.bytes().max(evaluation.bytes()))
}

/// Exports, evaluates and reports a finished training.
pub(super) fn finish(
    experiment: &Experiment,
    trained: &Trained,
    descent: &Descent<'_>,
    episodes: u64,
) -> Result<TrainedArtifact> {
    let (folder, quiet) = (descent.folder.path(), descent.quiet);
    let unseen = Unseen { task: &*experiment.task, seed: experiment.meta.seed, episodes };
    refuse_other_figures(&unseen, &folder.join(ARTIFACT_FILE))?;
    let progress = EpisodeProgress::new(&unseen, EVALUATIONS, quiet);
    let trained_artifact = trained_artifact(experiment, trained, &progress, command_line())?;
    drop(progress);
    trained_artifact.write(folder)?;
    // The evaluation after training was estimated before it.
    let (data, memory_limit) = (experiment.data.as_deref(), u64::MAX);
    report::write(&ReportRequest {
        tasks: tasks(),
        folder,
        data,
        beside: None,
        lives: None,
        life_figure: false,
        memory_limit,
        quiet,
    })?;
    Ok(trained_artifact)
}

/// Refuses to give the artifact of a finished training the figures of other episodes.
fn refuse_other_figures(unseen: &Unseen<'_>, path: &Path) -> Result<()> {
    let Ok(file) = ArtifactFile::read(path) else { return Ok(()) };
    let training = file.artifact().manifest().training;
    let (decisions, episodes) = (unseen.task.decisions() as u64, unseen.episodes);
    let others = training.map(|training| match training.reached {
        Reached::Accuracy { decisions: all, .. } => u64::from(all) / decisions.max(1),
        Reached::Measured { episodes, .. } => episodes.into(),
    });
    ensure!(
        others.is_none_or(|others| others == episodes),
        "{path}: this training is finished, with figures of {} episodes; `metaplastic evaluate {path} --episodes \
         {episodes}` runs it in others. With other figures it would be another artifact, which no saved state and no \
         flashed board fits",
        others.unwrap_or(0),
        path = path.display(),
    );
    Ok(())
}

/// Prints the number formats and accuracies of a trained network.
pub(super) fn print_training_summary(trained_artifact: &TrainedArtifact, measures: &[Measure]) -> Result<()> {
    let summary = &trained_artifact.summary;
    say!("\n{:<28} {:>10}  {:<12} {:>10}", "quantity", "range", "format", "LSB");
    for line in &summary.formats {
        say!("{:<28} {:>10.4}  {:<12} {:>10.2e}", line.quantity, line.range, line.format, line.lsb);
    }
    let (float, chip) = (&summary.float, &summary.chip.learning);
    let scored = |score: &Score| scored(score, measures);
    say!("\nfloat {}, chip arithmetic {}", scored(float), scored(chip));
    if let Some(LateScore { first, last, score }) = &summary.float_late {
        say!("float {} in validation, episodes {first} to {last} without a reset", scored(score));
    }
    say!("untrained {}", scored(&summary.untrained));
    match measures {
        [] => say!("({} decisions in {} unseen episodes)", chip.decisions, chip.episodes),
        _ => say!("({} unseen episodes)", chip.episodes),
    }
    for diagnosis in &summary.diagnoses {
        say!("warning: {}", diagnosis.with_remedy());
    }
    Ok(())
}

/// The command of this process.
pub(super) fn command_line() -> String {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    format!("metaplastic {}", arguments.join(OsStr::new(" ")).to_string_lossy())
}
