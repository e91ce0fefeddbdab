//! Counts right decisions in episodes that a body runs, each from the start or many in a life without a reset. On the host
//! body lives run in parallel; the figures are the same for any number of threads.
//!
//! ```
//! use std::path::Path;
//!
//! use metaplastic_files::artifact_file::ArtifactFile;
//! use metaplastic_host::evaluate::Evaluator;
//! use metaplastic_shared::freeze::Freeze;
//! use metaplastic_task::CueAssociation;
//! use metaplastic_task::unseen::Unseen;
//!
//! let artifact = ArtifactFile::read(Path::new("../../tests/artifacts/cue-association.plastic")).unwrap();
//! let unseen = Unseen { task: &CueAssociation::default(), seed: 1, episodes: 64 };
//! let learning = Evaluator::host(&artifact, Freeze::Nothing).evaluate(&unseen).unwrap();
//! let frozen = Evaluator::host(&artifact, Freeze::Plasticity).evaluate(&unseen).unwrap();
//! assert!(learning.score.accuracy() > 0.97);
//! assert!(frozen.score.accuracy() < 0.65); // chance is one half
//! assert_eq!(learning.score.decisions, 4 * 64);
//! ```

use std::ops::Range;

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_files::memory::MemoryEstimate;
use metaplastic_runtime::{Network, NetworkStorage};
use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::wire::Refusal;
use metaplastic_task::Task;
use metaplastic_task::episode::Episode;
use metaplastic_task::score::{DecisionCount, Score};
use metaplastic_task::seed::Purpose;
use metaplastic_task::unseen::{self, Episodes, ranges};
use rayon::prelude::*;

use crate::body::{Body, BodyError, BodyName, Host, ModulatedSteps, Rollout, rollout, with_body};
use crate::costs::Spread;
use crate::plastic_weights::PlasticWeights;

/// How often a life is begun anew, as a message was damaged or lost.
const REPEATS: u64 = 3;

/// Why episodes could not be evaluated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluateError {
    /// The body is not available.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The body failed in an episode, or after the last one.
    #[error(transparent)]
    Episode(#[from] Box<EpisodeError>),
    /// The body cannot keep plastic weights.
    #[error(
        "{0} has no storage for plastic weights: --save-state FILE and --resume-state FILE keep them on this computer, \
         for every body"
    )]
    NoStorage(BodyName),
    /// The body has a storage without a save of this artifact.
    #[error("{0}: no plastic weights of this artifact are saved on the board; --save-on-board saves them")]
    NothingSaved(BodyName),
    /// There is nothing to evaluate.
    #[error("episodes = 0, at least one is needed")]
    NoEpisodes,
}

impl EvaluateError {
    /// Whether this machine lacks the emulator, or what firmware is built from or with.
    #[must_use]
    pub fn is_not_installed(&self) -> bool {
        matches!(self, Self::Body(error) if error.is_not_installed())
    }
}

/// Where a body failed, and what was counted until then.
#[derive(Debug, thiserror::Error)]
#[error("{body}: episode {episode} of {episodes}: {error}{}", partial(score, error))]
pub struct EpisodeError {
    /// The body.
    pub body: BodyName,
    /// The number of the episode, from 1; after the last, the number of the last.
    pub episode: u64,
    /// All episodes.
    pub episodes: u64,
    /// The episodes before it.
    pub score: Score,
    /// What went wrong.
    pub error: BodyError,
}

/// The score of the episodes before a failure. A board that has restarted leaves none.
fn partial(score: &Score, error: &BodyError) -> String {
    if score.episodes == 0 || matches!(error, BodyError::Restarted { .. }) {
        return String::new();
    }
    let Score { correct, decisions, episodes, .. } = score;
    format!("; partial result: {correct} of {decisions} decisions right in the {episodes} episodes before")
}

/// The result of an evaluation on a body.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Its score.
    pub score: Score,
    /// Decisions of each episode, in order.
    pub by_episode: Vec<DecisionCount>,
    /// When its plastic weights could change.
    pub modulated_steps: ModulatedSteps,
    /// How often a life, or an episode that is one, was begun anew, as a message was damaged or lost.
    pub repeats: u64,
    /// The hash of the complete state after the last episode.
    pub state_hash: u64,
    /// The plastic weights after the last episode.
    pub plastic_weights: PlasticWeights,
    /// On real hardware in a world, the microseconds from the inputs of a step to its answer, the line included.
    pub loop_microseconds: Option<Spread>,
    /// Number of the body's own save that every life began with.
    pub loaded_save: Option<u32>,
    /// Number of the body's own save of the plastic weights after the last episode.
    pub written_save: Option<u32>,
}

/// How every life begins, of many episodes or of one.
#[derive(Clone, Copy, Debug, Default)]
pub struct EvaluationStart<'l> {
    /// What is frozen in it.
    pub freeze: Freeze,
    /// The plastic weights.
    pub plastic_weights: StartWeights<'l>,
}

/// The plastic weights that a life begins with.
#[derive(Clone, Copy, Debug, Default)]
pub enum StartWeights<'l> {
    /// All zero.
    #[default]
    Zero,
    /// These.
    Given(&'l PlasticWeights),
    /// Those that the body has saved last, in its own storage.
    Saved,
}

impl From<Freeze> for EvaluationStart<'_> {
    fn from(freeze: Freeze) -> Self {
        Self { freeze, plastic_weights: StartWeights::Zero }
    }
}

/// A network on a body, and how every life begins.
#[derive(Clone, Copy, Debug)]
pub struct Evaluator<'e> {
    /// What runs the network.
    pub body: &'e BodyName,
    /// The network.
    pub artifact: &'e ArtifactFile,
    /// How every life begins.
    pub start: EvaluationStart<'e>,
    /// Whether the body saves the plastic weights after the last episode, in its own storage.
    pub saves_on_body: bool,
}

impl<'e> Evaluator<'e> {
    /// On a body, every life from `start`.
    #[must_use]
    pub fn new(body: &'e BodyName, artifact: &'e ArtifactFile, start: impl Into<EvaluationStart<'e>>) -> Self {
        Self { body, artifact, start: start.into(), saves_on_body: false }
    }

    /// On the host body, which runs chunks of episodes in parallel.
    #[must_use]
    pub fn host(artifact: &'e ArtifactFile, start: impl Into<EvaluationStart<'e>>) -> Self {
        Self::new(&BodyName::Host, artifact, start)
    }

    /// The memory of an evaluation in episodes of a task: on the host body, each thread has an episode and a network.
    #[must_use]
    pub fn memory(&self, task: &dyn Task) -> MemoryEstimate {
        let episodes = unseen::memory(task, Purpose::Test, "episodes at one time", self.threads() as u64);
        episodes.and(self.network_memory())
    }

    /// The memory of the network in every thread, and of its plastic weights after the last episode.
    #[must_use]
    pub fn network_memory(&self) -> MemoryEstimate {
        let threads = self.threads();
        let bytes = (1 + threads) * size_of::<u64>() * Network::memory_words(&self.artifact.artifact());
        MemoryEstimate::default().with(format!("the network's state, in {threads} threads"), bytes as u64)
    }

    fn threads(&self) -> usize {
        if *self.body == BodyName::Host { rayon::current_num_threads() } else { 1 }
    }

    /// Runs episodes and counts right decisions.
    ///
    /// # Errors
    /// If the body is not available or fails, or there is no episode.
    pub fn evaluate(&self, episodes: &dyn Episodes) -> Result<Evaluation, EvaluateError> {
        if episodes.count() == 0 {
            return Err(EvaluateError::NoEpisodes);
        }
        if self.uses_storage() && !self.body.may_have_storage() {
            return Err(EvaluateError::NoStorage(self.body.clone()));
        }
        match self.body {
            BodyName::Host => self.evaluate_on_host(episodes),
            name => with_body(name, self.artifact, |body| self.evaluate_on(body, episodes)),
        }
    }

    /// Runs episodes on a body that has been started; errors call it by the evaluator's body.
    ///
    /// # Errors
    /// If the body fails, or there is no episode.
    pub fn evaluate_on(&self, body: &mut dyn Body, episodes: &dyn Episodes) -> Result<Evaluation, EvaluateError> {
        let all = 0..episodes.count();
        if all.is_empty() {
            return Err(EvaluateError::NoEpisodes);
        }
        self.check_storage(body, episodes)?;
        let mut run = self.run(body, episodes, all)?;
        let state = self.final_state(&mut run, body, episodes)?;
        Ok(run.evaluation(state))
    }

    fn evaluate_on_host(&self, episodes: &dyn Episodes) -> Result<Evaluation, EvaluateError> {
        let evaluate = |chunk: Range<u64>| {
            let artifact = self.artifact.artifact();
            let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
            let mut host = Host::new(artifact, &mut storage).map_err(BodyError::from)?;
            let is_last = chunk.end == episodes.count();
            let mut run = self.run(&mut host, episodes, chunk)?;
            let state = is_last.then(|| self.final_state(&mut run, &mut host, episodes)).transpose()?;
            Ok((run, state))
        };
        let chunks: Vec<_> =
            episodes.chunks().into_par_iter().map(evaluate).collect::<Result<_, EvaluateError>>()?;
        let (runs, states): (Vec<_>, Vec<_>) = chunks.into_iter().unzip();
        let (run, state) = (runs.into_iter().reduce(Run::then), states.into_iter().flatten().next());
        run.zip(state).map(|(run, state)| run.evaluation(state)).ok_or(EvaluateError::NoEpisodes)
    }

    /// Runs whole lives.
    fn run(&self, body: &mut dyn Body, episodes: &dyn Episodes, range: Range<u64>) -> Result<Run, EvaluateError> {
        let mut run = Run::default();
        for life in ranges(range.end - range.start, episodes.life()) {
            let life = range.start + life.start..range.start + life.end;
            let (mut partial, mut repeats) = (Run::default(), 0);
            let result = retry(body, &mut repeats, |body| {
                // All state is needed to go on, and a body tells plastic weights alone.
                partial = Run::default();
                self.run_life(body, episodes, life.clone(), &mut partial)
            });
            let failed = life.start + partial.score.episodes;
            run = run.then(Run { repeats, ..partial });
            result.map_err(|error| self.failed(&run, failed, episodes.count(), error))?;
        }
        Ok(run)
    }

    /// Runs the episodes of a life, which is begun.
    fn run_life(
        &self,
        body: &mut dyn Body,
        episodes: &dyn Episodes,
        life: Range<u64>,
        run: &mut Run,
    ) -> Result<(), BodyError> {
        run.loaded_save = self.begin(body)?;
        for index in life {
            let episode = episodes.episode(index);
            run.add(&episode, &rollout(body, &episode)?);
        }
        Ok(())
    }

    /// The state of a body behind the last episode.
    fn final_state(
        &self,
        run: &mut Run,
        body: &mut dyn Body,
        episodes: &dyn Episodes,
    ) -> Result<FinalState, EvaluateError> {
        let last = episodes.count().saturating_sub(1);
        let state = retry(body, &mut run.repeats, |body| self.read_state(body));
        state.map_err(|error| self.failed(run, last, episodes.count(), error).into())
    }

    fn failed(&self, run: &Run, index: u64, episodes: u64, error: BodyError) -> Box<EpisodeError> {
        let (body, score) = (self.body.clone(), run.score.clone());
        Box::new(EpisodeError { body, episode: index + 1, episodes, score, error })
    }

    fn uses_storage(&self) -> bool {
        self.saves_on_body || matches!(self.start.plastic_weights, StartWeights::Saved)
    }

    /// Refuses a body without the storage that is needed, before any episode. Which board is at a port is not known
    /// before it is asked; a load changes nothing there that an episode's start does not.
    fn check_storage(&self, body: &mut dyn Body, episodes: &dyn Episodes) -> Result<(), EvaluateError> {
        if !self.uses_storage() {
            return Ok(());
        }
        let mut run = Run::default();
        let loads = matches!(self.start.plastic_weights, StartWeights::Saved);
        match retry(body, &mut run.repeats, |body| body.load(self.start.freeze)) {
            Err(BodyError::Refused(Refusal::NothingSaved)) if loads => {
                Err(EvaluateError::NothingSaved(self.body.clone()))
            }
            Ok(_) | Err(BodyError::Refused(Refusal::NothingSaved)) => Ok(()),
            Err(BodyError::Refused(Refusal::NoStorage)) => Err(EvaluateError::NoStorage(self.body.clone())),
            Err(error) => Err(self.failed(&run, 0, episodes.count(), error).into()),
        }
    }

    /// Begins a life; the number of the body's own save that it begins with, if it does.
    fn begin(&self, body: &mut dyn Body) -> Result<Option<u32>, BodyError> {
        if matches!(self.start.plastic_weights, StartWeights::Saved) {
            return body.load(self.start.freeze).map(Some);
        }
        body.reset(self.start.freeze)?;
        if let StartWeights::Given(weights) = self.start.plastic_weights {
            weights.write(body)?;
        }
        Ok(None)
    }

    fn read_state(&self, body: &mut dyn Body) -> Result<FinalState, BodyError> {
        let plastic_weights = PlasticWeights::read(body, &self.artifact.artifact().manifest().network)?;
        let state_hash = body.state_hash()?;
        let written_save = self.saves_on_body.then(|| body.save()).transpose()?;
        Ok(FinalState { state_hash, plastic_weights, written_save })
    }
}

/// Does something on a body, and again from its start where a message was damaged or lost.
pub(crate) fn retry<T>(
    body: &mut dyn Body,
    repeats: &mut u64,
    mut attempt: impl FnMut(&mut dyn Body) -> Result<T, BodyError>,
) -> Result<T, BodyError> {
    for _ in 0..REPEATS {
        match attempt(body) {
            Err(error) if error.is_of_the_line() => body.recover().map_err(|later| worse(error, later))?,
            result => return result,
        }
        *repeats += 1;
    }
    attempt(body)
}

/// Of a damaged answer and what recovery met, the error to report: a restart, or else the first.
fn worse(first: BodyError, later: BodyError) -> BodyError {
    if matches!(later, BodyError::Restarted { .. }) { later } else { first }
}

/// A body after the last episode.
struct FinalState {
    state_hash: u64,
    plastic_weights: PlasticWeights,
    written_save: Option<u32>,
}

/// What is counted while episodes run.
#[derive(Default)]
struct Run {
    score: Score,
    by_episode: Vec<DecisionCount>,
    modulated_steps: ModulatedSteps,
    repeats: u64,
    loop_microseconds: Vec<u32>,
    loaded_save: Option<u32>,
}

impl Run {
    fn add(&mut self, episode: &Episode, rollout: &Rollout) {
        match &rollout.life {
            Some(life) => self.score.add_life(life),
            None => self.by_episode.push(self.score.add(episode, &rollout.class_scores)),
        }
        self.modulated_steps = self.modulated_steps.plus(rollout.modulated_steps);
        self.loop_microseconds.extend(&rollout.loop_microseconds);
    }

    /// This and what was counted later.
    fn then(mut self, later: Self) -> Self {
        self.by_episode.extend(later.by_episode);
        self.loop_microseconds.extend(later.loop_microseconds);
        Self {
            score: self.score.plus(later.score),
            by_episode: self.by_episode,
            modulated_steps: self.modulated_steps.plus(later.modulated_steps),
            repeats: self.repeats + later.repeats,
            loop_microseconds: self.loop_microseconds,
            loaded_save: later.loaded_save,
        }
    }

    fn evaluation(self, state: FinalState) -> Evaluation {
        Evaluation {
            score: self.score,
            by_episode: self.by_episode,
            modulated_steps: self.modulated_steps,
            repeats: self.repeats,
            loop_microseconds: Some(Spread::of(self.loop_microseconds)).filter(|spread| spread.steps > 0),
            state_hash: state.state_hash,
            plastic_weights: state.plastic_weights,
            loaded_save: self.loaded_save,
            written_save: state.written_save,
        }
    }
}
