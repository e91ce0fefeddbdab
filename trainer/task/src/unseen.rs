//! Test episodes by their number: the same however many are asked for, and never those of training.

use std::borrow::Cow;
use std::ops::Range;

use crate::Task;
use crate::episode::Episode;
use crate::one_shot::Runs;
use crate::seed::{Purpose, rng};

/// Episodes that one thread runs at a time.
const CHUNK: u64 = 16;

/// Which episodes to evaluate on.
#[derive(Clone, Copy)]
pub struct Unseen<'t> {
    /// What is to be learned.
    pub task: &'t dyn Task,
    /// Seed of the test episodes.
    pub seed: u64,
    /// How many.
    pub episodes: u64,
}

impl Unseen<'_> {
    /// Test episode `index` of the seed; the same however many are asked for.
    #[must_use]
    pub fn episode(&self, index: u64) -> Episode {
        self.task.episode(Purpose::Test, &mut rng(self.seed, Purpose::Test, index))
    }
}

/// Episodes by their number, the same whenever they are asked for.
pub trait Episodes: Sync {
    /// How many there are.
    fn count(&self) -> u64;

    /// Episode `index`, below [`count`](Self::count).
    fn episode(&self, index: u64) -> Cow<'_, Episode>;

    /// Ranges of indices that together are all, each for one thread.
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

impl Episodes for Runs {
    fn count(&self) -> u64 {
        self.episodes().len() as u64
    }

    fn episode(&self, index: u64) -> Cow<'_, Episode> {
        Cow::Borrowed(&self.episodes()[index as usize])
    }
}
