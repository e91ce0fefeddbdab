//! The firmware in QEMU computes exactly what the host does. Ignored by default: the tests need QEMU and a core
//! library for the boards, which `tests/run.sh setup` installs.

use std::borrow::Cow;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::qemu::{QEMU, Time, qemu_arguments};
use metaplastic_host::body::{Body, BodyError, BodyName, Emulator, Host, Remote, run_episode};
use metaplastic_host::evaluate::{EvaluationStart, Evaluator, StartWeights};
use metaplastic_host::firmware::Firmware;
use metaplastic_host::plastic_weights::PlasticWeights;
use metaplastic_host::recording::{RecordedSteps, RecordingPlan, record};
use metaplastic_runtime::{Network, NetworkStorage};
use metaplastic_shared::artifact::Section;
use metaplastic_shared::board::{BOARDS, Board, QemuMachine};
use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::wire::{Cost, MAX_FRAME};
use metaplastic_task::episode::Episode;
use metaplastic_task::unseen::{Episodes, Unseen, UnseenLives};
use metaplastic_task::{Task, data_table};
use metaplastic_tests::corpus::{Case, case, cases, episode};
use metaplastic_tests::forge::{MANIFEST_AT, filled, manifest_end, overlong, repaired};
use metaplastic_tests::golden::{HEADER, STEPS, assert_golden, read_hashes, replay_input};
use metaplastic_tests::trained::{artifact, task_of};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

fn assert_serves_golden_trace(machine: &str, case: &Case) -> Result<(), BodyError> {
    let mut board = Emulator::start(machine, &case.artifact)?;
    let episode = episode(case, STEPS);
    board.reset(Freeze::Nothing)?;
    for (step, expected) in read_hashes(case.name).into_iter().enumerate() {
        board.run(&episode, step..step + 1)?;
        assert_eq!(board.state_hash()?, expected, "{machine}, {}, step {step}", case.name);
    }
    Ok(())
}

/// The boards that QEMU emulates.
fn emulated() -> impl Iterator<Item = (&'static Board, QemuMachine)> {
    BOARDS.iter().filter_map(|board| Some((board, board.qemu()?)))
}

/// Builds a binary of a board that reads its artifacts, although it embeds one.
fn build(board: &Board, binary: &'static str, elf: &Path) {
    let artifact = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/artifacts/cue-association.plastic"));
    let built = Firmware { board, artifact, binary }.build(elf);
    built.unwrap_or_else(|error| panic!("{}: {error}", board.name));
}

/// What a board's binary prints, given this input.
fn printed(machine: QemuMachine, elf: &Path, bytes: &[u8]) -> String {
    let mut input = tempfile::tempfile().expect("a temporary file");
    input.write_all(bytes).and_then(|()| input.rewind()).expect("the temporary file takes it");
    let said = Command::new("timeout")
        .args(["60", QEMU])
        .args(qemu_arguments(machine, Time::Hosts))
        .arg(elf)
        .stdin(input)
        .output()
        .expect("QEMU runs");
    assert!(said.status.success(), "{machine:?}: {}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8_lossy(&said.stdout).into_owned()
}

/// The output of a board that replays a case.
fn replayed(machine: QemuMachine, elf: &Path, case: &Case) -> String {
    HEADER.to_owned() + &printed(machine, elf, &replay_input(case))
}

#[test]
#[ignore = "needs QEMU and a core library: tests/run.sh emulator"]
fn every_golden_trace_is_the_same_on_every_emulated_board() {
    let folder = tempfile::tempdir().unwrap();
    let elf = folder.path().join("golden.elf");
    for (board, machine) in emulated() {
        build(board, "golden", &elf);
        cases().iter().for_each(|case| assert_golden(board.name, case.name, &replayed(machine, &elf, case)));
        println!("{}, {}: {} traces of {STEPS} steps", board.name, board.core, cases().len());
    }
}

/// Artifacts with every byte of the manifest overlong, and with every byte of it changed.
fn forgeries(original: &ArtifactFile) -> Vec<Vec<u8>> {
    let end = manifest_end(original.bytes());
    let changed = (MANIFEST_AT..end).flat_map(|at| [0x01, 0x08, 0x80, 0xff].map(|bits| (at, bits)));
    let changed = changed.map(|(at, bits)| {
        let mut bytes = original.bytes().to_vec();
        bytes[at] ^= bits;
        repaired(bytes)
    });
    [original.bytes().to_vec()].into_iter().chain(overlong(original)).chain(changed).collect()
}

#[test]
#[ignore = "needs QEMU and a core library: tests/run.sh emulator"]
fn a_board_decodes_what_the_host_decodes_and_refuses_all_else_for_the_same_reason() {
    let forgeries = forgeries(&case("analog").artifact);
    let result = |bytes: &Vec<u8>| match ArtifactFile::from_bytes(bytes) {
        Ok(_) => "decodes\n".to_owned(),
        Err(error) => format!("{error}\n"),
    };
    let expected: Vec<_> = forgeries.iter().map(result).collect();
    let folder = tempfile::tempdir().unwrap();
    let elf = folder.path().join("decoder.elf");
    for (board, machine) in emulated() {
        build(board, "decoder", &elf);
        let printed = printed(machine, &elf, &forgeries.concat());
        let found: Vec<_> = printed.split_inclusive('\n').collect();
        assert_eq!(found.len(), expected.len(), "{}", board.name);
        for ((found, expected), bytes) in found.iter().zip(&expected).zip(&forgeries) {
            assert_eq!(found, expected, "{}: {bytes:02x?}", board.name);
        }
        println!("{}, {}: {} artifacts", board.name, board.core, expected.len());
    }
}

#[test]
#[ignore = "needs QEMU and a core library: tests/run.sh emulator"]
fn a_golden_trace_is_the_same_served_by_every_emulated_board() {
    for (board, _) in emulated() {
        assert_serves_golden_trace(board.name, &case("adaptive")).unwrap();
    }
}

#[test]
#[ignore = "needs QEMU and a core library: tests/run.sh emulator"]
fn an_episode_in_long_messages_ends_in_the_same_state_and_plastic_weights() {
    let case = case("analog");
    let artifact = case.artifact.artifact();
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    let mut host = Host::new(artifact, &mut storage).unwrap();
    let mut board = Emulator::start("mps2-an386", &case.artifact).unwrap();
    let episode = episode(&case, 10 * MAX_FRAME);
    for freeze in [Freeze::Nothing, Freeze::Plasticity, Freeze::ThirdFactor] {
        let rollout =
            [run_episode(&mut host, &episode, freeze).unwrap(), run_episode(&mut board, &episode, freeze).unwrap()];
        assert_eq!(rollout[0], rollout[1]);
        assert_eq!(host.state_hash().unwrap(), board.state_hash().unwrap(), "{freeze:?}");
        let synapses = 13 * 9;
        let plastic = host.plastic(0, synapses).unwrap();
        assert_eq!(plastic, board.plastic(0, synapses).unwrap());
        assert_eq!(plastic.iter().all(|weight| *weight == 0), freeze == Freeze::Plasticity);
    }
    assert_eq!(board.identity().state_bytes as usize, 8 * Network::memory_words(&case.artifact.artifact()));
}

/// Every array of every step, of networks whose eligibility decays densely and lazily, with convolutions, and in a world.
#[test]
#[ignore = "needs QEMU and a core library: tests/run.sh emulator"]
fn a_recording_of_an_emulated_board_is_that_of_the_host() {
    for name in ["adaptive", "convolution-synaptic", "free-postsynaptic", "event-slow-decay"] {
        let case = case(name);
        assert_records_the_same(&case.artifact, &episode(&case, 40), RecordedSteps::default());
    }
    for (name, every) in [("cue-association", 30), ("adaptive-control-weak-drive", 400), ("bandit", 9)] {
        let artifact = artifact(name);
        let task = task_of(&artifact, toml::Table::new());
        let episode = Unseen { task: &*task, seed: 1, episodes: 1 }.episode(0);
        assert_records_the_same(&artifact, &episode, RecordedSteps { every, ..RecordedSteps::default() });
    }
}

fn assert_records_the_same(artifact: &ArtifactFile, episode: &Episode, steps: RecordedSteps) {
    let plan = RecordingPlan::new(artifact, steps, &[]).expect("a plan of everything");
    let [host, board] = [BodyName::Host, BodyName::Emulator("mps2-an386".into())]
        .map(|body| record(&body, artifact, &plan, &One(episode), 0..1).expect("a recording"));
    assert!(host.arrays.len() > 10, "{:?}", host.arrays.keys());
    for (name, array) in &host.arrays {
        assert!(board.arrays.get(name) == Some(array), "{name}");
    }
    assert_eq!(board, host);
}

/// One episode.
struct One<'e>(&'e Episode);

impl Episodes for One<'_> {
    fn count(&self) -> u64 {
        1
    }

    fn episode(&self, _: u64) -> Cow<'_, Episode> {
        Cow::Borrowed(self.0)
    }
}

#[test]
#[ignore = "needs QEMU and a core library: tests/run.sh emulator"]
fn a_trained_network_learns_the_same_on_a_board_as_on_the_host() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/artifacts/cue-association.plastic");
    let artifact = ArtifactFile::read(path.as_ref()).unwrap();
    let task = task_of(&artifact, toml::Table::new());
    let unseen = Unseen { task: &*task, seed: 7, episodes: 50 };
    for freeze in [Freeze::Nothing, Freeze::Plasticity, Freeze::ThirdFactor] {
        let host = Evaluator::host(&artifact, freeze).evaluate(&unseen).unwrap();
        let board =
            Evaluator::new(&BodyName::Emulator("mps2-an386".into()), &artifact, freeze).evaluate(&unseen).unwrap();
        assert_eq!(host, board, "{freeze:?}");
        let learns = host.score.accuracy() > 0.9;
        assert_eq!(learns, freeze == Freeze::Nothing, "{freeze:?}: {host:?}");
    }
}

#[test]
#[ignore = "needs QEMU and a core library: tests/run.sh emulator"]
fn a_life_without_a_reset_is_the_same_on_a_board_as_on_the_host() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/artifacts/cue-association.plastic");
    let artifact = ArtifactFile::read(path.as_ref()).unwrap();
    let task = task_of(&artifact, toml::Table::new());
    for freeze in [Freeze::Nothing, Freeze::Plasticity, Freeze::ThirdFactor] {
        assert_lives_alike(&artifact, UnseenLives { task: &*task, seed: 7, life: 12, lives: 2 }, freeze);
    }
    let (artifact, task) = characters();
    assert_lives_alike(&artifact, UnseenLives { task: &*task, seed: 7, life: 2, lives: 1 }, Freeze::Nothing);
}

fn assert_lives_alike(artifact: &ArtifactFile, lives: UnseenLives<'_>, freeze: Freeze) {
    let on = |body| Evaluator::new(&body, artifact, freeze).evaluate(&lives).expect("the body lives on");
    let (host, board) = (on(BodyName::Host), on(BodyName::Emulator("mps2-an386".into())));
    assert_eq!(host, board, "{freeze:?}");
    assert_eq!(host.by_episode.len() as u64, lives.life * lives.lives);
}

/// The small network for characters, and 5-way episodes. They are from Omniglot if it is in `METAPLASTIC_OMNIGLOT`
/// or beside the repository, and synthetic otherwise.
fn characters() -> (ArtifactFile, Box<dyn Task>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let artifact = ArtifactFile::read(&folder.join("artifacts/one-shot-small.plastic")).expect("it is checked in");
    let given = std::env::var_os("METAPLASTIC_OMNIGLOT").map(PathBuf::from);
    let beside = folder.join("../../shared/data/omniglot");
    let data = given.or_else(|| beside.exists().then_some(beside));
    let synthetic = "source = 'synthetic'\nheld_out = ['Synthetic_10']\nvalidation = []";
    let source = if data.is_some() { "" } else { synthetic };
    let mut replaced: toml::Table = format!("ways = 5\nqueries = 4\n{source}").parse().expect("TOML");
    replaced.extend(data_table(data.as_deref()));
    let task = task_of(&artifact, replaced);
    (artifact, task)
}

#[test]
#[ignore = "needs QEMU and a core library: tests/run.sh emulator"]
fn five_characters_are_learned_the_same_on_a_board_as_on_the_host() {
    let (file, task) = characters();
    let artifact = file.artifact();
    let network = artifact.manifest().network;
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    let mut host = Host::new(artifact, &mut storage).unwrap();
    let mut board = Emulator::start("mps2-an386", &file).unwrap();
    let episode = Unseen { task: &*task, seed: 7, episodes: 1 }.episode(0);
    for freeze in [Freeze::Nothing, Freeze::Plasticity] {
        let rollout = run_episode(&mut host, &episode, freeze).unwrap();
        assert_eq!(run_episode(&mut board, &episode, freeze).unwrap(), rollout, "{freeze:?}");
        assert_eq!(board.state_hash().unwrap(), host.state_hash().unwrap(), "{freeze:?}");
        let plastic_weights = PlasticWeights::read(&mut host, &network).unwrap();
        assert_eq!(PlasticWeights::read(&mut board, &network).unwrap(), plastic_weights, "{freeze:?}");
        let right = episode
            .decisions
            .iter()
            .zip(&rollout.class_scores)
            .filter(|(decision, class_scores)| decision.is_right(class_scores));
        let (right, all) = (right.count(), episode.decisions.len());
        println!("{freeze:?}: {right} of {all} right on both, state {:016x}", host.state_hash().unwrap());
        assert_eq!(2 * right > all, freeze == Freeze::Nothing, "{freeze:?}: {right} of {all}");
    }
}

/// 56 inputs, 40 hidden and 8 output neurons with all their synapses plastic.
fn for_a_micro_bit() -> ArtifactFile {
    let original = case("event").artifact;
    let mut manifest = original.artifact().manifest();
    for (population, size) in manifest.network.populations.iter_mut().zip([56, 40, 8, 4]) {
        population.size = size;
    }
    let mut random = Pcg32::seed_from_u64(16);
    let byte = |section, at| match section {
        Section::Bias(_) if at % 2 == 1 => 0,
        Section::Coefficients(_) if at % 2 == 1 => 12,
        _ => random.random_range(0..60),
    };
    filled(&manifest, byte).expect("a sound network")
}

#[test]
#[ignore = "needs QEMU and a core library: tests/run.sh emulator"]
fn a_micro_bit_runs_two_and_a_half_thousand_plastic_synapses() {
    let case = Case { name: "micro:bit", artifact: for_a_micro_bit() };
    let artifact = case.artifact.artifact();
    assert_eq!(artifact.manifest().network.plastic_synapses(), 2560);
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    let mut host = Host::new(artifact, &mut storage).unwrap();
    let mut board = Emulator::start("microbit", &case.artifact).unwrap();
    let episode = episode(&case, STEPS);
    for body in [&mut host as &mut dyn Body, &mut board] {
        body.reset(Freeze::Nothing).unwrap();
        body.run(&episode, 0..STEPS).unwrap();
    }
    let plastic = host.plastic(0, 56 * 40).unwrap();
    assert!(plastic.iter().any(|weight| *weight != 0), "nothing was learned");
    assert_eq!(board.plastic(0, 56 * 40).unwrap(), plastic);
    assert_eq!(board.state_hash().unwrap(), host.state_hash().unwrap());
}

#[test]
#[ignore = "needs QEMU and a core library: tests/run.sh emulator"]
fn the_cost_of_a_step_is_the_same_in_every_run() {
    let case = case("event");
    let episode = episode(&case, STEPS);
    let costs = || {
        let mut board = Emulator::start_counting("mps2-an386", &case.artifact).unwrap();
        board.reset(Freeze::Nothing).unwrap();
        let mut cost = |step| board.run_message(&episode, step..step + 1).unwrap().cost;
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
fn a_resumed_network_continues_the_same_on_a_board_as_on_the_host() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/artifacts/cue-association.plastic");
    let artifact = ArtifactFile::read(path.as_ref()).unwrap();
    let task = task_of(&artifact, toml::Table::new());
    let unseen = Unseen { task: &*task, seed: 7, episodes: 5 };
    let plastic_weights = Evaluator::host(&artifact, Freeze::Nothing).evaluate(&unseen).unwrap().plastic_weights;
    for freeze in [Freeze::Nothing, Freeze::Plasticity] {
        let start = EvaluationStart { freeze, plastic_weights: StartWeights::Given(&plastic_weights) };
        let on = |body| Evaluator::new(&body, &artifact, start).evaluate(&unseen).unwrap();
        let (host, board) = (on(BodyName::Host), on(BodyName::Emulator("mps2-an386".into())));
        assert_eq!(host, board, "{freeze:?}");
        let same = host.plastic_weights.projections() == plastic_weights.projections();
        assert_eq!(same, freeze == Freeze::Plasticity);
    }
}
