//! The command: reads the artifact and a state, evaluates, writes a state, prints.

use anyhow::Result;
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::state_file::StateFile;

use super::arguments::Evaluate;
use super::result::{Evaluated, EvaluationLine};
use super::{float, on_body, print};
use crate::cli::output::say_json;

/// Runs `evaluate`.
pub(crate) fn run(arguments: &Evaluate) -> Result<()> {
    let artifact = ArtifactFile::read(&arguments.file)?;
    if let Some(experiment) = &arguments.float {
        return float::run(arguments, experiment, &artifact);
    }
    let resumed = arguments.resume_state.as_deref().map(|path| StateFile::read(path, &artifact)).transpose()?;
    let result = on_body::evaluate(arguments, &artifact, resumed.as_ref())?;
    save(arguments, &artifact, &result)?;
    if arguments.json {
        return Ok(say_json(&EvaluationLine::of(arguments, &result))?);
    }
    print::print(arguments, &result)
}

/// Writes the plastic weights after the last episode, if there is a file for them.
fn save(arguments: &Evaluate, artifact: &ArtifactFile, result: &Evaluated) -> Result<()> {
    let Some(path) = &arguments.save_state else { return Ok(()) };
    let save = result.resumed_save.unwrap_or(0).wrapping_add(1);
    let plastic_weights = result.evaluation.plastic_weights.clone();
    Ok(StateFile { save, plastic_weights }.write(path, artifact)?)
}
