//! Episodes by their number: the same however many are drawn, whenever and by how many threads.
//!
//! ```
//! use metaplastic_task::CueAssociation;
//! use metaplastic_task::unseen::{Episodes, Unseen, UnseenLives};
//!
//! let task = CueAssociation::default();
//! let alone = Unseen { task: &task, seed: 1, episodes: 6 };
//! let lives = UnseenLives { task: &task, seed: 1, life: 3, lives: 2 };
//! assert_eq!((lives.count(), lives.life()), (6, 3));
//! // Cues are drawn anew in every episode of this task, so that the fifth is the same, in a life or not.
//! assert_eq!(lives.episode(4).into_owned(), alone.episode(4));
//! assert_ne!(alone.episode(4), alone.episode(5));
//! ```

use std::borrow::Cow;
use std::ops::Range;

use metaplastic_files::memory::MemoryEstimate;
use rayon::prelude::*;

use crate::episode::Episode;
use crate::seed::{EpisodeDraw, Purpose};
use crate::task::{Requirements, Task};

/// Episodes that one thread runs at a time, or more where a life has more.
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

    /// An episode where every life has so many of them, the first from index 0 on.
    #[must_use]
    pub fn in_lives_of(episodes: u64, episode: u64) -> Self {
        Self { life: episode - episode % episodes.max(1), episode }
    }
}

/// The episode with an index.
#[must_use]
pub fn episode(task: &dyn Task, seed: u64, purpose: Purpose, index: EpisodeIndex) -> Episode {
    task.episode(purpose, &mut EpisodeDraw::new(seed, purpose, index.life, index.episode))
}

/// The memory of so many episodes of a purpose at one time; `what` says which.
#[must_use]
pub fn memory(task: &dyn Task, purpose: Purpose, what: &str, episodes: u64) -> MemoryEstimate {
    let (Requirements { inputs, analog, .. }, steps) = (task.requirements(), task.steps(purpose));
    let each = steps * (inputs.div_ceil(8) + analog * size_of::<f32>());
    let values = if analog > 0 { format!(" and {analog} analog values") } else { String::new() };
    let inputs = format!("{steps} steps of {inputs} neurons{values} each");
    let field = format!("the inputs of {what} = {episodes}, {inputs}, see [task]");
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

/// Lives in test episodes of a task: the episodes of a life follow one another without a reset.
#[derive(Clone, Copy)]
pub struct UnseenLives<'t> {
    /// The task.
    pub task: &'t dyn Task,
    /// Seed of the test episodes.
    pub seed: u64,
    /// Episodes of a life.
    pub life: u64,
    /// Number of lives.
    pub lives: u64,
}

/// A numbered collection of episodes.
pub trait Episodes: Sync {
    /// Number of episodes.
    fn count(&self) -> u64;

    /// Episode `index`, below [`count`](Self::count).
    fn episode(&self, index: u64) -> Cow<'_, Episode>;

    /// Episodes of a life, at least 1: they follow one another without a reset. Episodes with indices that are multiples
    /// of this begin anew.
    fn life(&self) -> u64 {
        1
    }

    /// Ranges of indices that together cover all episodes, each whole lives for one thread.
    fn chunks(&self) -> Vec<Range<u64>> {
        ranges(self.count(), self.life() * CHUNK.div_ceil(self.life()))
    }
}

/// Consecutive ranges of `each`, of which the last may be shorter.
#[must_use]
pub fn ranges(count: u64, each: u64) -> Vec<Range<u64>> {
    let each = each.max(1);
    let starts = (0..count).step_by(each as usize);
    starts.map(|start| start..count.min(start + each)).collect()
}

impl Episodes for Unseen<'_> {
    fn count(&self) -> u64 {
        self.episodes
    }

    fn episode(&self, index: u64) -> Cow<'_, Episode> {
        Cow::Owned(self.episode(index))
    }
}

impl Episodes for UnseenLives<'_> {
    fn count(&self) -> u64 {
        self.life * self.lives
    }

    fn episode(&self, index: u64) -> Cow<'_, Episode> {
        let index = EpisodeIndex::in_lives_of(self.life, index);
        Cow::Owned(episode(self.task, self.seed, Purpose::Test, index))
    }

    fn life(&self) -> u64 {
        self.life.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cue_association::CueAssociation;

    #[test]
    fn a_chunk_is_whole_lives() {
        let task = CueAssociation::default();
        let chunks = |life, lives| UnseenLives { task: &task, seed: 1, life, lives }.chunks();
        assert_eq!(chunks(20, 3), [0..20, 20..40, 40..60]);
        assert_eq!(chunks(7, 4), [0..21, 21..28]);
        assert_eq!(chunks(1, 17), Unseen { task: &task, seed: 1, episodes: 17 }.chunks());
    }

    #[test]
    fn an_episode_of_a_life_is_that_of_its_index_and_its_life_has_the_index_of_the_first() {
        let task = CueAssociation::default();
        let lives = UnseenLives { task: &task, seed: 3, life: 5, lives: 2 };
        let alone = Unseen { task: &task, seed: 3, episodes: 10 };
        assert!((0..10).all(|index| *Episodes::episode(&lives, index) == alone.episode(index)));
        let index = EpisodeIndex::in_lives_of(5, 8);
        assert_eq!(index, EpisodeIndex { life: 5, episode: 8 });
    }
}
