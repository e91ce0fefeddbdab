//! The firmware in QEMU does to the bit what the host does. Ignored by default: they need QEMU and a core
//! library for the boards, which `tests/run.sh setup` installs.

use metaplastic::artifact_file::ArtifactFile;
use metaplastic::body::{Body, BodyError, BodyName, Emulator, Host, board, run_episode};
use metaplastic::evaluate::{Start, Unseen};
use metaplastic::task;
use metaplastic_runtime::{Network, Places};
use metaplastic_shared::wire::{Cost, Freeze, MAX_FRAME};
use metaplastic_tests::corpus::{Case, case, cases, episode};
use metaplastic_tests::golden::{STEPS, read_hashes};

fn assert_replays_golden_trace(machine: &str, case: &Case) -> Result<(), BodyError> {
    let mut board = Emulator::start(machine, &case.artifact)?;
    let episode = episode(case, STEPS);
    board.reset(Freeze::Nothing)?;
    for (step, expected) in read_hashes(case.name).into_iter().enumerate() {
        board.run(&episode, step..step + 1)?;
        assert_eq!(board.state_hash()?, expected, "{machine}, {}, step {step}", case.name);
    }
    Ok(())
}

#[test]
#[ignore = "needs QEMU and a core library: tests/run.sh emulator"]
fn every_golden_trace_is_the_same_on_a_cortex_m4f() {
    cases().iter().for_each(|case| assert_replays_golden_trace("mps2-an386", case).unwrap());
}

#[test]
#[ignore = "needs QEMU and a core library: tests/run.sh emulator"]
fn a_golden_trace_is_the_same_on_every_board_of_the_table() {
    for machine in board::names() {
        assert_replays_golden_trace(&machine, &case("adaptive")).unwrap();
    }
}

#[test]
#[ignore = "needs QEMU and a core library: tests/run.sh emulator"]
fn an_episode_in_long_messages_ends_in_the_same_state_and_plastic_weights() {
    let case = case("signals");
    let artifact = case.artifact.artifact();
    let (mut places, mut memory) = (Places::new(), vec![0; Network::memory_words(&artifact)]);
    let mut host = Host::new(artifact, &mut places, &mut memory).unwrap();
    let mut board = Emulator::start("mps2-an386", &case.artifact).unwrap();
    let episode = episode(&case, 10 * MAX_FRAME);
    for freeze in [Freeze::Nothing, Freeze::Plasticity, Freeze::ThirdFactor] {
        let lived =
            [run_episode(&mut host, &episode, freeze).unwrap(), run_episode(&mut board, &episode, freeze).unwrap()];
        assert_eq!(lived[0], lived[1]);
        assert_eq!(host.state_hash().unwrap(), board.state_hash().unwrap(), "{freeze:?}");
        let synapses = 13 * 9;
        let plastic = host.plastic(0, synapses).unwrap();
        assert_eq!(plastic, board.plastic(0, synapses).unwrap());
        assert_eq!(plastic.iter().all(|weight| *weight == 0), freeze == Freeze::Plasticity);
    }
    assert_eq!(board.identity().state_bytes as usize, 8 * Network::memory_words(&case.artifact.artifact()));
}

#[test]
#[ignore = "needs QEMU and a core library: tests/run.sh emulator"]
fn a_trained_network_learns_the_same_on_a_board_as_on_the_host() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/artifacts/cue-association.plastic");
    let artifact = ArtifactFile::read(path.as_ref()).unwrap();
    let task = task::from_text(artifact.artifact().manifest().task_parameters, toml::Table::new()).unwrap();
    let unseen = Unseen { task: &*task, seed: 7, episodes: 50 };
    for freeze in [Freeze::Nothing, Freeze::Plasticity, Freeze::ThirdFactor] {
        let host = unseen.on_host(&artifact, freeze).unwrap();
        let board = unseen.on(&BodyName::Emulator("mps2-an386".into()), &artifact, freeze).unwrap();
        assert_eq!(host, board, "{freeze:?}");
        let learns = host.score.accuracy() > 0.9;
        assert_eq!(learns, freeze == Freeze::Nothing, "{freeze:?}: {host:?}");
    }
}

#[test]
#[ignore = "needs QEMU and a core library: tests/run.sh emulator"]
fn the_cost_of_a_step_is_the_same_in_every_run() {
    let case = case("event");
    let episode = episode(&case, STEPS);
    let costs = || {
        let mut board = Emulator::start_counting("mps2-an386", &case.artifact).unwrap();
        board.reset(Freeze::Nothing).unwrap();
        let mut cost = |step| board.run_some(&episode, step..step + 1).unwrap().cost;
        let costs: Vec<_> = (0..STEPS).map(&mut cost).collect();
        (board.identity().cost, costs)
    };
    let (unit, first) = costs();
    assert_eq!((unit, &first), (Cost::Instructions, &costs().1));
    // 117 synapses at no less than one instruction each, one tick at a time.
    assert!(first.iter().all(|cost| (120..100_000).contains(cost) && cost % 40 == 0), "{first:?}");
}

#[test]
#[ignore = "needs QEMU and a core library: tests/run.sh emulator"]
fn a_resumed_network_goes_on_the_same_on_a_board_as_on_the_host() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/artifacts/cue-association.plastic");
    let artifact = ArtifactFile::read(path.as_ref()).unwrap();
    let task = task::from_text(artifact.artifact().manifest().task_parameters, toml::Table::new()).unwrap();
    let unseen = Unseen { task: &*task, seed: 7, episodes: 5 };
    let learned = unseen.on_host(&artifact, Freeze::Nothing).unwrap().learned;
    for freeze in [Freeze::Nothing, Freeze::Plasticity] {
        let start = Start { freeze, learned: Some(&learned) };
        let on = |body| unseen.resumed(start, &body, &artifact).unwrap();
        let (host, board) = (on(BodyName::Host), on(BodyName::Emulator("mps2-an386".into())));
        assert_eq!(host, board, "{freeze:?}");
        assert_eq!(host.learned == learned, freeze == Freeze::Plasticity);
    }
}
