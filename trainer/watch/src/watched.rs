//! What is watched: a network, what runs it, and what its episodes are drawn from.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::BodyName;
use metaplastic_task::Task;

use crate::replay::Replay;

/// A network that is watched.
#[derive(Clone, Copy)]
pub struct WatchedNetwork<'a> {
    /// What the page calls its file.
    pub file: &'a str,
    /// What runs it.
    pub body: &'a BodyName,
    /// Its artifact.
    pub artifact: &'a ArtifactFile,
    /// What its episodes are drawn from.
    pub task: &'a dyn Task,
    /// The seed of the first life's unseen episodes.
    pub seed: u64,
    /// What was done in the same life before, and is done again.
    pub replay: &'a Replay,
}
