//! Evaluation on a body: in unseen episodes of the task, or in the runs of its benchmark.

use std::path::Path;

use anyhow::Result;
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::evaluate::{EvaluationStart, Evaluator};
use metaplastic_host::state_file::StateFile;
use metaplastic_task as task;
use metaplastic_task::unseen::Unseen;

use super::arguments::Evaluate;
use super::result::{Evaluated, RunLine};
use super::task_source::TaskSource;

/// Evaluates, every episode from the plastic weights of a state if one is given.
pub(super) fn evaluate(
    arguments: &Evaluate,
    artifact: &ArtifactFile,
    resumed: Option<&StateFile>,
) -> Result<Evaluated> {
    let plastic_weights = resumed.map(|state| &state.plastic_weights);
    let start = EvaluationStart { freeze: arguments.freeze(), plastic_weights };
    let evaluator = Evaluator::new(&arguments.on, artifact, start);
    let result = match &arguments.runs {
        Some(path) => evaluate_runs(arguments, &evaluator, path)?,
        None => evaluate_episodes(arguments, &evaluator)?,
    };
    Ok(Evaluated { resumed_save: resumed.map(|state| state.save), ..result })
}

fn evaluate_episodes(arguments: &Evaluate, evaluator: &Evaluator<'_>) -> Result<Evaluated> {
    let task = arguments.task.task(evaluator.artifact, &arguments.file)?;
    let unseen = Unseen { task: &*task, seed: arguments.seed, episodes: arguments.episodes };
    evaluator.memory(&*task).check("evaluation", arguments.memory.limit())?;
    let evaluation = evaluator.evaluate(&unseen)?;
    let differences = TaskSource::differences(&evaluator.artifact.artifact().manifest(), &*task);
    let (task, chance) = (task.name(), task.chance());
    Ok(Evaluated { task, chance, differences, evaluation, resumed_save: None, runs: None })
}

fn evaluate_runs(arguments: &Evaluate, evaluator: &Evaluator<'_>, path: &Path) -> Result<Evaluated> {
    let decoded = evaluator.artifact.artifact();
    let manifest = decoded.manifest();
    let (text, limit) = (arguments.task.text()?, arguments.memory.limit());
    let benchmark = task::benchmark_runs(&manifest, text.as_deref(), path, limit)?;
    evaluator.network_memory().check("evaluation", limit)?;
    let evaluation = evaluator.evaluate(&benchmark)?;
    let lines = benchmark.runs.iter().zip(&evaluation.correct_by_episode).map(|(run, correct)| RunLine {
        name: run.name.clone(),
        correct: *correct,
        decisions: run.episode.decisions.len(),
    });
    let runs = Some(lines.collect());
    Ok(Evaluated {
        task: benchmark.task,
        chance: benchmark.chance(),
        differences: Vec::new(),
        evaluation,
        resumed_save: None,
        runs,
    })
}
