//! Flash with bit errors, stuck bits, read errors or unstable reads (section "A load").

use metaplastic_runtime::snapshot::{Action, SnapshotError, record_bytes};
use metaplastic_tests::corpus::case;
use metaplastic_tests::example;
use metaplastic_tests::flash::MockFlash;

use crate::bench::{Bench, Memory};

type Flash = MockFlash<1, 16, 32>;

/// Bytes of the example's record in units of 16.
const RECORD: usize = 64;
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
        let mut dead = Flash { power: Some(0), ..flash.clone() };
        let error = bench.save(&mut dead).unwrap_err();
        assert!(error.to_string().contains("Erase at 0x0 failed"), "{error}");
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
    for reads in 1..12 {
        let mut moody = MockFlash { unstable_after: Some(reads), ..flash.clone() };
        match bench.load_after_restart(&mut moody) {
            Ok((1, weights)) => whole += usize::from(weights == saved),
            Err(SnapshotError::Unstable) => zero += 1,
            Err(SnapshotError::NothingSaved) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(whole > 0 && zero > 0, "{whole} loads, {zero} noticed in the second pass");
}
