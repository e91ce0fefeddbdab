//! `metaplastic experiments [NAME]`.

use anyhow::{Context, Result};
use clap::Args;
use metaplastic_learn::experiment::built_in_names;

use super::output::say;
use super::tasks::tasks;

#[derive(Debug, Args)]
pub(crate) struct Experiments {
    /// Prints this experiment's file, to be copied, changed and trained
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

impl Experiments {
    pub(crate) fn run(self) -> Result<()> {
        match self.name {
            Some(name) => print(&name),
            None => list(),
        }
    }
}

fn print(name: &str) -> Result<()> {
    let experiment = tasks().experiments().find(|experiment| experiment.name == name);
    let names = || built_in_names(tasks()).join(", ");
    let experiment =
        experiment.with_context(|| format!("{name:?} is not a built-in experiment; they are: {}", names()))?;
    Ok(say!("{}", experiment.text.trim_end()))
}

fn list() -> Result<()> {
    let width = tasks().experiments().map(|experiment| experiment.name.len()).max().unwrap_or(0);
    for experiment in tasks().experiments() {
        say!("{:<width$}  {}", experiment.name, experiment.title());
    }
    Ok(())
}
