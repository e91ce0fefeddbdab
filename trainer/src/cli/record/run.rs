//! The command: plans, records, writes.

use std::ops::Range;

use anyhow::{Context, Result};
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_files::atomic;
use metaplastic_files::npz::{self, NumpyArray};
use metaplastic_files::text::Escaped;
use metaplastic_host::recording::{PlayedInputs, RecordingPlan, StateRecording, record};
use metaplastic_task::Task;
use metaplastic_task::seed::Purpose;
use metaplastic_task::unseen::{self, Episodes, Unseen, UnseenLives};

use super::arguments::Record;
use super::meta::{RecordingMeta, RunTask};
use crate::cli::artifact;
use crate::cli::output::say;
use crate::cli::replaced::{Input, check_output};

/// Runs `record`.
pub(crate) fn run(arguments: &Record) -> Result<()> {
    let artifact = artifact::read(&arguments.file)?;
    check(arguments)?;
    let plan = RecordingPlan::new(&artifact, arguments.steps(), &arguments.only);
    let plan = plan.with_context(|| arguments.file.display().to_string())?.with_freeze(arguments.freeze());
    match &arguments.inputs {
        Some(_) => record_inputs(arguments, &artifact, &plan),
        None => record_episodes(arguments, &artifact, &plan),
    }
}

/// Checks before the episodes that the file can be written, and replaces nothing that is read.
fn check(arguments: &Record) -> Result<()> {
    let inputs = [
        Input { name: "FILE.plastic", path: Some(&arguments.file) },
        Input { name: "--inputs", path: arguments.inputs.as_deref() },
        Input { name: "--task", path: arguments.task.file() },
        Input { name: "--data", path: arguments.task.data.path() },
    ];
    check_output("--out", &arguments.out, &inputs)
}

fn record_inputs(arguments: &Record, artifact: &ArtifactFile, plan: &RecordingPlan) -> Result<()> {
    let Some(path) = &arguments.inputs else { return Ok(()) };
    let limit = arguments.memory.limit();
    let inputs = PlayedInputs::read(path, &artifact.artifact().manifest().network, limit).context("--inputs")?;
    let steps = inputs.steps() as u64;
    plan.check_steps(steps)?;
    plan.memory(steps).check("recording", limit)?;
    let recording = record(&arguments.on, artifact, plan, &inputs, 0..1)?;
    write(arguments, artifact, RunTask { parameters: None, measures: &[] }, recording)
}

fn record_episodes(arguments: &Record, artifact: &ArtifactFile, plan: &RecordingPlan) -> Result<()> {
    let task = arguments.task.task(artifact, &arguments.file)?;
    let (seed, episode) = (arguments.seed, arguments.episode);
    match arguments.life {
        Some(life) => {
            let lives = UnseenLives { task: &*task, seed, life, lives: 1 };
            record_task(arguments, artifact, plan, &*task, (&lives, 0..life))
        }
        None => {
            let unseen = Unseen { task: &*task, seed, episodes: episode };
            record_task(arguments, artifact, plan, &*task, (&unseen, episode - 1..episode))
        }
    }
}

/// Records some episodes of a task, given with their indices.
fn record_task(
    arguments: &Record,
    artifact: &ArtifactFile,
    plan: &RecordingPlan,
    task: &dyn Task,
    episodes: (&dyn Episodes, Range<u64>),
) -> Result<()> {
    let (episodes, range) = episodes;
    let steps = (task.steps(Purpose::Test) as u64).saturating_mul(range.end - range.start);
    plan.check_steps(steps)?;
    let memory = unseen::memory(task, Purpose::Test, "episodes at one time", 1).and(plan.memory(steps));
    memory.check("recording", arguments.memory.limit())?;
    let recording = record(&arguments.on, artifact, plan, episodes, range)?;
    let ran = RunTask { parameters: Some(task.parameters()), measures: task.measures() };
    write(arguments, artifact, ran, recording)
}

fn write(arguments: &Record, artifact: &ArtifactFile, task: RunTask<'_>, recording: StateRecording) -> Result<()> {
    let meta = serde_json::to_string(&RecordingMeta::of(arguments, artifact, task, &recording))?;
    let StateRecording { mut arrays, steps, state_hash } = recording;
    arrays.insert("meta".into(), NumpyArray::text(meta));
    let path = &arguments.out;
    let written = npz::to_bytes(&arrays).and_then(|bytes| atomic::write(path, &bytes));
    written.with_context(|| format!("{}: cannot be written", path.display()))?;
    let kept = arguments.steps().count(steps);
    say!("{} on {}", artifact.artifact().manifest().task, arguments.on);
    say!("recorded    {kept} of {steps} steps, {} arrays, in {}", arrays.len(), Escaped(path.display()));
    say!("state hash  {state_hash:016x}");
    Ok(())
}
