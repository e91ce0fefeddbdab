//! Where the parameters of the task come from: the artifact, or a file in its place; then options.

use std::path::{Path, PathBuf};

use anyhow::{Context, Error, Result, anyhow};
use clap::Args;
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_shared::artifact::Manifest;
use metaplastic_task::{self as task, Task, TaskError};
use toml::{Table, Value};

use super::task_file;
use super::task_options::TaskOptions;
use crate::cli::options::Data;
use crate::cli::output::note;
use crate::cli::tasks::{tasks, without_its_task};

#[derive(Debug, Args)]
pub(in crate::cli) struct TaskSource {
    #[command(flatten)]
    pub(in crate::cli) data: Data,
    /// Takes the task's parameters from the [task] table of a TOML file instead of from the artifact
    #[arg(id = "task_file", long = "task", value_name = "FILE.toml")]
    file: Option<PathBuf>,
    #[command(flatten)]
    options: TaskOptions,
}

impl TaskSource {
    /// The task, for the network of an artifact, which is in the file `path`.
    pub(in crate::cli) fn task(&self, artifact: &ArtifactFile, path: &Path) -> Result<Box<dyn Task>> {
        let artifact = artifact.artifact();
        let manifest = artifact.manifest();
        let options = self.options.of_task(manifest.task).with_context(|| path.display().to_string())?;
        let mut replaced = options.table();
        replaced.extend(task::data_table(self.data.path()));
        let task = tasks().for_network(&manifest, self.text()?.as_deref(), replaced);
        let task = task.map_err(|fault| self.explained(fault, path, &options))?;
        task.notes().iter().for_each(|text| note(text));
        Ok(task)
    }

    /// A fault with the origins of the parameters that it may be in. A number that an option gave is called by it.
    fn explained(&self, fault: TaskError, path: &Path, options: &TaskOptions) -> Error {
        let given = options.names(&fault);
        let sources = self.files(path, &fault).chain(given).collect::<Vec<_>>().join(", ");
        match fault {
            TaskError::Range(range) => Error::from(options.renamed(range)).context(sources),
            TaskError::NeedsData { .. } => {
                anyhow!("{fault}; or take synthetic ones: --source synthetic").context(sources)
            }
            fault => without_its_task(fault).context(sources),
        }
    }

    /// The file, if one was given.
    pub(in crate::cli) fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// The task's parameters in the file, if there is one, before any is replaced by an option.
    pub(super) fn text(&self) -> Result<Option<String>> {
        self.file.as_deref().map(task_file::read).transpose()
    }

    /// The parameters in which a task differs from the one that the network was trained for, in words.
    pub(super) fn differences(manifest: &Manifest<'_>, task: &dyn Task) -> Vec<String> {
        let [trained, now] = [manifest.task_parameters, &task.parameters()].map(|text| text.parse::<Table>());
        let (Ok(trained), Ok(now)) = (trained, now) else { return Vec::new() };
        let differs = |(key, value): (String, Value)| {
            let before = trained.get(&key).filter(|before| **before != value)?;
            Some(format!("{key} = {value}, in training {before}"))
        };
        now.into_iter().filter_map(differs).collect()
    }

    /// The files that a fault may be in.
    fn files(&self, artifact: &Path, fault: &TaskError) -> impl Iterator<Item = String> {
        let file = self.file.as_deref().map(|file| task_file::position(file, fault.field()));
        let files = std::iter::once(artifact.display().to_string()).chain(file);
        let data = self.data.path().map(|data| format!("--data {}", data.display()));
        files.chain(data)
    }
}
