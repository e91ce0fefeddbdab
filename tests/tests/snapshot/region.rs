//! Regions and flashes that cannot hold two slots are refused with the limit (section "Region and slots").

use std::ops::Range;

use metaplastic_runtime::snapshot::{SnapshotError, SnapshotSlot, SnapshotStorage, check};
use metaplastic_shared::wire::Refusal;
use metaplastic_tests::corpus::case;
use metaplastic_tests::example;
use metaplastic_tests::flash::MockFlash;

use crate::bench::{Bench, Memory};

/// The message of the error.
fn refused<const READ: usize, const WRITE: usize, const ERASE: usize>(region: Range<u32>) -> String {
    let file = case("event").artifact;
    let mut memory = Memory::default();
    let bench = Bench::new(&file, &mut memory);
    let flash = MockFlash::<READ, WRITE, ERASE>::new(16);
    let error = SnapshotStorage::new(flash, region, &bench.network).unwrap_err();
    assert_eq!(Refusal::from(error), Refusal::NoStorage);
    error.to_string()
}

#[test]
fn a_region_that_does_not_fit_is_refused() {
    let cases = [
        (1..768, "0x1..0x300 does not begin and end at multiples of a page, 64 bytes"),
        (0..767, "0x0..0x2ff does not begin and end at multiples of a page, 64 bytes"),
        (512..1088, "ends at 0x440, the flash at 0x400"),
        (0..704, "11 pages of 64 bytes are given, two slots of this network need 12"),
        (0..0, "0 pages"),
        (Range { start: 768, end: 0 }, "0 pages"),
    ];
    for (region, words) in cases {
        let error = refused::<1, 4, 64>(region);
        assert!(error.contains(words), "{words:?} is not in: {error}");
    }
}

#[test]
fn a_driver_with_impossible_sizes_is_refused() {
    assert!(refused::<1, 512, 1024>(0..4096).contains("WRITE_SIZE is 512; it must be a power of two in 1..=256"));
    assert!(refused::<3, 4, 64>(0..768).contains("READ_SIZE is 3"));
    assert!(refused::<1, 4, 96>(0..768).contains("ERASE_SIZE is 96"));
}

/// 256 bytes are the window on the stack: a driver whose unit is as large works.
#[test]
fn a_driver_with_the_largest_units_saves_and_loads() {
    let file = case("event").artifact;
    let mut memory = Memory::default();
    let mut bench = Bench::new(&file, &mut memory);
    let mut flash = MockFlash::<256, 256, 512>::new(4);
    let learned = bench.learn(1);
    assert_eq!(bench.save(&mut flash), Ok(1));
    assert_eq!(bench.load_after_restart(&mut flash), Ok((1, learned)));
}

#[test]
fn a_slot_that_is_shorter_than_a_header_is_truncated() {
    let mut flash = MockFlash::<1, 4, 64>::new(1);
    for length in 0..24 {
        let slot = SnapshotSlot { start: 0, length };
        assert_eq!(check(&mut flash, slot), Err(SnapshotError::Truncated { slot: length }));
    }
}

#[test]
fn bytes_outside_the_region_and_an_odd_page_stay_unchanged() {
    let file = case("event").artifact;
    let mut memory = Memory::default();
    let mut bench = Bench::new(&file, &mut memory);
    let mut flash = MockFlash::<1, 4, 64>::new(16);
    flash.bytes.fill(0x5a);
    for seed in 1..=5 {
        bench.learn(seed);
        let mut storage = SnapshotStorage::new(&mut flash, 64..64 * 14, &bench.network).unwrap();
        assert_eq!(storage.save(&bench.network), Ok(seed));
    }
    assert_eq!(flash.erasures, [0, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2, 0, 0, 0]);
    for outside in [0..64, 64 * 13..64 * 16] {
        assert!(flash.bytes[outside].iter().all(|byte| *byte == 0x5a));
    }
}

#[test]
fn another_networks_storage_refuses_what_does_not_fit() {
    let (small, large) = (example::artifact(), case("event").artifact);
    let mut memories = [Memory::default(), Memory::default()];
    let [first, second] = &mut memories;
    let (small, large) = (Bench::new(&small, first), Bench::new(&large, second));
    let mut storage = SnapshotStorage::new(MockFlash::<1, 4, 64>::new(2), 0..128, &small.network).unwrap();
    let error = storage.save(&large.network).unwrap_err();
    assert_eq!(error, SnapshotError::TooLarge { needed: 360, slot: 64 });
    assert_eq!(Refusal::from(error), Refusal::NoStorage);
    assert_eq!(storage.release().worked, 0);
}
