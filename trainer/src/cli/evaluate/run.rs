//! The command: reads the artifact and a state, evaluates, writes a state, prints.

use std::path::Path;

use anyhow::Result;
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::evaluate::Evaluation;
use metaplastic_host::state_file::StateFile;

use super::arguments::Evaluate;
use super::result::{Evaluated, EvaluationLine};
use super::{float, on_body, print};
use crate::cli::artifact;
use crate::cli::output::say_json;
use crate::cli::replaced::{Input, check_output};

/// Runs `evaluate`.
pub(crate) fn run(arguments: &Evaluate) -> Result<()> {
    let artifact = artifact::read(&arguments.file)?;
    if let Some(experiment) = &arguments.float {
        return float::run(arguments, experiment, &artifact);
    }
    let resumed = arguments.resume_state.as_deref().map(|path| StateFile::read(path, &artifact)).transpose()?;
    arguments.save_state.as_deref().map_or(Ok(()), |path| check(arguments, path))?;
    let result = on_body::evaluate(arguments, &artifact, resumed.as_ref())?;
    // Figures do not depend on a state that cannot be written, nor the state on a reader of the figures.
    let printed = print(arguments, &result);
    save(arguments, &artifact, &result)?;
    // What was not reached is an error even where nobody reads the figures.
    let Evaluation { score, state_hash, .. } = &result.evaluation;
    arguments.expectations.require(score, result.measures, Some(*state_hash))?;
    printed
}

fn print(arguments: &Evaluate, result: &Evaluated) -> Result<()> {
    if arguments.json {
        return say_json(&EvaluationLine::of(arguments, result));
    }
    print::print(arguments, result)
}

/// Checks before the episodes that a state can be written, and replaces nothing that is read. A state may be resumed and
/// replaced at once.
fn check(arguments: &Evaluate, path: &Path) -> Result<()> {
    let inputs = [
        Input { name: "FILE.plastic", path: Some(&arguments.file) },
        Input { name: "--task", path: arguments.task.file() },
        Input { name: "--data", path: arguments.task.data.path() },
        Input { name: "--runs", path: arguments.runs.as_deref() },
    ];
    check_output("--save-state", path, &inputs)
}

/// Writes the plastic weights after the last episode, if there is a file for them.
fn save(arguments: &Evaluate, artifact: &ArtifactFile, result: &Evaluated) -> Result<()> {
    let Some(path) = &arguments.save_state else { return Ok(()) };
    let save = result.resumed_save.unwrap_or(0).wrapping_add(1);
    let plastic_weights = result.evaluation.plastic_weights.clone();
    Ok(StateFile { save, plastic_weights }.write(path, artifact)?)
}
