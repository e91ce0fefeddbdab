//! Evaluates, or records, on a line where anything may arrive in place of a chip's answers. The client never panics, never waits
//! without end or takes memory without bound, and has a figure only where the answers are the chip's: the right one.
#![no_main]

use std::borrow::Cow;
use std::sync::LazyLock;
use std::time::Duration;

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::{Corpus, fuzz_target};
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_fuzz::peer::{Reply, line};
use metaplastic_host::body::{BodyError, BodyName, Client, Expected};
use metaplastic_host::evaluate::{EvaluateError, Evaluation, EvaluationStart, Evaluator, StartWeights};
use metaplastic_host::recording::{RecordedSteps, RecordingPlan, StateRecording, record, record_on};
use metaplastic_shared::freeze::Freeze;
use metaplastic_task::episode::{Decision, Episode};
use metaplastic_task::unseen::Episodes;

/// A network with two plastic projections of 13 x 9 and 9 x 5 synapses, and two analog values.
static ARTIFACT: LazyLock<ArtifactFile> = LazyLock::new(|| {
    ArtifactFile::from_bytes(include_bytes!("../seeds/decode/analog")).expect("the artifact in the tree is sound")
});
/// Timeout of an answer: what is lost costs time.
const TIMEOUT: Duration = Duration::from_millis(5);
/// Largest number of replies of a script.
const MOST_REPLIES: usize = 40;
const STEPS: usize = 12;

/// Two episodes of two decisions each.
struct Few;

impl Episodes for Few {
    fn count(&self) -> u64 {
        2
    }

    fn episode(&self, index: u64) -> Cow<'_, Episode> {
        let network = &ARTIFACT.artifact().manifest().network;
        let mut episode = Episode::silent(network, STEPS);
        let spikes = (0..STEPS * network.input_size()).filter(|at| (at + index as usize).is_multiple_of(3));
        spikes.for_each(|at| episode.spike(at % STEPS, at / STEPS));
        episode.analog.fill(1.0);
        let decisions = [(2, 6), (8, STEPS)].map(|(start, end)| Decision { start, end, target: 1, among: 2 });
        Cow::Owned(Episode { decisions: decisions.to_vec(), ..episode })
    }
}

/// What is right: without plastic weights to begin with, and from those.
static RIGHT: LazyLock<[Evaluation; 2]> = LazyLock::new(|| {
    let evaluate = |plastic_weights: StartWeights<'_>| {
        let start = EvaluationStart { freeze: Freeze::Nothing, plastic_weights };
        Evaluator::host(&ARTIFACT, start).evaluate(&Few).expect("the host body does not fail")
    };
    let first = evaluate(StartWeights::Zero);
    let second = evaluate(StartWeights::Given(&first.plastic_weights));
    [first, second]
});

/// What is recorded: every fifth step, so that most messages are of the state.
static PLAN: LazyLock<RecordingPlan> = LazyLock::new(|| {
    let steps = RecordedSteps { every: 5, ..RecordedSteps::default() };
    RecordingPlan::new(&ARTIFACT, steps, &[]).expect("nothing is named")
});

/// What is right of a recording.
static RECORDED: LazyLock<StateRecording> =
    LazyLock::new(|| record(&BodyName::Host, &ARTIFACT, &PLAN, &Few, 0..2).expect("the host body does not fail"));

/// How the client evaluates, and what arrives.
#[derive(Debug)]
struct Conversation {
    records: bool,
    attaches: bool,
    resumes: bool,
    script: Vec<Reply>,
}

impl<'b> Arbitrary<'b> for Conversation {
    fn arbitrary(bytes: &mut Unstructured<'b>) -> Result<Self> {
        let records = bytes.ratio(1, 4)?;
        let (attaches, resumes) = (bytes.arbitrary()?, bytes.arbitrary()?);
        let mut script = Vec::new();
        while script.len() < MOST_REPLIES && !bytes.is_empty() {
            // The fault is deep in a conversation only if most of it is right.
            script.push(if bytes.ratio(1, 4)? { bytes.arbitrary()? } else { Reply::Right });
        }
        Ok(Self { records, attaches, resumes, script })
    }
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    Unstructured::new(bytes).arbitrary().map_or(Corpus::Reject, |conversation| {
        converse(conversation);
        Corpus::Keep
    })
});

fn converse(conversation: Conversation) {
    let Conversation { records, attaches, resumes, script } = conversation;
    // The numbers of runs are random elsewhere.
    fastrand::seed(1);
    let (answers, requests, arrived) = line(ARTIFACT.artifact(), script);
    let expected = Expected::of(&ARTIFACT.artifact());
    let begin = if attaches { Client::attach } else { Client::start };
    let client = begin(answers, requests, expected, TIMEOUT);
    if records {
        let recorded = client.and_then(|mut client| record_on(&mut client, &PLAN, &Few, 0..2));
        return assert_recorded(recorded, arrived.borrow().has_a_forged_answer());
    }
    let result = client.map_err(EvaluateError::from).and_then(|mut client| {
        let plastic_weights =
            if resumes { StartWeights::Given(&RIGHT[0].plastic_weights) } else { StartWeights::Zero };
        let start = EvaluationStart { freeze: Freeze::Nothing, plastic_weights };
        Evaluator::new(&BodyName::Host, &ARTIFACT, start).evaluate_on(&mut client, &Few)
    });
    let right = &RIGHT[usize::from(resumes)];
    match result {
        Err(error) => assert!(!error.to_string().is_empty()),
        Ok(evaluation) if arrived.borrow().has_a_forged_answer() => assert_possible(&evaluation, right),
        Ok(evaluation) => assert_eq!(Evaluation { repeats: 0, ..evaluation }, *right),
    }
}

/// A recording is the right one, or has forged answers in arrays of the right shapes.
fn assert_recorded(result: std::result::Result<StateRecording, BodyError>, is_forged: bool) {
    match result {
        Err(error) => assert!(!error.to_string().is_empty()),
        Ok(recorded) if is_forged => {
            let shapes = |recording: &StateRecording| {
                recording.arrays.iter().map(|(name, array)| (name.clone(), array.shape.clone())).collect::<Vec<_>>()
            };
            assert_eq!(shapes(&recorded), shapes(&RECORDED));
        }
        Ok(recorded) => assert_eq!(recorded, *RECORDED),
    }
}

/// A figure from forged answers is at least one that this network can have.
fn assert_possible(evaluation: &Evaluation, right: &Evaluation) {
    let (score, steps) = (&evaluation.score, evaluation.modulated_steps.overall());
    assert_eq!((score.decisions, score.episodes), (right.score.decisions, right.score.episodes));
    assert!(score.correct <= score.decisions && steps.modulated <= steps.all, "{evaluation:?}");
    assert_eq!(steps.all, right.modulated_steps.overall().all);
    let lengths = |evaluation: &Evaluation| {
        let projections = evaluation.plastic_weights.projections().iter();
        projections.map(|(index, weights)| (*index, weights.len())).collect::<Vec<_>>()
    };
    assert_eq!(lengths(evaluation), lengths(right));
    for (index, weights) in evaluation.plastic_weights.projections() {
        let format = ARTIFACT.artifact().manifest().projections[*index].plastic;
        let limit = format.expect("a plastic projection").plastic_limit.unsigned_abs();
        assert!(weights.iter().all(|weight| weight.unsigned_abs() <= limit), "{weights:?}");
    }
}
