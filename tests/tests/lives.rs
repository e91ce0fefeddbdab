//! Lives of many episodes without a reset: the same for any number of threads and over a save, begun anew where a message
//! is damaged, and without anything learned where plasticity is frozen.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::borrow::Cow;
use std::ops::Range;

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::{Body, BodyError, BodyName, Host, RunResult};
use metaplastic_host::evaluate::{Evaluation, EvaluationStart, Evaluator, StartWeights};
use metaplastic_host::life::by_number;
use metaplastic_host::plastic_weights::PlasticWeights;
use metaplastic_host::state_file::StateFile;
use metaplastic_runtime::{Network, NetworkStorage};
use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::state::StateSection;
use metaplastic_task::Task;
use metaplastic_task::episode::Episode;
use metaplastic_task::score::DecisionCount;
use metaplastic_task::seed::Purpose;
use metaplastic_task::unseen::{EpisodeIndex, Episodes, UnseenLives, episode};
use metaplastic_tests::trained::{artifact, task_of};
use toml::Table;

fn cues() -> (ArtifactFile, Box<dyn Task>) {
    let artifact = artifact("cue-association");
    let task = task_of(&artifact, Table::new());
    (artifact, task)
}

/// Some episodes of each of some lives, which begin and end with them.
struct Part<'t> {
    task: &'t dyn Task,
    /// Episodes of a whole life.
    life: u64,
    lives: Range<u64>,
    part: Range<u64>,
}

impl Episodes for Part<'_> {
    fn count(&self) -> u64 {
        self.life() * (self.lives.end - self.lives.start)
    }

    fn episode(&self, index: u64) -> Cow<'_, Episode> {
        let first = (self.lives.start + index / self.life()) * self.life;
        let index = EpisodeIndex { life: first, episode: first + self.part.start + index % self.life() };
        Cow::Owned(episode(self.task, 5, Purpose::Test, index))
    }

    fn life(&self) -> u64 {
        self.part.end - self.part.start
    }
}

/// Evaluates on the host body, from plastic weights that have been in a file.
fn evaluated(artifact: &ArtifactFile, part: &Part<'_>, weights: Option<&PlasticWeights>) -> Evaluation {
    let folder = tempfile::tempdir().unwrap();
    let saved = weights.map(|weights| {
        let file = folder.path().join("state");
        StateFile { save: 1, plastic_weights: weights.clone() }.write(&file, artifact).unwrap();
        StateFile::read(&file, artifact).unwrap().plastic_weights
    });
    let plastic_weights = saved.as_ref().map_or(StartWeights::Zero, StartWeights::Given);
    let start = EvaluationStart { freeze: Freeze::Nothing, plastic_weights };
    Evaluator::host(artifact, start).evaluate(part).unwrap()
}

/// The state is reset before every picture, so that plastic weights and age are all that a life has.
#[test]
fn a_life_of_characters_goes_on_after_a_save_as_if_there_had_been_none() {
    let artifact = artifact("one-shot-small");
    let synthetic = "source = 'synthetic'\nheld_out = ['Synthetic_10']\nvalidation = []\nways = 5";
    let task = task_of(&artifact, synthetic.parse().unwrap());
    let of = |part| Part { task: &*task, life: 6, lives: 0..1, part };
    let whole = evaluated(&artifact, &of(0..6), None);
    let first = evaluated(&artifact, &of(0..3), None);
    let second = evaluated(&artifact, &of(3..6), Some(&first.plastic_weights));
    assert_eq!([first.by_episode, second.by_episode].concat(), whole.by_episode);
    assert_eq!(second.plastic_weights, whole.plastic_weights);
    assert_eq!(second.state_hash, whole.state_hash);
    assert_ne!(evaluated(&artifact, &of(3..6), None).plastic_weights, whole.plastic_weights);
}

/// After a save potentials and traces are zero, which a network has forgotten when the next cue is shown.
#[test]
fn a_life_of_cues_goes_on_after_a_save_with_its_plastic_weights() {
    let (artifact, task) = cues();
    let of = |lives, part| Part { task: &*task, life: 16, lives, part };
    let whole = evaluated(&artifact, &of(0..60, 0..16), None);
    let (mut went_on, mut resumed) = (Vec::new(), Vec::new());
    for life in 0..60 {
        let first = evaluated(&artifact, &of(life..life + 1, 0..8), None);
        let second = evaluated(&artifact, &of(life..life + 1, 8..16), Some(&first.plastic_weights));
        let of_whole = &whole.by_episode[16 * life as usize..][..16];
        assert_eq!(first.by_episode, of_whole[..8]);
        went_on.extend_from_slice(&of_whole[8..]);
        resumed.extend(second.by_episode);
    }
    // 1920 decisions each: three standard errors of the difference are 5 % at most.
    let [resumed, went_on] =
        [resumed, went_on].map(|counts| counts.into_iter().reduce(DecisionCount::plus).unwrap().accuracy());
    assert!((resumed - went_on).abs() < 0.05, "{resumed} after a save, {went_on} without");
}

#[test]
fn lives_are_the_same_for_any_number_of_threads_and_nothing_is_learned_where_plasticity_is_frozen() {
    let (artifact, task) = cues();
    let lives = UnseenLives { task: &*task, seed: 2, life: 5, lives: 40 };
    let evaluate = |threads, freeze| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| Evaluator::host(&artifact, freeze).evaluate(&lives).unwrap())
    };
    let one = evaluate(1, Freeze::Nothing);
    assert_eq!([2, 3, 7].map(|threads| evaluate(threads, Freeze::Nothing) == one), [true; 3]);
    let sums = by_number(&one.by_episode, 5);
    let sum = sums.into_iter().reduce(DecisionCount::plus).unwrap();
    assert_eq!(sum, one.score.count());
    assert_eq!(sum.decisions, 5 * 40 * 4);
    let frozen = evaluate(2, Freeze::Plasticity).score.count();
    assert!((frozen.accuracy() - 0.5).abs() < 0.06, "{frozen:?}");
    assert!(sum.accuracy() > 0.8, "{sum:?}");
}

/// A host body of which one answer is damaged.
struct Damaged<'h> {
    host: Host<'h>,
    runs: u32,
    damaged: u32,
}

impl Body for Damaged<'_> {
    fn reset(&mut self, freeze: Freeze) -> Result<(), BodyError> {
        self.host.reset(freeze)
    }

    fn reset_state(&mut self) -> Result<(), BodyError> {
        self.host.reset_state()
    }

    fn command_exponent(&mut self) -> Option<u8> {
        self.host.command_exponent()
    }

    fn run(&mut self, episode: &Episode, steps: Range<usize>) -> Result<RunResult, BodyError> {
        self.runs += 1;
        let result = self.host.run(episode, steps)?;
        if self.runs == self.damaged { Err(BodyError::Answer("damaged".into())) } else { Ok(result) }
    }

    fn state_hash(&mut self) -> Result<u64, BodyError> {
        self.host.state_hash()
    }

    fn state(&mut self, section: StateSection, values: usize) -> Result<Vec<u16>, BodyError> {
        self.host.state(section, values)
    }

    fn age(&mut self) -> Result<u32, BodyError> {
        self.host.age()
    }

    fn write_age(&mut self, age: u32) -> Result<(), BodyError> {
        self.host.write_age(age)
    }

    fn write_plastic(&mut self, projection: usize, weights: &[i16]) -> Result<(), BodyError> {
        self.host.write_plastic(projection, weights)
    }
}

#[test]
fn a_life_with_a_damaged_message_begins_anew_from_its_start() {
    let (file, task) = cues();
    let lives = UnseenLives { task: &*task, seed: 2, life: 4, lives: 2 };
    let right = Evaluator::host(&file, Freeze::Nothing).evaluate(&lives).unwrap();
    let segments = lives.episode(0).segments().len() as u32;
    let artifact = file.artifact();
    // In the third episode of the second life, and in the first of the first.
    for damaged in [6 * segments + 3, 1] {
        let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
        let mut body = Damaged { host: Host::new(artifact, &mut storage).unwrap(), runs: 0, damaged };
        let evaluator = Evaluator::new(&BodyName::Host, &file, Freeze::Nothing);
        let evaluation = evaluator.evaluate_on(&mut body, &lives).unwrap();
        assert_eq!(evaluation, Evaluation { repeats: 1, ..right.clone() });
        let again = damaged % (4 * segments);
        assert_eq!(body.runs, 8 * segments + again);
    }
}
