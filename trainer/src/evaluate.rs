//! How well does a network do on unseen episodes? Counted on a body or in float, the same for any thread count.

use std::borrow::Cow;
use std::ops::Range;

use anyhow::{Context, Result};
use metaplastic_runtime::{Network, NetworkStorage};
use metaplastic_shared::freeze::Freeze;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::artifact_file::ArtifactFile;
use crate::body::{Body, BodyName, Emulator, Host, Serial, Taught, live};
use crate::episode::Episode;
use crate::learned::Learned;
use crate::lifetime::simulate::simulate;
use crate::model::Model;
use crate::seed::{Purpose, rng};
use crate::task::Task;

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

/// Decisions counted right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Right decisions.
    pub correct: u64,
    /// All decisions.
    pub decisions: u64,
    /// Episodes they were made in.
    pub episodes: u64,
    /// Right decisions by their place in the episode.
    pub correct_by_place: Vec<u64>,
}

impl Score {
    /// The fraction that was right.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        self.correct as f64 / self.decisions.max(1) as f64
    }

    /// The 95 % interval of the accuracy (Wilson 1927).
    #[must_use]
    pub fn interval(&self) -> (f64, f64) {
        wilson(self.correct, self.decisions)
    }

    fn none() -> Self {
        Self { correct: 0, decisions: 0, episodes: 0, correct_by_place: Vec::new() }
    }

    /// Counts an episode's votes; how many of them were right.
    fn add<V: PartialOrd>(&mut self, episode: &Episode, votes: &[Vec<V>]) -> u64 {
        let right =
            episode.decisions.iter().zip(votes).map(|(decision, votes)| u64::from(decision.is_right(votes)));
        let right: Vec<_> = right.collect();
        let correct = right.iter().sum();
        self.episodes += 1;
        self.decisions += right.len() as u64;
        self.correct += correct;
        self.add_by_place(&right);
        correct
    }

    fn plus(mut self, other: Self) -> Self {
        self.correct += other.correct;
        self.decisions += other.decisions;
        self.episodes += other.episodes;
        self.add_by_place(&other.correct_by_place);
        self
    }

    /// Adds place by place; a place that was not there was zero.
    fn add_by_place(&mut self, correct: &[u64]) {
        self.correct_by_place.resize(self.correct_by_place.len().max(correct.len()), 0);
        self.correct_by_place.iter_mut().zip(correct).for_each(|(sum, correct)| *sum += correct);
    }
}

/// The 95 % interval of a fraction after Wilson (1927).
#[must_use]
pub fn wilson(correct: u64, decisions: u64) -> (f64, f64) {
    const Z: f64 = 1.959_963_984_540_054;
    let n = decisions.max(1) as f64;
    let fraction = correct as f64 / n;
    let centre = fraction + Z * Z / (2.0 * n);
    let half = Z * (fraction * (1.0 - fraction) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    (((centre - half) / scale).max(0.0), ((centre + half) / scale).min(1.0))
}

/// What a body did.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Its score.
    pub score: Score,
    /// Right decisions of each episode, in order.
    pub correct_by_episode: Vec<u64>,
    /// When its plastic weights could change.
    pub taught: Taught,
    /// The hash of the complete state after the last episode.
    pub state_hash: u64,
    /// The plastic weights after the last episode.
    pub learned: Learned,
}

/// How every episode begins.
#[derive(Clone, Copy, Debug, Default)]
pub struct Start<'l> {
    /// What is held still in it.
    pub freeze: Freeze,
    /// The plastic weights; zero if none.
    pub learned: Option<&'l Learned>,
}

impl From<Freeze> for Start<'_> {
    fn from(freeze: Freeze) -> Self {
        Self { freeze, learned: None }
    }
}

/// Episodes by their number, the same whenever they are asked for.
trait Episodes: Sync {
    fn count(&self) -> u64;

    fn episode(&self, index: u64) -> Cow<'_, Episode>;

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

impl Episodes for &[Episode] {
    fn count(&self) -> u64 {
        self.len() as u64
    }

    fn episode(&self, index: u64) -> Cow<'_, Episode> {
        Cow::Borrowed(&self[index as usize])
    }
}

impl Unseen<'_> {
    /// Test episode `index` of the seed; the same however many are asked for.
    #[must_use]
    pub fn episode(&self, index: u64) -> Episode {
        self.task.episode(Purpose::Test, &mut rng(self.seed, Purpose::Test, index))
    }

    /// Evaluates on a body, every episode from birth.
    ///
    /// # Errors
    /// If the body cannot be had or fails.
    pub fn on(&self, body: &BodyName, artifact: &ArtifactFile, freeze: Freeze) -> Result<Evaluation> {
        self.resumed(freeze.into(), body, artifact)
    }

    /// Evaluates on a body, every episode from `start`.
    ///
    /// # Errors
    /// If the body cannot be had or fails.
    pub fn resumed(&self, start: Start<'_>, body: &BodyName, artifact: &ArtifactFile) -> Result<Evaluation> {
        Examination { episodes: self, start, artifact }.on(body)
    }

    /// Evaluates on the host body, chunks of episodes in parallel.
    ///
    /// # Errors
    /// If the host body fails.
    pub fn on_host(&self, artifact: &ArtifactFile, freeze: Freeze) -> Result<Evaluation> {
        self.on(&BodyName::Host, artifact, freeze)
    }

    /// Evaluates the float network.
    #[must_use]
    pub fn in_float(&self, model: &Model, flat: &[f32], freeze: Freeze) -> Score {
        let evaluate = |chunk: Range<u64>| {
            let mut score = Score::none();
            for index in chunk {
                let episode = self.episode(index);
                score.add(&episode, &simulate(model, flat, &episode, freeze, &mut ()));
            }
            score
        };
        Episodes::chunks(self).into_par_iter().map(evaluate).reduce(Score::none, Score::plus)
    }
}

/// Evaluates given episodes on a body, every one from `start`.
///
/// # Errors
/// If the body cannot be had or fails, or there is no episode.
pub fn examine(
    episodes: &[Episode],
    start: Start<'_>,
    body: &BodyName,
    artifact: &ArtifactFile,
) -> Result<Evaluation> {
    Examination { episodes: &episodes, start, artifact }.on(body)
}

/// What is to be run, and how it begins.
struct Examination<'e> {
    episodes: &'e dyn Episodes,
    start: Start<'e>,
    artifact: &'e ArtifactFile,
}

impl Examination<'_> {
    fn on(&self, body: &BodyName) -> Result<Evaluation> {
        match body {
            BodyName::Host => self.on_host(),
            BodyName::Emulator(board) => {
                self.run(&mut Emulator::start(board, self.artifact)?, 0..self.episodes.count())
            }
            BodyName::Serial { port, baud } => {
                self.run(&mut Serial::open(port, *baud, self.artifact)?, 0..self.episodes.count())
            }
        }
    }

    fn on_host(&self) -> Result<Evaluation> {
        let evaluate = |chunk: Range<u64>| {
            let artifact = self.artifact.artifact();
            let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
            let mut host = Host::new(artifact, &mut storage)?;
            self.run(&mut host, chunk)
        };
        let chunks: Vec<_> = self.episodes.chunks().into_par_iter().map(evaluate).collect::<Result<_>>()?;
        let sum = |before: Evaluation, next: Evaluation| Evaluation {
            score: before.score.plus(next.score),
            correct_by_episode: {
                let mut all = before.correct_by_episode;
                all.extend(next.correct_by_episode);
                all
            },
            taught: before.taught.plus(next.taught),
            ..next
        };
        chunks.into_iter().reduce(sum).context("episodes: at least one is needed")
    }

    fn run(&self, body: &mut dyn Body, episodes: Range<u64>) -> Result<Evaluation> {
        let (mut score, mut taught) = (Score::none(), Taught::default());
        let mut correct_by_episode = Vec::new();
        for index in episodes {
            let episode = self.episodes.episode(index);
            body.reset(self.start.freeze)?;
            self.start.learned.map_or(Ok(()), |learned| learned.write(body))?;
            let lived = live(body, &episode)?;
            correct_by_episode.push(score.add(&episode, &lived.votes));
            taught = taught.plus(lived.taught);
        }
        let learned = Learned::read(body, &self.artifact.artifact().manifest().network)?;
        Ok(Evaluation { score, correct_by_episode, taught, state_hash: body.state_hash()?, learned })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_wilsons() {
        let (low, high) = wilson(95, 100);
        assert!((low - 0.8882).abs() < 1e-4 && (high - 0.9785).abs() < 1e-4, "{low} {high}");
        assert_eq!(wilson(0, 10).0, 0.0);
    }
}
