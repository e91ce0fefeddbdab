//! Peers that restart, chatter, flood, fall silent, answer twice, late or wrongly. Whatever they do, an evaluation ends
//! in time with the figures of the host body, or with an error; it never ends with other figures.
//!
//! `METAPLASTIC_CONVERSATIONS` sets the number of conversations with each kind of peer.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod emulated;
mod peers;

use std::borrow::Cow;
use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::{Duration, Instant};

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::{BodyError, BodyName, Client, Expected};
use metaplastic_host::evaluate::{EvaluateError, Evaluation, Evaluator};
use metaplastic_shared::freeze::Freeze;
use metaplastic_task::episode::{Decision, Episode};
use metaplastic_task::unseen::Episodes;
use metaplastic_tests::corpus::{case, episode};
use peers::{Line, Peer, run_peer};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

/// Timeout of every answer.
const TIMEOUT: Duration = Duration::from_millis(300);
/// Most time of a conversation: some waits, each with its deadline, the probe behind it and a busy machine.
const LIMIT: Duration = Duration::from_secs(20);
fn conversations() -> u64 {
    let given = std::env::var("METAPLASTIC_CONVERSATIONS").ok();
    given.map_or(8, |text| text.parse().expect("METAPLASTIC_CONVERSATIONS is a number"))
}

/// Three episodes of a corpus network, with two decisions each.
struct Few {
    episodes: Vec<Episode>,
    /// Episodes of a life.
    life: u64,
}

impl Few {
    fn in_lives_of(life: u64) -> Self {
        let mut episode = episode(&case("analog"), 60);
        let decisions = [(10, 30), (40, 60)].map(|(start, end)| Decision { start, end, target: 0, among: 2 });
        episode.decisions = decisions.to_vec();
        Self { episodes: vec![episode; 3], life }
    }
}

impl Episodes for Few {
    fn count(&self) -> u64 {
        self.episodes.len() as u64
    }

    fn episode(&self, index: u64) -> Cow<'_, Episode> {
        Cow::Borrowed(&self.episodes[index as usize])
    }

    fn life(&self) -> u64 {
        self.life
    }
}

/// Evaluates with a peer at the other end of a pair of sockets.
fn converse(file: &ArtifactFile, few: &Few, peer: Peer, seed: u64) -> Result<Evaluation, EvaluateError> {
    let (near, far) = UnixStream::pair().unwrap();
    let mut random = Pcg32::seed_from_u64(seed);
    let at = random.random_range(peer.messages());
    let line = Line::new(far, peer, at, random);
    thread::scope(|scope| {
        scope.spawn(move || run_peer(file, line));
        let [reader, writer] = [&near, &near].map(|end| end.try_clone().unwrap());
        let result = evaluate(file, few, reader, writer, TIMEOUT);
        near.shutdown(Shutdown::Both).unwrap_or_default();
        result
    })
}

fn evaluate(
    file: &ArtifactFile,
    few: &Few,
    reader: impl Read + Send + 'static,
    writer: impl Write,
    timeout: Duration,
) -> Result<Evaluation, EvaluateError> {
    let body = BodyName::Serial { port: "test".into(), baud: 1 };
    let mut client = Client::attach(reader, writer, Expected::of(&file.artifact()), timeout)?;
    Evaluator::new(&body, file, Freeze::Nothing).evaluate_on(&mut client, few)
}

#[test]
fn no_peer_yields_a_wrong_figure_or_a_wait_without_end() {
    let file = case("analog").artifact;
    let lives = [1, 3].map(|life| {
        let few = Few::in_lives_of(life);
        let right = Evaluator::host(&file, Freeze::Nothing).evaluate(&few).unwrap();
        assert!(right.score.decisions == 6 && right.modulated_steps.overall().modulated > 0);
        ExpectedRun { few, right }
    });
    assert_ne!(lives[0].right.state_hash, lives[1].right.state_hash);
    thread::scope(|scope| {
        for peer in Peer::ALL {
            let (file, lives) = (&file, &lives);
            let converse = move |seed| converse_and_check(file, &lives[seed as usize % 2], peer, seed);
            scope.spawn(move || (0..conversations()).for_each(converse));
        }
    });
}

/// Episodes, and what the host body makes of them.
struct ExpectedRun {
    few: Few,
    right: Evaluation,
}

fn converse_and_check(file: &ArtifactFile, expected: &ExpectedRun, peer: Peer, seed: u64) {
    let begun = Instant::now();
    match converse(file, &expected.few, peer, seed) {
        Ok(evaluation) => {
            assert!(peer.may_succeed(), "{peer:?}, seed {seed}");
            assert_eq!(Evaluation { repeats: 0, ..evaluation }, expected.right, "{peer:?}, seed {seed}");
        }
        Err(error) => assert_named(peer, &error),
    }
    assert!(begun.elapsed() < LIMIT, "{peer:?}, seed {seed}: {:?}", begun.elapsed());
}

/// An error says where it was: in which episode, or that the conversation did not begin. After a restart it has no
/// figure.
fn assert_named(peer: Peer, error: &EvaluateError) {
    let message = error.to_string();
    match error {
        EvaluateError::Episode(episode) if matches!(episode.error, BodyError::Restarted { .. }) => {
            assert!(peer.restarts() && !message.contains("partial"), "{peer:?}: {message}");
        }
        EvaluateError::Episode(_) => {
            assert!(message.starts_with("serial:test,1: episode "), "{peer:?}: {message}");
            assert!(!peer.restarts(), "{peer:?}: {message}");
        }
        _ => assert!(message.contains("no answer within") || message.contains("the stream ended"), "{message}"),
    }
}
