//! The tasks that the program was given.
//!
//! clap's derived parsers take no arguments: what they print of tasks is read from here, and from here alone.

use std::path::Path;
use std::sync::OnceLock;

use anyhow::{Error, anyhow};
use metaplastic_learn::experiment::{Experiment, ExperimentError, ExperimentReader, Override};
use metaplastic_task::{TaskError, Tasks};

static GIVEN: OnceLock<Tasks> = OnceLock::new();

/// Keeps the tasks for the rest of the program; the first ones stay.
pub(crate) fn give(tasks: Tasks) {
    let _ = GIVEN.set(tasks);
}

/// The tasks that were given; the built-in ones if none were.
pub(super) fn tasks() -> &'static Tasks {
    GIVEN.get_or_init(Tasks::built_in)
}

/// The experiment of a name or a path, with the task's data from `data` if they are given, and some values set.
pub(super) fn experiment(
    name_or_path: &Path,
    data: Option<&Path>,
    overrides: &[Override],
) -> Result<Experiment, ExperimentError> {
    ExperimentReader { tasks: tasks(), data, overrides }.load(name_or_path)
}

/// A fault, with the commands that run a network whose task the program was not given.
pub(super) fn without_its_task(fault: TaskError) -> Error {
    match fault {
        TaskError::Foreign { .. } => anyhow!("{fault}; record --inputs and bench --inputs run it without its task"),
        fault => Error::from(fault),
    }
}
