//! Golden traces: text files with what a network did, step by step, replayed by every body.
//!
//! A line a step: the step, the spikes of each spiking population as neuron indices, and the hash of the
//! complete state. They are rewritten only with `METAPLASTIC_BLESS=1`.

use std::fmt::Write as _;
use std::path::PathBuf;

use metaplastic::body::{Body, Host};
use metaplastic_runtime::{Network, Places};
use metaplastic_shared::wire::Freeze;

use crate::corpus::{Case, episode};

/// Steps of a golden trace.
pub const STEPS: usize = 60;

/// Where a case's golden trace is kept.
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
    let populations = artifact.manifest().network.populations.len();
    let (mut places, mut memory) = (Places::new(), vec![0; Network::memory_words(&artifact)]);
    let mut host = Host::new(artifact, &mut places, &mut memory).expect("the memory is as large as asked for");
    let episode = episode(case, STEPS);
    host.reset(Freeze::Nothing).expect("the host answers");
    let mut text = String::from("# step | spikes of each population | state hash\n");
    for step in 0..STEPS {
        host.step(&episode, step);
        let network = host.network();
        let _ = write!(text, "{step} |");
        for population in 0..populations {
            network.spikes(population).iter().for_each(|spike| write!(text, " {spike}").unwrap_or_default());
            text.push_str(" |");
        }
        let _ = writeln!(text, " {:016x}", network.state_hash());
    }
    text
}

/// The state hashes of a case's golden trace, one a step.
///
/// # Panics
/// If there is no such trace, or it is not one.
#[must_use]
pub fn read_hashes(name: &str) -> Vec<u64> {
    let trace = std::fs::read_to_string(path(name)).expect("every case has a golden trace");
    let hash = |line: &str| line.rsplit(' ').next().and_then(|hash| u64::from_str_radix(hash, 16).ok());
    trace
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| hash(line).expect("a hash ends each line"))
        .collect()
}
