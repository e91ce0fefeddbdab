//! Episodes by their number: the same however many are drawn, whenever and by how many threads.

use std::borrow::Cow;
use std::ops::Range;

use metaplastic_files::memory::MemoryEstimate;
use metaplastic_shared::arithmetic::Signal;
use rayon::prelude::*;

use crate::episode::Episode;
use crate::seed::{Purpose, rng};
use crate::task::{Requirements, Task};

/// Episodes that one thread runs at a time.
const CHUNK: u64 = 16;

/// Episodes of a range of indices, drawn in parallel.
#[must_use]
pub fn episodes(task: &dyn Task, seed: u64, purpose: Purpose, indices: Range<u64>) -> Vec<Episode> {
    indices.into_par_iter().map(|index| episode(task, seed, purpose, EpisodeIndex::alone(index))).collect()
}

/// Where an episode stands among those of a seed and purpose. Episodes of one life follow one another without a reset, and
/// what a task keeps for a whole life is drawn from the life's stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EpisodeIndex {
    /// The index of the life's first episode.
    pub life: u64,
    /// The index of the episode itself.
    pub episode: u64,
}

impl EpisodeIndex {
    /// An episode that is a life of its own.
    #[must_use]
    pub fn alone(episode: u64) -> Self {
        Self { life: episode, episode }
    }
}

/// The episode with an index.
#[must_use]
pub fn episode(task: &dyn Task, seed: u64, purpose: Purpose, index: EpisodeIndex) -> Episode {
    task.episode(purpose, &mut rng(seed, purpose, index.episode))
}

/// The memory of so many episodes of a purpose at one time; `what` says which.
#[must_use]
pub fn memory(task: &dyn Task, purpose: Purpose, what: &str, episodes: u64) -> MemoryEstimate {
    let (Requirements { inputs, signals, .. }, steps) = (task.requirements(), task.steps(purpose));
    let each = steps * (inputs.div_ceil(8) + signals * size_of::<Signal>());
    let field = format!("the inputs of {what} = {episodes}, {steps} steps of {inputs} neurons each, see [task]");
    MemoryEstimate::default().with(field, (each as u64).saturating_mul(episodes))
}

/// Test episodes of a task; training never sees them, whatever its seed.
#[derive(Clone, Copy)]
pub struct Unseen<'t> {
    /// The task.
    pub task: &'t dyn Task,
    /// Seed of the test episodes.
    pub seed: u64,
    /// Number of episodes.
    pub episodes: u64,
}

impl Unseen<'_> {
    /// Test episode `index` of the seed.
    #[must_use]
    pub fn episode(&self, index: u64) -> Episode {
        episode(self.task, self.seed, Purpose::Test, EpisodeIndex::alone(index))
    }
}

/// A numbered collection of episodes.
pub trait Episodes: Sync {
    /// Number of episodes.
    fn count(&self) -> u64;

    /// Episode `index`, below [`count`](Self::count).
    fn episode(&self, index: u64) -> Cow<'_, Episode>;

    /// Ranges of indices that together cover all episodes, each for one thread.
    fn chunks(&self) -> Vec<Range<u64>> {
        let starts = (0..self.count()).step_by(CHUNK as usize);
        starts.map(|start| start..self.count().min(start + CHUNK)).collect()
    }
}

impl Episodes for Unseen<'_> {
    fn count(&self) -> u64 {
        self.episodes
    }

    fn episode(&self, index: u64) -> Cow<'_, Episode> {
        Cow::Owned(self.episode(index))
    }
}
