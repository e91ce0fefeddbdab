//! State files: plastic weights on the host computer. A file is a record (section "Record"), and every body
//! continues from it as if it had not stopped.

use std::fs;

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::{Body, Host, rollout, run_episode};
use metaplastic_host::plastic_weights::PlasticWeights;
use metaplastic_host::state_file::StateFile;
use metaplastic_runtime::{Freeze, Network, NetworkStorage};
use metaplastic_tests::corpus::{Case, case, cases, episode};
use metaplastic_tests::flash::MockFlash;
use proptest::prelude::*;

use crate::bench::{Bench, Memory, storage};

fn with_host<T>(file: &ArtifactFile, run: impl FnOnce(&mut Host<'_>) -> T) -> T {
    let artifact = file.artifact();
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    run(&mut Host::new(artifact, &mut storage).expect("the memory is as large as asked for"))
}

fn plastic_weights(host: &mut Host<'_>, case: &Case) -> PlasticWeights {
    PlasticWeights::read(host, &case.artifact.artifact().manifest().network).unwrap()
}

/// Writes a state to a file and reads it back.
fn through_a_file(state: &StateFile, case: &Case) -> StateFile {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("learned.state");
    state.write(&path, &case.artifact).unwrap();
    StateFile::read(&path, &case.artifact).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_resumed_network_continues_as_if_it_had_not_stopped(index in 0..16_usize, before in 1..120_usize, after in 1..120_usize, save in any::<u32>()) {
        let case = cases().swap_remove(index);
        let (first, second) = (episode(&case, before), episode(&case, after));
        let (state, hash) = with_host(&case.artifact, |host| {
            run_episode(host, &first, Freeze::Nothing).unwrap();
            let state = StateFile { save, plastic_weights: plastic_weights(host, &case) };
            host.network_mut().begin_episode(Freeze::Nothing);
            rollout(host, &second).unwrap();
            (state, host.state_hash().unwrap())
        });
        let resumed = through_a_file(&state, &case);
        prop_assert_eq!(&resumed, &state);
        with_host(&case.artifact, |host| {
            run_episode(host, &second, Freeze::Nothing).unwrap();
            host.reset(Freeze::Nothing).unwrap();
            resumed.plastic_weights.write(host).unwrap();
            rollout(host, &second).unwrap();
            assert_eq!(host.state_hash().unwrap(), hash, "{}", case.name);
        });
    }
}

#[test]
fn a_slot_read_out_of_a_board_is_a_state_file() {
    let case = case("event");
    let mut memory = Memory::default();
    let mut bench = Bench::new(&case.artifact, &mut memory);
    let weights = bench.learn(5);
    let mut flash = MockFlash::<1, 16, 512>::new(2);
    storage(&mut flash, &bench.network).save(&bench.network).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slot.bin");
    fs::write(&path, &flash.bytes[..512]).unwrap();
    let state = StateFile::read(&path, &case.artifact).unwrap();
    assert_eq!(state.save, 1);
    assert_eq!(
        state.plastic_weights.projections().iter().flat_map(|(_, weights)| weights.clone()).collect::<Vec<_>>(),
        weights
    );
}

#[test]
fn every_flipped_bit_and_every_truncation_of_a_file_is_refused() {
    let case = case("event");
    let state = with_host(&case.artifact, |host| {
        run_episode(host, &episode(&case, 100), Freeze::Nothing).unwrap();
        StateFile { save: 1, plastic_weights: plastic_weights(host, &case) }
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("learned.state");
    state.write(&path, &case.artifact).unwrap();
    let whole = fs::read(&path).unwrap();
    assert_eq!(whole.len(), 24 + 4 + 2 * (13 * 9 + 9 * 5) + 8);
    let refused = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        StateFile::read(&path, &case.artifact).expect_err("a damaged file is refused")
    };
    for bit in 0..8 * whole.len() {
        let mut damaged = whole.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        refused(&damaged);
    }
    (0..whole.len()).for_each(|length| drop(refused(&whole[..length])));
}
