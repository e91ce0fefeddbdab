//! The firmware in QEMU does to the bit what the host does. Ignored by default: they need QEMU and a core
//! library for the boards, which `tests/run.sh setup` installs.

use metaplastic::body::{Body, Emulator, Host, run_episode};
use metaplastic_runtime::Network;
use metaplastic_shared::wire::{Freeze, MAX_FRAME};
use metaplastic_tests::corpus::{Case, case, cases, episode};
use metaplastic_tests::golden::{STEPS, hashes, path};

fn assert_replays_golden_trace(machine: &str, case: &Case) {
    let mut board = Emulator::start(machine, &case.artifact).unwrap_or_else(|error| panic!("{machine}: {error}"));
    let episode = episode(case, STEPS);
    board.reset(Freeze::Nothing).unwrap();
    for (step, expected) in hashes(&std::fs::read_to_string(path(case.name)).unwrap()).into_iter().enumerate() {
        board.run(&episode, step..step + 1).unwrap();
        assert_eq!(board.state_hash().unwrap(), expected, "{machine}, {}, step {step}", case.name);
    }
}

#[test]
#[ignore = "needs QEMU and a core library: tests/run.sh emulator"]
fn every_golden_trace_is_the_same_on_a_cortex_m4f() {
    cases().iter().for_each(|case| assert_replays_golden_trace("mps2-an386", case));
}

#[test]
#[ignore = "needs QEMU and a core library: tests/run.sh emulator"]
fn some_golden_traces_are_the_same_on_a_cortex_m3() {
    for machine in ["mps2-an385"] {
        for name in ["event", "rare-terms"] {
            assert_replays_golden_trace(machine, &case(name));
        }
    }
}

#[test]
#[ignore = "needs QEMU and a core library: tests/run.sh emulator"]
fn an_episode_in_long_messages_ends_in_the_same_state_and_plastic_weights() {
    let case = case("signals");
    let artifact = case.artifact.artifact();
    let mut memory = vec![0; Network::memory_words(&artifact)];
    let mut host = Host::new(artifact, &mut memory).unwrap();
    let mut board = Emulator::start("mps2-an386", &case.artifact).unwrap();
    let episode = episode(&case, 10 * MAX_FRAME);
    for freeze in [Freeze::Nothing, Freeze::Plasticity, Freeze::ThirdFactor] {
        let counts =
            [run_episode(&mut host, &episode, freeze).unwrap(), run_episode(&mut board, &episode, freeze).unwrap()];
        assert_eq!(counts[0], counts[1]);
        assert_eq!(host.state_hash().unwrap(), board.state_hash().unwrap(), "{freeze:?}");
        let synapses = 13 * 9;
        let plastic = host.plastic(0, synapses).unwrap();
        assert_eq!(plastic, board.plastic(0, synapses).unwrap());
        assert_eq!(plastic.iter().all(|weight| *weight == 0), freeze == Freeze::Plasticity);
    }
    assert_eq!(board.identity().state_bytes as usize, 8 * Network::memory_words(&case.artifact.artifact()));
}
