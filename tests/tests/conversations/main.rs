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
struct Few(Vec<Episode>);

impl Few {
    fn new() -> Self {
        let mut episode = episode(&case("signals"), 60);
        let decisions = [(10, 30), (40, 60)].map(|(start, end)| Decision { start, end, target: 0, among: 2 });
        episode.decisions = decisions.to_vec();
        Self(vec![episode; 3])
    }
}

impl Episodes for Few {
    fn count(&self) -> u64 {
        self.0.len() as u64
    }

    fn episode(&self, index: u64) -> Cow<'_, Episode> {
        Cow::Borrowed(&self.0[index as usize])
    }
}

/// Evaluates with a peer at the other end of a pair of sockets.
fn converse(file: &ArtifactFile, peer: Peer, seed: u64) -> Result<Evaluation, EvaluateError> {
    let (near, far) = UnixStream::pair().unwrap();
    let mut random = Pcg32::seed_from_u64(seed);
    let at = random.random_range(peer.messages());
    let line = Line::new(far, peer, at, random);
    thread::scope(|scope| {
        scope.spawn(move || run_peer(file, line));
        let [reader, writer] = [&near, &near].map(|end| end.try_clone().unwrap());
        let result = evaluate(file, reader, writer, TIMEOUT);
        near.shutdown(Shutdown::Both).unwrap_or_default();
        result
    })
}

fn evaluate(
    file: &ArtifactFile,
    reader: impl Read + Send + 'static,
    writer: impl Write,
    timeout: Duration,
) -> Result<Evaluation, EvaluateError> {
    let body = BodyName::Serial { port: "test".into(), baud: 1 };
    let mut client = Client::attach(reader, writer, Expected::of(&file.artifact()), timeout)?;
    Evaluator::new(&body, file, Freeze::Nothing).evaluate_on(&mut client, &Few::new())
}

#[test]
fn no_peer_yields_a_wrong_figure_or_a_wait_without_end() {
    let file = case("signals").artifact;
    let right = Evaluator::host(&file, Freeze::Nothing).evaluate(&Few::new()).unwrap();
    assert!(right.score.decisions == 6 && right.modulated_steps.overall().modulated > 0);
    thread::scope(|scope| {
        for peer in Peer::ALL {
            let (file, right) = (&file, &right);
            scope.spawn(move || (0..conversations()).for_each(|seed| converse_and_check(file, peer, seed, right)));
        }
    });
}

fn converse_and_check(file: &ArtifactFile, peer: Peer, seed: u64, right: &Evaluation) {
    let begun = Instant::now();
    match converse(file, peer, seed) {
        Ok(evaluation) => {
            assert!(peer.may_succeed(), "{peer:?}, seed {seed}");
            assert_eq!(Evaluation { repeats: 0, ..evaluation }, *right, "{peer:?}, seed {seed}");
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
