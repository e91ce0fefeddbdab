//! Golden traces: text files with one [`TraceLine`] for each step of a network, replayed on the host and on every
//! emulated board. They are rewritten only with `METAPLASTIC_BLESS=1`.

use std::fmt::Write as _;
use std::path::PathBuf;

use metaplastic_host::body::{AnalogExponents, Body, Host};
use metaplastic_runtime::{Network, NetworkStorage, TraceLine};
use metaplastic_shared::freeze::Freeze;

use crate::corpus::{Case, episode};

/// Steps of a golden trace.
pub const STEPS: usize = 60;

/// The first line of every golden trace.
pub const HEADER: &str = "# step | spikes of each population | hash of v, traces, E, M, P | hash of the state\n";

/// The path of a case's golden trace.
#[must_use]
pub fn path(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/golden")).join(format!("{name}.txt"))
}

/// The trace of a case on the host.
///
/// # Panics
/// If the host body fails, which it cannot.
#[must_use]
pub fn host_trace(case: &Case) -> String {
    let artifact = case.artifact.artifact();
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    let mut host = Host::new(artifact, &mut storage).expect("the memory is as large as asked for");
    let episode = episode(case, STEPS);
    host.reset(Freeze::Nothing).expect("the host answers");
    let mut text = String::from(HEADER);
    for step in 0..STEPS {
        host.step(&episode, step);
        let _ = writeln!(text, "{step} | {}", TraceLine(host.network()));
    }
    text
}

/// The input of the firmware's binary `golden` that replays a case: the artifact, the number of steps, each step's
/// input.
#[must_use]
pub fn replay_input(case: &Case) -> Vec<u8> {
    let (episode, exponents) = (episode(case, STEPS), AnalogExponents::of(&case.artifact.artifact()));
    let mut bytes = case.artifact.bytes().to_vec();
    bytes.extend((STEPS as u32).to_le_bytes());
    for step in 0..STEPS {
        bytes.extend(episode.inputs_at(step));
        bytes.extend(exponents.integers(episode.analog_at(step)).flat_map(i16::to_le_bytes));
    }
    bytes
}

/// The golden trace of a case.
///
/// # Panics
/// If there is none.
#[must_use]
pub fn read(name: &str) -> String {
    let path = path(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The state hashes of a case's golden trace, one for each step.
///
/// # Panics
/// If the trace is missing or malformed.
#[must_use]
pub fn read_hashes(name: &str) -> Vec<u64> {
    let hash = |line: &str| line.rsplit(' ').next().and_then(|hash| u64::from_str_radix(hash, 16).ok());
    let trace = read(name);
    let steps = trace.lines().filter(|line| !line.starts_with('#'));
    steps.map(|line| hash(line).expect("a hash ends each line")).collect()
}

/// Compares a trace with a case's golden one.
///
/// # Panics
/// If they differ; shows the first step that does.
pub fn assert_golden(machine: &str, name: &str, trace: &str) {
    let golden = read(name);
    let difference = trace.lines().zip(golden.lines()).find(|(now, then)| now != then);
    assert_eq!(difference, None, "{machine}, {name}: first step that differs");
    assert_eq!(trace.lines().count(), golden.lines().count(), "{machine}, {name}: steps");
}
