//! Golden traces on the host: the integer network computes the same as when they were written.

use std::collections::BTreeSet;

use metaplastic_host::body::{Body, Host};
use metaplastic_runtime::{Network, NetworkStorage};
use metaplastic_shared::freeze::Freeze;
use metaplastic_tests::corpus::{case, cases, episode};
use metaplastic_tests::golden::{STEPS, assert_golden, host_trace, path};

#[test]
fn every_case_reproduces_its_golden_trace() {
    for case in cases() {
        let trace = host_trace(&case);
        if std::env::var_os("METAPLASTIC_BLESS").is_some() {
            std::fs::write(path(case.name), &trace).unwrap();
        }
        assert_golden("host", case.name, &trace);
    }
}

#[test]
fn every_network_of_the_corpus_spikes_and_learns() {
    for case in cases() {
        let artifact = case.artifact.artifact();
        let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
        let mut host = Host::new(artifact, &mut storage).unwrap();
        let episode = episode(&case, STEPS);
        let (mut hidden, mut output, mut plastic) = (0, 0, BTreeSet::new());
        host.reset(Freeze::Nothing).unwrap();
        for step in 0..STEPS {
            host.step(&episode, step);
            hidden += host.network().spikes(1).count();
            // Graded neurons do not spike: each that is not at rest counts.
            let potentials = host.network().potentials(2).iter().filter(|_| case.name == "commands");
            output += host.network().spikes(2).count() + potentials.filter(|v| **v != 0).count();
            plastic.extend(host.network().plastic_rows(0).flatten().copied());
        }
        assert!(hidden > 40 && output > 20, "{}: {hidden} and {output} spikes", case.name);
        assert!(plastic.len() > 20, "{}: P took {} values", case.name, plastic.len());
    }
}

/// Both kinds of steps are needed: the traces show that skipping a step without a third factor changes nothing.
#[test]
fn a_dead_zone_has_modulated_and_unmodulated_steps_in_its_trace() {
    let case = case("dead-zone");
    let artifact = case.artifact.artifact();
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    let mut host = Host::new(artifact, &mut storage).unwrap();
    let modulated_steps = host.run(&episode(&case, STEPS), 0..STEPS).unwrap().modulated_steps;
    assert!((STEPS / 4..3 * STEPS / 4).contains(&modulated_steps), "{modulated_steps} of {STEPS} steps");
}

#[test]
fn a_reset_removes_the_last_episode() {
    for case in cases() {
        let artifact = case.artifact.artifact();
        let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
        let mut host = Host::new(artifact, &mut storage).unwrap();
        let episode = episode(&case, STEPS);
        let mut hash = || {
            host.reset(Freeze::Nothing).unwrap();
            host.run(&episode, 0..STEPS).unwrap();
            host.state_hash().unwrap()
        };
        assert_eq!(hash(), hash(), "{}", case.name);
    }
}
