//! What is watched: a network, what runs it, and what its episodes are drawn from.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::BodyName;
use metaplastic_task::Task;
use metaplastic_task::unseen::EpisodeIndex;

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

impl WatchedNetwork<'_> {
    /// Whether the network was trained to go on: its plastic weights leak, so that what it learns later has room. They stay from
    /// episode to episode then, unless the visitor wants it otherwise.
    pub(crate) fn forgets(self) -> bool {
        let network = self.artifact.artifact().manifest().network;
        let mut rules = network.projections.iter().filter_map(|projection| projection.plasticity.as_ref());
        rules.any(|plasticity| plasticity.leak.is_some())
    }

    /// Whether its body takes an artifact with a lesion: a real board has the weights in flash.
    pub(crate) fn can_lesion(self) -> bool {
        !matches!(self.body, BodyName::Serial { .. })
    }
}

/// The index of an episode of the first life, or of one that is a life of its own.
pub(crate) fn episode_index(keeps_weights: bool, episode: u64) -> EpisodeIndex {
    if keeps_weights { EpisodeIndex { life: 0, episode } } else { EpisodeIndex::alone(episode) }
}
