//! Loaded weights are those of the save, for every network. Saves have a number, alternate between slots and belong
//! to an artifact (sections "A save", "A load" and "Wear").

use metaplastic_runtime::snapshot::{SnapshotError, SnapshotStorage};
use metaplastic_runtime::{Freeze, Network};
use metaplastic_shared::checksum::CRC;
use metaplastic_shared::wire::Refusal;
use metaplastic_task::episode::Episode;
use metaplastic_tests::corpus::{case, cases, episode, step};
use metaplastic_tests::flash::MockFlash;

use crate::bench::{Bench, Memory};

type Flash = MockFlash<4, 4, 64>;

/// Pages for two slots of any network of the corpus.
const PAGES: usize = 24;
/// Pages enough for two saves of any network of the corpus.
const MOST_PAGES: usize = 32;

#[test]
fn every_networks_weights_are_loaded_as_saved() {
    for case in cases() {
        let mut memories = [Memory::default(), Memory::default()];
        let [first, second] = &mut memories;
        let (mut saving, mut loading) = (Bench::new(&case.artifact, first), Bench::new(&case.artifact, second));
        let mut flash = Flash::new(MOST_PAGES);
        for seed in 1..=3 {
            let weights = saving.learn(seed);
            assert_eq!(saving.save(&mut flash), Ok(seed), "{}", case.name);
            assert_eq!(loading.load_after_restart(&mut flash), Ok((seed, weights)), "{}", case.name);
        }
    }
}

fn run(network: &mut Network<'_>, episode: &Episode) {
    (0..episode.steps).for_each(|at| step(network, episode, at));
}

#[test]
fn a_loaded_network_continues_as_if_it_had_not_stopped() {
    for case in cases() {
        let episode = episode(&case, 200);
        let mut memories = [Memory::default(), Memory::default()];
        let [first, second] = &mut memories;
        let mut continued = Bench::new(&case.artifact, first).network;
        let mut loaded = Bench::new(&case.artifact, second).network;
        let mut storage =
            SnapshotStorage::new(Flash::new(MOST_PAGES), 0..(64 * MOST_PAGES) as u32, &continued).unwrap();
        run(&mut continued, &episode);
        storage.save(&continued).unwrap();
        // The state before the load must not matter.
        run(&mut loaded, &episode);
        run(&mut loaded, &episode);
        storage.load(&mut loaded).unwrap();
        for network in [&mut continued, &mut loaded] {
            network.begin_episode(Freeze::Nothing);
            run(network, &episode);
        }
        assert_eq!(continued.state_hash(), loaded.state_hash(), "{}", case.name);
    }
}

/// Version 1 had no age.
#[test]
fn a_save_of_version_1_is_loaded_at_age_0() {
    let file = case("event").artifact;
    let mut memories = [Memory::default(), Memory::default()];
    let [first, second] = &mut memories;
    let mut bench = Bench::new(&file, first);
    let weights = bench.learn(3);
    let mut flash = MockFlash::<1, 1, 64>::new(PAGES);
    bench.save(&mut flash).unwrap();
    let length = 2 * weights.len();
    let mut record = flash.bytes[..24].to_vec();
    record[8] = 1;
    record[20..24].copy_from_slice(&(length as u32).to_le_bytes());
    record.extend(&flash.bytes[28..28 + length]);
    let checksum = CRC.checksum(&record);
    record.extend(1_u32.to_le_bytes());
    record.extend(checksum.to_le_bytes());
    flash.bytes.fill(0xff);
    flash.bytes[..record.len()].copy_from_slice(&record);
    let mut loading = Bench::new(&file, second);
    loading.network.set_age(7);
    assert_eq!(loading.load_after_restart(&mut flash), Ok((1, weights)));
    assert_eq!(loading.network.age(), 0);
}

#[test]
fn each_page_is_erased_every_other_save() {
    let file = case("event").artifact;
    let mut memory = Memory::default();
    let mut bench = Bench::new(&file, &mut memory);
    let mut flash = Flash::new(PAGES);
    for save in 1..=100 {
        bench.learn(save);
        assert_eq!(bench.save(&mut flash), Ok(save));
    }
    // 360 bytes are six pages of 64; a slot has twelve.
    let slot = |page: usize| if page < 6 { 50 } else { 0 };
    assert_eq!(flash.erasures, (0..PAGES).map(|page| slot(page % 12)).collect::<Vec<_>>());
}

#[test]
fn another_artifacts_save_is_not_loaded_and_is_overwritten() {
    let (event, free) = (case("event").artifact, case("free").artifact);
    let mut memories = [Memory::default(), Memory::default()];
    let [first, second] = &mut memories;
    let (mut event, mut free) = (Bench::new(&event, first), Bench::new(&free, second));
    let mut flash = Flash::new(PAGES);
    event.learn(1);
    event.save(&mut flash).unwrap();
    let learned = event.learn(2);
    assert_eq!(event.save(&mut flash), Ok(2));
    let [saved, ours] = [&event, &free].map(|bench| bench.network.artifact().checksum());
    let error = free.load_after_restart(&mut flash).unwrap_err();
    assert_eq!(error, SnapshotError::Artifact { saved, ours });
    assert_eq!(Refusal::from(error), Refusal::NothingSaved);
    for checksum in [saved, ours] {
        assert!(error.to_string().contains(&format!("{checksum:08x}")), "{error}");
    }
    // The older of the two is overwritten first; the previous firmware can still load the newer.
    let relearned = free.learn(3);
    assert_eq!(free.save(&mut flash), Ok(3));
    assert_eq!(event.load_after_restart(&mut flash), Ok((2, learned)));
    assert_eq!(free.load_after_restart(&mut flash), Ok((3, relearned)));
    assert_eq!(free.save(&mut flash), Ok(4));
    assert!(matches!(event.load_after_restart(&mut flash), Err(SnapshotError::Artifact { .. })));
}

/// A record has the write unit that it was written with; a driver with a finer unit can read it.
#[test]
fn a_record_of_a_coarser_driver_is_read() {
    let file = case("event").artifact;
    let mut memory = Memory::default();
    let mut bench = Bench::new(&file, &mut memory);
    let mut coarse = MockFlash::<1, 32, 64>::new(PAGES);
    let weights = bench.learn(1);
    bench.save(&mut coarse).unwrap();
    let mut fine = MockFlash::<1, 1, 64>::new(PAGES);
    fine.bytes = coarse.bytes;
    assert_eq!(bench.load_after_restart(&mut fine), Ok((1, weights)));
}
