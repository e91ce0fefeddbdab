//! The trained networks of `tests/artifacts`, and the tasks that they were trained for.

use std::path::Path;

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_task::{Task, Tasks};
use toml::Table;

/// The trained network of a name.
///
/// # Panics
/// If there is none.
#[must_use]
pub fn artifact(name: &str) -> ArtifactFile {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/artifacts"));
    ArtifactFile::read(&folder.join(format!("{name}.plastic"))).expect("an artifact of the tree")
}

/// The task that a network was trained for, with some parameters replaced.
///
/// # Panics
/// If it is not a built-in one that the parameters make and the network fits.
#[must_use]
pub fn task_of(file: &ArtifactFile, replaced: Table) -> Box<dyn Task> {
    Tasks::built_in().for_network(&file.artifact().manifest(), None, replaced).expect("a built-in task")
}
