//! Counts right decisions in episodes that a body runs. On the host body they run in parallel; the figures are the
//! same for any number of threads.

use std::ops::Range;

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_files::memory::MemoryEstimate;
use metaplastic_runtime::{Network, NetworkStorage};
use metaplastic_shared::freeze::Freeze;
use metaplastic_task::Task;
use metaplastic_task::score::Score;
use metaplastic_task::seed::Purpose;
use metaplastic_task::unseen::{self, Episodes};
use rayon::prelude::*;

use crate::body::{Body, BodyError, BodyName, Emulator, Host, ModulatedSteps, Serial, rollout};
use crate::plastic_weights::PlasticWeights;

/// Why episodes could not be evaluated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluateError {
    /// The body is not available or failed.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// There is nothing to evaluate.
    #[error("episodes = 0, at least one is needed")]
    NoEpisodes,
}

impl EvaluateError {
    /// Whether a tool is missing that `tests/run.sh setup` installs.
    #[must_use]
    pub fn is_missing_tool(&self) -> bool {
        matches!(self, Self::Body(error) if error.is_missing_tool())
    }
}

/// The result of an evaluation on a body.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Its score.
    pub score: Score,
    /// Right decisions of each episode, in order.
    pub correct_by_episode: Vec<u64>,
    /// When its plastic weights could change.
    pub modulated_steps: ModulatedSteps,
    /// The hash of the complete state after the last episode.
    pub state_hash: u64,
    /// The plastic weights after the last episode.
    pub plastic_weights: PlasticWeights,
}

impl Evaluation {
    /// The results of this evaluation and of a later one; the state is that after the later one.
    fn then(mut self, later: Self) -> Self {
        self.correct_by_episode.extend(later.correct_by_episode);
        Self {
            score: self.score.plus(later.score),
            correct_by_episode: self.correct_by_episode,
            modulated_steps: self.modulated_steps.plus(later.modulated_steps),
            ..later
        }
    }
}

/// How every episode begins.
#[derive(Clone, Copy, Debug, Default)]
pub struct EvaluationStart<'l> {
    /// What is frozen in it.
    pub freeze: Freeze,
    /// The plastic weights; zero if none.
    pub plastic_weights: Option<&'l PlasticWeights>,
}

impl From<Freeze> for EvaluationStart<'_> {
    fn from(freeze: Freeze) -> Self {
        Self { freeze, plastic_weights: None }
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
    pub start: EvaluationStart<'e>,
}

impl<'e> Evaluator<'e> {
    /// On a body, every episode from `start`.
    #[must_use]
    pub fn new(body: &'e BodyName, artifact: &'e ArtifactFile, start: impl Into<EvaluationStart<'e>>) -> Self {
        Self { body, artifact, start: start.into() }
    }

    /// On the host body, which runs chunks of episodes in parallel.
    #[must_use]
    pub fn host(artifact: &'e ArtifactFile, start: impl Into<EvaluationStart<'e>>) -> Self {
        Self::new(&BodyName::Host, artifact, start)
    }

    /// The memory of an evaluation in episodes of a task: on the host body, each thread has an episode and a network.
    #[must_use]
    pub fn memory(&self, task: &dyn Task) -> MemoryEstimate {
        let threads = if *self.body == BodyName::Host { rayon::current_num_threads() } else { 1 };
        let words = threads * Network::memory_words(&self.artifact.artifact());
        let network = format!("the network's state, in {threads} threads");
        let episodes = unseen::memory(task, Purpose::Test, "episodes at one time", threads as u64);
        episodes.with(network, (words * size_of::<u64>()) as u64)
    }

    /// Runs episodes and counts right decisions.
    ///
    /// # Errors
    /// If the body is not available or fails, or there is no episode.
    pub fn evaluate(&self, episodes: &dyn Episodes) -> Result<Evaluation, EvaluateError> {
        let all = 0..episodes.count();
        if all.is_empty() {
            return Err(EvaluateError::NoEpisodes);
        }
        match self.body {
            BodyName::Host => self.evaluate_on_host(episodes),
            BodyName::Emulator(board) => {
                Ok(self.run(&mut Emulator::start(board, self.artifact)?, episodes, all)?)
            }
            BodyName::Serial { port, baud } => {
                Ok(self.run(&mut Serial::open(port, *baud, self.artifact)?, episodes, all)?)
            }
        }
    }

    fn evaluate_on_host(&self, episodes: &dyn Episodes) -> Result<Evaluation, EvaluateError> {
        let evaluate = |chunk: Range<u64>| {
            let artifact = self.artifact.artifact();
            let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
            let mut host = Host::new(artifact, &mut storage)?;
            self.run(&mut host, episodes, chunk)
        };
        let chunks: Vec<_> = episodes.chunks().into_par_iter().map(evaluate).collect::<Result<_, BodyError>>()?;
        chunks.into_iter().reduce(Evaluation::then).ok_or(EvaluateError::NoEpisodes)
    }

    fn run(
        &self,
        body: &mut dyn Body,
        episodes: &dyn Episodes,
        range: Range<u64>,
    ) -> Result<Evaluation, BodyError> {
        let (mut score, mut modulated_steps) = (Score::none(), ModulatedSteps::default());
        let mut correct_by_episode = Vec::new();
        for index in range {
            let episode = episodes.episode(index);
            body.reset(self.start.freeze)?;
            self.start.plastic_weights.map_or(Ok(()), |weights| weights.write(body))?;
            let rollout = rollout(body, &episode)?;
            correct_by_episode.push(score.add(&episode, &rollout.class_scores));
            modulated_steps = modulated_steps.plus(rollout.modulated_steps);
        }
        let plastic_weights = PlasticWeights::read(body, &self.artifact.artifact().manifest().network)?;
        Ok(Evaluation {
            score,
            correct_by_episode,
            modulated_steps,
            state_hash: body.state_hash()?,
            plastic_weights,
        })
    }
}
