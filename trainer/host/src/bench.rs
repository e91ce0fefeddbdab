//! What the steps of unseen episodes cost on a board: instructions on an emulated one, clock cycles on a real one.
//!
//! One step a message, so that each is counted alone; the wire is not counted. A step is modulated if a third
//! factor was not zero, so that plastic weights could change. A state reset is not counted either.
//!
//! ```no_run
//! use std::path::Path;
//!
//! use metaplastic_files::artifact_file::ArtifactFile;
//! use metaplastic_host::bench::bench;
//! use metaplastic_task::Tasks;
//! use metaplastic_task::unseen::Unseen;
//!
//! // Starts QEMU with firmware that is built for this network.
//! let artifact = ArtifactFile::read(Path::new("../../tests/artifacts/bandit.plastic")).unwrap();
//! let task = Tasks::built_in().for_network(&artifact.artifact().manifest(), None, toml::Table::new()).unwrap();
//! let unseen = Unseen { task: &*task, seed: 1, episodes: 4 };
//! let costs = bench(&unseen, &"emulator:mps2-an386".parse().unwrap(), &artifact).unwrap();
//! assert!(costs.modulated.worst > costs.unmodulated.median);
//! ```

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_files::memory::MemoryEstimate;
use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::wire::{Cost, Ran};
use metaplastic_task::episode::Episode;
use metaplastic_task::score::Score;
use metaplastic_task::seed::Purpose;
use metaplastic_task::unseen::{self, Episodes, Unseen};
use metaplastic_task::world::life::WorldLife;
use serde::{Deserialize, Serialize};

use crate::body::{Body, BodyError, BodyName, Emulator, Remote, Serial, run_life};
use crate::costs::{Segments, Spread};
use crate::evaluate::EpisodeError;

/// Bytes of a step's cost: alone and in its segment, in vectors that grow by doubling.
const COSTS: u64 = 4 * size_of::<u32>() as u64;
/// Bytes of the answer to a step.
const RAN: u64 = size_of::<Ran>() as u64;

/// What the steps of some episodes cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepCosts {
    /// Unit of all costs.
    pub unit: Cost,
    /// Steps in which no plastic weight could change.
    pub unmodulated: Spread,
    /// Steps in which plastic weights could change.
    pub modulated: Spread,
    /// Segments in which a label was shown: of characters, one support picture each.
    pub support: Segments,
    /// Segments at whose end there was an answer: of characters, one query picture each.
    pub answers: Segments,
}

/// Why steps could not be measured.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BenchError {
    /// The body does not count.
    #[error("{0} counts neither instructions nor cycles; an emulated or a real board does")]
    CountsNothing(BodyName),
    /// The body is not available.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The body failed in an episode.
    #[error(transparent)]
    Episode(#[from] Box<EpisodeError>),
}

/// The memory of a measurement: an episode, and the cost of every step.
#[must_use]
pub fn bench_memory(unseen: &Unseen<'_>) -> MemoryEstimate {
    let steps = unseen.task.steps(Purpose::Test) as u64;
    let episodes = unseen::memory(unseen.task, Purpose::Test, "episodes at one time", 1);
    episodes.and(costs_memory(steps, unseen.episodes))
}

/// The memory of the cost of every step, in so many episodes of so many steps.
#[must_use]
pub fn costs_memory(steps: u64, episodes: u64) -> MemoryEstimate {
    let costs = COSTS.saturating_mul(steps).saturating_mul(episodes);
    let answers = RAN.saturating_mul(steps);
    let field = format!("the cost of {steps} steps in --episodes {episodes} each");
    MemoryEstimate::default().with(field, costs.saturating_add(answers))
}

/// Measures every step of some episodes on a board.
///
/// # Errors
/// If the body does not count, is not available or fails.
pub fn bench(episodes: &dyn Episodes, body: &BodyName, artifact: &ArtifactFile) -> Result<StepCosts, BenchError> {
    match body {
        BodyName::Emulator(machine) => {
            let mut board = Emulator::start_counting(machine, artifact)?;
            let unit = board.identity().cost;
            measure(episodes, body, &mut board, unit)
        }
        BodyName::Serial { port, baud } => {
            let mut board = Serial::open(port, *baud, artifact)?;
            let unit = board.identity().cost;
            if unit == Cost::Nothing {
                return Err(BenchError::CountsNothing(body.clone()));
            }
            measure(episodes, body, &mut board, unit)
        }
        BodyName::Host => Err(BenchError::CountsNothing(body.clone())),
    }
}

/// Runs all episodes on a board; errors name the body and the episode.
fn measure(
    episodes: &dyn Episodes,
    body: &BodyName,
    board: &mut impl Remote,
    unit: Cost,
) -> Result<StepCosts, BenchError> {
    let mut costs = Costs::default();
    for index in 0..episodes.count() {
        let added = costs.add_episode(&episodes.episode(index), board);
        added.map_err(|error| {
            let (body, episodes, score) = (body.clone(), episodes.count(), Score::default());
            Box::new(EpisodeError { body, episode: index + 1, episodes, score, error })
        })?;
    }
    Ok(costs.statistics(unit))
}

/// Costs of single steps, by whether they were modulated.
#[derive(Default)]
struct Costs {
    unmodulated: Vec<u32>,
    modulated: Vec<u32>,
    support: Vec<Vec<u32>>,
    answers: Vec<Vec<u32>>,
}

impl Costs {
    fn add_episode(&mut self, episode: &Episode, body: &mut impl Remote) -> Result<(), BodyError> {
        let steps = run_step_by_step(episode, body)?;
        for ran in &steps {
            if ran.modulated_steps > 0 { &mut self.modulated } else { &mut self.unmodulated }.push(ran.cost);
        }
        let costs = |start: usize, end: usize| steps[start..end].iter().map(|ran| ran.cost).collect();
        self.support.extend(episode.labelled_phases().map(|phase| costs(phase.steps.start, phase.steps.end)));
        self.answers.extend(episode.decisions.iter().map(|decision| costs(decision.start, decision.end)));
        Ok(())
    }

    fn statistics(self, unit: Cost) -> StepCosts {
        StepCosts {
            unit,
            unmodulated: Spread::of(self.unmodulated),
            modulated: Spread::of(self.modulated),
            support: Segments::of(&self.support),
            answers: Segments::of(&self.answers),
        }
    }
}

/// Runs an episode in the initial state, one step a message.
fn run_step_by_step(episode: &Episode, body: &mut impl Remote) -> Result<Vec<Ran>, BodyError> {
    body.reset(Freeze::Nothing)?;
    if let Some(life) = WorldLife::begin(episode) {
        let mut steps = Vec::with_capacity(episode.steps);
        run_life(body, life, |body, life, step| {
            let ran = body.run_message(life.episode(), step..step + 1)?;
            steps.push(ran.clone());
            Ok::<_, BodyError>(ran.class_scores.to_vec())
        })?;
        return Ok(steps);
    }
    let run = |step| {
        if episode.resets_state_before(step) {
            body.reset_state()?;
        }
        body.run_message(episode, step..step + 1)
    };
    (0..episode.steps).map(run).collect()
}
