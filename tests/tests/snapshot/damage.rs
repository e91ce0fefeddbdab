//! Flash with bit errors, stuck bits, read errors or unstable reads (section "A load").

use metaplastic_runtime::snapshot::{Action, SnapshotError, record_bytes};
use metaplastic_shared::checksum::CRC;
use metaplastic_shared::wire::Refusal;
use metaplastic_tests::corpus::case;
use metaplastic_tests::example;
use metaplastic_tests::flash::MockFlash;
use rand::SeedableRng;
use rand_pcg::Pcg32;

use crate::bench::{Bench, Memory};

type Flash = MockFlash<1, 16, 32>;

/// Bytes of the example's record in units of 16.
const RECORD: usize = 64;
/// The offset of its commit record.
const COMMIT: usize = 48;
const SLOT: usize = 96;

/// The example with a save in each slot, and the weights of both saves.
fn with_two_saves(test: impl FnOnce(&mut Bench<'_>, &Flash, [Vec<i16>; 2])) {
    assert_eq!(RECORD, record_bytes(12, 16) as usize);
    let file = example::artifact();
    let mut memory = Memory::default();
    let mut bench = Bench::new(&file, &mut memory);
    let mut flash = Flash::new(2 * SLOT / 32);
    let weights = [1, 2].map(|seed| {
        let weights = bench.learn(seed);
        assert_eq!(bench.save(&mut flash), Ok(seed));
        weights
    });
    test(&mut bench, &flash, weights);
}

#[test]
fn every_bit_error_of_a_record_is_detected() {
    with_two_saves(|bench, flash, [first, second]| {
        for bit in 0..8 * RECORD {
            let flip = |flash: &mut Flash, slot: usize| flash.bytes[slot * SLOT + bit / 8] ^= 1 << (bit % 8);
            let mut damaged = flash.clone();
            flip(&mut damaged, 0);
            assert_eq!(
                bench.load_after_restart(&mut damaged),
                Ok((2, second.clone())),
                "bit {bit} of the older save"
            );
            let mut damaged = flash.clone();
            flip(&mut damaged, 1);
            assert_eq!(
                bench.load_after_restart(&mut damaged),
                Ok((1, first.clone())),
                "bit {bit} of the newer save"
            );
            flip(&mut damaged, 0);
            assert_eq!(
                bench.load_after_restart(&mut damaged),
                Err(SnapshotError::NothingSaved),
                "bit {bit} of both"
            );
        }
    });
}

#[test]
fn a_stuck_bit_is_detected_and_the_previous_save_stays() {
    with_two_saves(|bench, flash, [_, second]| {
        let mut noticed = 0;
        for bit in 0..8 * RECORD {
            let mut worn = Flash { stuck: Some((bit / 8, 1 << (bit % 8))), ..flash.clone() };
            let third = bench.learn(3);
            match bench.save(&mut worn) {
                Ok(save) => assert_eq!(bench.load_after_restart(&mut worn), Ok((save, third))),
                Err(error) => {
                    noticed += 1;
                    assert_eq!(error, SnapshotError::Verify, "bit {bit}");
                    // A body that does not read back is not committed (step 4 of "A save").
                    let commit = &worn.bytes[COMMIT..RECORD];
                    assert!(bit / 8 >= COMMIT || commit.iter().all(|byte| *byte == 0xff), "bit {bit}");
                    assert_eq!(bench.load_after_restart(&mut worn), Ok((2, second.clone())), "bit {bit}");
                }
            }
        }
        assert!(noticed > RECORD, "{noticed}");
    });
}

#[test]
fn a_slot_that_cannot_be_read_leaves_the_other() {
    with_two_saves(|bench, flash, [first, second]| {
        let mut broken = Flash { unreadable: SLOT..2 * SLOT, ..flash.clone() };
        assert_eq!(bench.load_after_restart(&mut broken), Ok((1, first)));
        broken.unreadable = 0..SLOT;
        assert_eq!(bench.load_after_restart(&mut broken), Ok((2, second)));
        let failed = |action| matches!(action, Err(SnapshotError::Flash { action: Action::Read, offset: 0, .. }));
        assert!(failed(bench.save(&mut broken)), "what cannot be read back is not saved");
        broken.unreadable = 0..2 * SLOT;
        assert!(failed(bench.load_after_restart(&mut broken).map(|(save, _)| save)));
    });
}

#[test]
fn a_flash_without_power_is_an_error_with_an_address() {
    with_two_saves(|bench, flash, _| {
        for (power, action) in [(0, "Read"), (1, "Erase")] {
            let mut dead = Flash { power: Some(power), ..flash.clone() };
            let error = bench.save(&mut dead).unwrap_err();
            assert!(error.to_string().contains(&format!("{action} at 0x0 failed")), "{error}");
        }
        let mut dying = Flash { power: Some(64), ..flash.clone() };
        let error = bench.save(&mut dying).unwrap_err();
        assert!(error.to_string().contains("Write at 0x0 failed"), "{error}");
    });
}

/// Reads of this flash change after the check: the weights are then those of one save or zero, never a mix.
#[test]
fn a_flash_that_reads_differently_each_time_leaves_no_mix() {
    let file = case("event").artifact;
    let mut memory = Memory::default();
    let mut bench = Bench::new(&file, &mut memory);
    let mut flash = MockFlash::<1, 4, 64>::new(12);
    let saved = bench.learn(1);
    bench.save(&mut flash).unwrap();
    let (mut whole, mut zero) = (0, 0);
    for reads in 0..12 {
        let mut moody = MockFlash { reads: 0, flipping_reads: reads..usize::MAX, ..flash.clone() };
        match bench.load_after_restart(&mut moody) {
            Ok((1, weights)) => whole += usize::from(weights == saved),
            Err(SnapshotError::Unstable) => zero += 1,
            Err(SnapshotError::NothingSaved) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(whole > 0 && zero > 0, "{whole} loads, {zero} noticed in the second pass");
}

/// Reads 0 and 1 check the slots, 2 reads the body back, 3 and on the whole record.
#[test]
fn a_save_whose_record_cannot_be_read_at_last_is_an_error_of_the_flash() {
    with_two_saves(|bench, flash, _| {
        bench.learn(3);
        let mut worn = Flash { reads: 0, failing_reads: 3..usize::MAX, ..flash.clone() };
        let saved = bench.save(&mut worn);
        assert!(matches!(saved, Err(SnapshotError::Flash { action: Action::Read, .. })), "{saved:?}");
    });
}

/// A complete record of the network's artifact that holds another number of weights, as no program writes it.
fn forged_record(artifact: u32) -> Vec<u8> {
    let fields =
        [&b"PLASTICP\x01\0\x10\0"[..], &artifact.to_le_bytes(), &1_u32.to_le_bytes(), &10_u32.to_le_bytes()];
    let mut record = fields.concat();
    record.resize(24 + 10, 0);
    record.resize(COMMIT, 0xff);
    let checksum = CRC.checksum(&record);
    record.extend([1_u32, checksum].map(u32::to_le_bytes).concat());
    record.resize(RECORD, 0xff);
    record
}

/// Whatever is wrong with the save before it, an unstable one has cost the network its weights, and that is what is said.
#[test]
fn an_unstable_save_is_the_error_also_where_the_one_before_it_does_not_fit() {
    with_two_saves(|bench, flash, [_, second]| {
        let mut forged = flash.clone();
        forged.bytes[..RECORD].copy_from_slice(&forged_record(bench.network.artifact().checksum()));
        assert_eq!(bench.load_after_restart(&mut forged), Ok((2, second.clone())));
        let mut alone = forged.clone();
        alone.bytes[SLOT] = 0;
        let does_not_fit = Err(SnapshotError::Length { saved: 10, needed: 12 });
        assert_eq!(bench.load_after_restart(&mut alone), does_not_fit);
        let mut unstable = 0;
        for seed in 0..20 {
            let random = Pcg32::seed_from_u64(seed);
            let mut worn = Flash { reads: 0, flipping_reads: 2..5, random, ..forged.clone() };
            match bench.load_after_restart(&mut worn) {
                Ok(loaded) => assert_eq!(loaded, (2, second.clone())),
                Err(error) => {
                    assert_eq!(error, SnapshotError::Unstable);
                    assert_eq!(Refusal::from(error), Refusal::PlasticWeightsLost);
                    unstable += 1;
                }
            }
        }
        assert!(unstable > 0);
    });
}

/// Runs `test` with every run of one, and of two, successive reads of an operation, until it has no more.
fn with_every_bad_read(reads: usize, flash: &Flash, mut test: impl FnMut(Flash, String)) {
    assert!(reads > 2, "{reads} reads");
    for (first, length) in (0..reads).flat_map(|first| [(first, 1), (first, 2)]) {
        let bad = first..first + length;
        let fresh = || Flash { reads: 0, ..flash.clone() };
        test(Flash { failing_reads: bad.clone(), ..fresh() }, format!("reads {bad:?} fail"));
        test(Flash { flipping_reads: bad.clone(), ..fresh() }, format!("reads {bad:?} flip a bit"));
    }
}

#[test]
fn a_failure_of_a_read_that_does_not_last_never_brings_back_an_older_save() {
    with_two_saves(|bench, flash, [_, second]| {
        let third = bench.learn(3);
        let mut saves = [0, 0];
        let mut sound = Flash { reads: 0, ..flash.clone() };
        bench.save(&mut sound).unwrap();
        with_every_bad_read(sound.reads, flash, |mut worn, fault| {
            let saved = bench.save(&mut worn);
            saves[usize::from(saved.is_ok())] += 1;
            let expected = if saved.is_ok() { (3, third.clone()) } else { (2, second.clone()) };
            assert_eq!(bench.load_after_restart(&mut worn), Ok(expected), "{fault}: {saved:?}");
            bench.learn(3);
        });
        assert!(saves[0] < saves[1], "{saves:?}: most faults are read over");
    });
}

#[test]
fn a_failure_of_a_read_that_does_not_last_is_read_over_by_a_load() {
    with_two_saves(|bench, flash, [_, second]| {
        let mut sound = Flash { reads: 0, ..flash.clone() };
        bench.load_after_restart(&mut sound).unwrap();
        with_every_bad_read(sound.reads, flash, |mut worn, fault| {
            assert_eq!(bench.load_after_restart(&mut worn), Ok((2, second.clone())), "{fault}");
        });
    });
}

#[test]
fn a_save_that_reads_differently_each_time_leaves_the_one_before_it() {
    with_two_saves(|bench, flash, [first, _]| {
        let mut loads = 0;
        // Reads 0 and 1 check the slots; 2 to 4 are the attempts to read the newer save into the network.
        for (start, seed) in (0..6).flat_map(|start| (0..20).map(move |seed| (start, seed))) {
            let random = Pcg32::seed_from_u64(seed);
            let mut worn = Flash { reads: 0, flipping_reads: start..start + 3, random, ..flash.clone() };
            let loaded = bench.load_after_restart(&mut worn);
            assert!(loaded.is_ok(), "reads from {start} on: {loaded:?}");
            loads += usize::from(loaded == Ok((1, first.clone())));
        }
        assert!(loads > 0);
    });
}

/// A slot may be unreadable for a time and the only one with a save: its number must not win later.
#[test]
fn a_save_beside_a_slot_that_cannot_be_read_is_the_one_that_is_loaded() {
    let file = example::artifact();
    let mut memory = Memory::default();
    let mut bench = Bench::new(&file, &mut memory);
    let mut flash = Flash::new(2 * SLOT / 32);
    bench.learn(1);
    bench.save(&mut flash).unwrap();
    let mut worn = Flash { unreadable: 0..SLOT, ..flash.clone() };
    let second = bench.learn(2);
    let save = bench.save(&mut worn).unwrap();
    worn.unreadable = 0..0;
    assert_eq!(bench.load_after_restart(&mut worn), Ok((save, second)));
    let mut dead = Flash { unreadable: 0..2 * SLOT, ..flash.clone() };
    assert!(matches!(bench.save(&mut dead), Err(SnapshotError::Flash { action: Action::Read, .. })));
    assert_eq!(dead.worked, flash.worked, "nothing is erased where nothing can be read");
}
