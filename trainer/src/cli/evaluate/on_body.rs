//! Evaluation on a body: in unseen episodes of the task, in lives of them, or in the runs of its benchmark.

use std::path::Path;

use anyhow::Result;
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::evaluate::{Evaluation, EvaluationStart, Evaluator, StartWeights};
use metaplastic_host::state_file::StateFile;
use metaplastic_task::Control;
use metaplastic_task::unseen::{Episodes, Unseen, UnseenLives};

use super::arguments::Evaluate;
use super::control_lines::{self, ControlLine};
use super::result::{Evaluated, RunLine};
use super::task_source::TaskSource;
use crate::cli::tasks::tasks;
use crate::episode_progress::EpisodeProgress;
use crate::lives::Lives;

/// Evaluates, every episode or life from the plastic weights of a state if one is given.
pub(super) fn evaluate(
    arguments: &Evaluate,
    artifact: &ArtifactFile,
    resumed: Option<&StateFile>,
) -> Result<Evaluated> {
    let start = EvaluationStart { freeze: arguments.freeze(), plastic_weights: start_weights(arguments, resumed) };
    let saves_on_body = arguments.save_on_board;
    let evaluator = Evaluator { saves_on_body, ..Evaluator::new(&arguments.on, artifact, start) };
    let result = match &arguments.runs {
        Some(path) => evaluate_runs(arguments, &evaluator, path)?,
        None => evaluate_episodes(arguments, &evaluator)?,
    };
    let resumed_save = resumed.map(|state| state.save).or(result.evaluation.loaded_save);
    Ok(Evaluated { resumed_save, ..result })
}

fn start_weights<'s>(arguments: &Evaluate, resumed: Option<&'s StateFile>) -> StartWeights<'s> {
    match resumed {
        Some(state) => StartWeights::Given(&state.plastic_weights),
        None if arguments.resume_from_board => StartWeights::Saved,
        None => StartWeights::Zero,
    }
}

fn evaluate_episodes(arguments: &Evaluate, evaluator: &Evaluator<'_>) -> Result<Evaluated> {
    let task = arguments.task.task(evaluator.artifact, &arguments.file)?;
    arguments.expectations.check(task.measures())?;
    evaluator.memory(&*task).check("evaluation", arguments.memory.limit())?;
    let (seed, lives) = (arguments.seed, arguments.lives()?);
    let compared = Compared::new(arguments, task.name(), task.controls())?;
    let (evaluation, controls) = match lives {
        Some(Lives { life, lives }) => compared.run(evaluator, &UnseenLives { task: &*task, seed, life, lives })?,
        None => compared.run(evaluator, &Unseen { task: &*task, seed, episodes: arguments.episodes })?,
    };
    let manifest = evaluator.artifact.artifact().manifest();
    let (differences, trained_on) =
        (TaskSource::differences(&manifest, &*task), task.trained_on(manifest.task_parameters));
    Ok(Evaluated {
        task: task.name(),
        measures: task.measures(),
        chance: task.chance(),
        step_seconds: task.step_seconds(),
        differences,
        evaluation,
        lives,
        resumed_save: None,
        trained_on,
        runs: None,
        controls,
    })
}

/// The controls that the network is compared with; none without `--controls`.
struct Compared(Vec<Box<dyn Control>>);

impl Compared {
    /// Refuses a task without controls, if it is to be compared with them.
    fn new(arguments: &Evaluate, task: &'static str, controls: Vec<Box<dyn Control>>) -> Result<Self> {
        if !arguments.controls {
            return Ok(Self(Vec::new()));
        }
        control_lines::check(task, &controls)?;
        Ok(Self(controls))
    }

    /// Evaluates the network, then the controls.
    fn run(&self, evaluator: &Evaluator<'_>, episodes: &dyn Episodes) -> Result<(Evaluation, Vec<ControlLine>)> {
        let evaluation = evaluator.evaluate(&EpisodeProgress::new(episodes, 1, false))?;
        let lines = if self.0.is_empty() { Vec::new() } else { control_lines::lines(&self.0, episodes) };
        Ok((evaluation, lines))
    }
}

fn evaluate_runs(arguments: &Evaluate, evaluator: &Evaluator<'_>, path: &Path) -> Result<Evaluated> {
    let decoded = evaluator.artifact.artifact();
    let manifest = decoded.manifest();
    let (text, limit) = (arguments.task.text()?, arguments.memory.limit());
    let mut benchmark = tasks().benchmark_runs(&manifest, text.as_deref(), path, limit)?;
    arguments.expectations.check(benchmark.measures)?;
    let compared = Compared::new(arguments, benchmark.task, std::mem::take(&mut benchmark.controls))?;
    evaluator.network_memory().check("evaluation", limit)?;
    let (evaluation, controls) = compared.run(evaluator, &benchmark)?;
    let names = || benchmark.runs.iter().map(|run| run.name.clone());
    let runs = if benchmark.measures.is_empty() {
        names().zip(&evaluation.by_episode).map(|(name, count)| RunLine::counted(name, *count)).collect()
    } else {
        let measured = names().zip(&evaluation.score.measured);
        measured.map(|(name, values)| RunLine::measured(name, benchmark.measures, values)).collect()
    };
    let runs = Some(runs);
    let (task, chance) = (benchmark.task, benchmark.chance());
    let (differences, trained_on) = (Vec::new(), Vec::new());
    Ok(Evaluated {
        task,
        measures: benchmark.measures,
        chance,
        step_seconds: None,
        differences,
        evaluation,
        lives: None,
        resumed_save: None,
        trained_on,
        runs,
        controls,
    })
}
