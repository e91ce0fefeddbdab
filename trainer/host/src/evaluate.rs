//! How well does a network do in episodes that a body runs? The same for any number of threads.

use std::ops::Range;

use crate::body::{Body, BodyName, Emulator, Host, Serial, Taught, live};
use crate::learned::Learned;
use anyhow::{Context, Result};
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_runtime::{Network, NetworkStorage};
use metaplastic_shared::freeze::Freeze;
use metaplastic_task::score::Score;
use metaplastic_task::unseen::Episodes;
use rayon::prelude::*;

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

/// A network on a body, and how every episode begins.
#[derive(Clone, Copy, Debug)]
pub struct Evaluator<'e> {
    /// What runs the network.
    pub body: &'e BodyName,
    /// The network.
    pub artifact: &'e ArtifactFile,
    /// How every episode begins.
    pub start: Start<'e>,
}

impl<'e> Evaluator<'e> {
    /// On a body, every episode from `start`.
    #[must_use]
    pub fn new(body: &'e BodyName, artifact: &'e ArtifactFile, start: impl Into<Start<'e>>) -> Self {
        Self { body, artifact, start: start.into() }
    }

    /// On the host body, which runs chunks of episodes in parallel.
    #[must_use]
    pub fn host(artifact: &'e ArtifactFile, start: impl Into<Start<'e>>) -> Self {
        Self::new(&BodyName::Host, artifact, start)
    }

    /// Runs episodes and counts right decisions.
    ///
    /// # Errors
    /// If the body cannot be had or fails, or there is no episode.
    pub fn evaluate(&self, episodes: &dyn Episodes) -> Result<Evaluation> {
        let all = 0..episodes.count();
        match self.body {
            BodyName::Host => self.evaluate_on_host(episodes),
            BodyName::Emulator(board) => self.run(&mut Emulator::start(board, self.artifact)?, episodes, all),
            BodyName::Serial { port, baud } => {
                self.run(&mut Serial::open(port, *baud, self.artifact)?, episodes, all)
            }
        }
    }

    fn evaluate_on_host(&self, episodes: &dyn Episodes) -> Result<Evaluation> {
        let evaluate = |chunk: Range<u64>| {
            let artifact = self.artifact.artifact();
            let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
            let mut host = Host::new(artifact, &mut storage)?;
            self.run(&mut host, episodes, chunk)
        };
        let chunks: Vec<_> = episodes.chunks().into_par_iter().map(evaluate).collect::<Result<_>>()?;
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

    fn run(&self, body: &mut dyn Body, episodes: &dyn Episodes, range: Range<u64>) -> Result<Evaluation> {
        let (mut score, mut taught) = (Score::none(), Taught::default());
        let mut correct_by_episode = Vec::new();
        for index in range {
            let episode = episodes.episode(index);
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
