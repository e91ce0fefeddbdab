//! `evaluate --float`: the network in float32, with the meta-parameters that its training left.

use std::path::Path;

use anyhow::{Context, Result};
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_learn::evaluate::evaluate;
use metaplastic_learn::meta::{CHECKPOINT_FILE, TrainingCheckpoint, evaluation_memory};
use metaplastic_task::seed::Purpose;
use metaplastic_task::unseen::{self, Unseen};

use super::arguments::Evaluate;
use super::print::{episodes, print_score, print_trained_on};
use crate::cli::output::say;
use crate::cli::tasks::experiment;
use crate::episode_progress::EpisodeProgress;
use crate::training_summary::ARTIFACT_FILE;

/// Evaluates and prints.
pub(super) fn run(arguments: &Evaluate, name: &Path, artifact: &ArtifactFile) -> Result<()> {
    let mut experiment = experiment(name, arguments.task.data.path(), &[])?;
    let threads = rayon::current_num_threads() as u64;
    evaluation_memory(&experiment, threads).check("evaluation in float", arguments.memory.limit())?;
    let training = artifact.artifact().manifest().training.context("--float needs an artifact that was trained")?;
    (experiment.meta.seed, experiment.meta.meta_steps) = (training.seed, training.meta_steps);
    let checkpoint = arguments.file.with_file_name(CHECKPOINT_FILE);
    let parameters =
        TrainingCheckpoint::trained(&checkpoint, &experiment).with_context(|| remedy(arguments, name))?;
    let task = arguments.task.task(artifact, &arguments.file)?;
    arguments.expectations.check(task.measures())?;
    unseen::memory(&*task, Purpose::Test, "episodes at one time", threads)
        .check("evaluation in float", arguments.memory.limit())?;
    let unseen = Unseen { task: &*task, seed: arguments.seed, episodes: arguments.episodes };
    let progress = EpisodeProgress::new(&unseen, 1, false);
    let score = evaluate(&experiment.model, &parameters, &progress, arguments.freeze());
    drop(progress);
    say!("{} in float32, seed {}", task.name(), arguments.seed);
    let trained_on = task.trained_on(artifact.artifact().manifest().task_parameters);
    print_score(&score, task.measures(), task.chance(), episodes(&trained_on))?;
    let printed = print_trained_on(&trained_on);
    arguments.expectations.require(&score, task.measures(), None)?;
    printed
}

fn remedy(arguments: &Evaluate, experiment: &Path) -> String {
    format!(
        "--float needs the checkpoint of the training beside {}; train with `metaplastic train {} --out \
         DIR`, then evaluate DIR/{ARTIFACT_FILE}",
        arguments.file.display(),
        experiment.display()
    )
}
