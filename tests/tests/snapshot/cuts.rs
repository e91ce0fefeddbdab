//! Power cuts (sections "A save" and "A load"). After a cut at any erased or written byte, the flash has either the
//! previous save or the new one completely, and the next save works.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_runtime::snapshot::SnapshotError;
use metaplastic_tests::corpus::case;
use metaplastic_tests::example;
use metaplastic_tests::flash::{Cut, MockFlash};

use crate::bench::{Bench, Memory};

/// Cuts each of `saves` successive saves after every byte; returns the number of cuts.
fn cut_everywhere<const READ: usize, const WRITE: usize, const ERASE: usize>(
    file: &ArtifactFile,
    flash: &MockFlash<READ, WRITE, ERASE>,
    saves: u32,
) -> usize {
    let mut memories = [Memory::default(), Memory::default()];
    let [sleeper, waker] = &mut memories;
    let (mut sleeper, mut waker) = (Bench::new(file, sleeper), Bench::new(file, waker));
    let mut cuts = 0;
    for cut in [Cut::Clean, Cut::Garbage] {
        let mut flash = MockFlash { cut, ..flash.clone() };
        for seed in 1..=saves {
            let old = waker.load_after_restart(&mut flash);
            let new = sleeper.learn(seed);
            let whole = saved_whole(&mut sleeper, &flash);
            let mut found = [0, 0];
            for power in 0..=whole.worked {
                let mut torn = MockFlash { power: Some(power), ..flash.clone() };
                sleeper.save(&mut torn).expect_err("the power was cut");
                torn.power = None;
                let now = waker.load_after_restart(&mut torn);
                let is_new = now.as_ref().is_ok_and(|(_, weights)| *weights == new);
                assert!(is_new || now == old, "{cut:?} after {power} bytes of save {seed}: neither old nor new");
                found[usize::from(is_new)] += 1;
                next_save_works(&mut waker, &mut torn);
            }
            assert!(found[0] > 0 && found[1] > 0, "{found:?}: never cut before, or never after the commit");
            cuts += found[0] + found[1];
            flash = whole;
        }
    }
    cuts
}

/// The flash after a save with enough power, and the number of bytes erased and written.
fn saved_whole<const READ: usize, const WRITE: usize, const ERASE: usize>(
    bench: &mut Bench<'_>,
    flash: &MockFlash<READ, WRITE, ERASE>,
) -> MockFlash<READ, WRITE, ERASE> {
    let mut whole = MockFlash { worked: 0, power: None, ..flash.clone() };
    let save = bench.save(&mut whole).expect("there is power");
    assert_eq!(bench.load_after_restart(&mut whole).map(|(number, _)| number), Ok(save));
    whole
}

fn next_save_works<const READ: usize, const WRITE: usize, const ERASE: usize>(
    bench: &mut Bench<'_>,
    flash: &mut MockFlash<READ, WRITE, ERASE>,
) {
    let next = bench.learn(1000);
    let save = bench.save(flash).expect("the next save works");
    assert_eq!(bench.load_after_restart(flash), Ok((save, next)));
}

/// The example needs one page; the corpus network needs several.
fn cut_both<const READ: usize, const WRITE: usize, const ERASE: usize>() {
    let (small, large) = (example::artifact(), case("event").artifact);
    let small_pages = 2 * (24 + 12 + 8 + 2 * WRITE).div_ceil(ERASE);
    let large_pages = 2 * (24 + 324 + 8 + 2 * WRITE).div_ceil(ERASE);
    let cuts = cut_everywhere(&small, &MockFlash::<READ, WRITE, ERASE>::new(small_pages), 4)
        + cut_everywhere(&large, &MockFlash::<READ, WRITE, ERASE>::new(large_pages + 1), 4);
    println!("read {READ}, write {WRITE}, erase {ERASE}: {cuts} cuts");
}

#[test]
fn every_cut_leaves_the_old_or_the_new_state_in_small_pages() {
    cut_both::<1, 1, 16>();
    cut_both::<1, 4, 32>();
    cut_both::<4, 4, 64>();
    cut_both::<1, 8, 64>();
    cut_both::<8, 2, 64>();
    cut_both::<1, 16, 128>();
    cut_both::<4, 32, 128>();
}

/// The page sizes of an RP2040's flash, an nRF52840 and an STM32F4's smallest sectors.
#[test]
fn every_cut_leaves_the_old_or_the_new_state_in_real_pages() {
    let file = example::artifact();
    let pico = cut_everywhere(&file, &MockFlash::<1, 256, 4096>::new(2), 3);
    let nordic = cut_everywhere(&file, &MockFlash::<1, 4, 4096>::new(2), 3);
    let st = cut_everywhere(&file, &MockFlash::<1, 1, 16384>::new(2), 2);
    println!("256/4096: {pico} cuts, 4/4096: {nordic} cuts, 1/16384: {st} cuts");
}

/// Another artifact's save is newer than ours; nevertheless, a save does not overwrite ours.
#[test]
fn a_cut_beside_another_artifacts_newer_save_leaves_ours() {
    let (ours, theirs) = (case("event").artifact, case("free").artifact);
    let mut memories = [Memory::default(), Memory::default()];
    let [first, second] = &mut memories;
    let (mut our_bench, mut their_bench) = (Bench::new(&ours, first), Bench::new(&theirs, second));
    let mut flash = MockFlash::<1, 4, 64>::new(12);
    our_bench.learn(77);
    assert_eq!((our_bench.save(&mut flash), their_bench.save(&mut flash)), (Ok(1), Ok(2)));
    assert_eq!(our_bench.load_after_restart(&mut flash).map(|(save, _)| save), Ok(1));
    assert!(cut_everywhere(&ours, &flash, 2) > 1000);
}

/// The second cut is during the save that repairs the first.
#[test]
fn two_cuts_in_a_row_leave_a_whole_state() {
    let file = example::artifact();
    let mut memory = Memory::default();
    let mut bench = Bench::new(&file, &mut memory);
    for cut in [Cut::Clean, Cut::Garbage] {
        let mut flash = MockFlash { cut, ..MockFlash::<1, 4, 16>::new(8) };
        bench.learn(1);
        bench.save(&mut flash).unwrap();
        let work = saved_whole(&mut bench, &flash).worked;
        for (first, second) in (0..=work).flat_map(|first| (0..=work).map(move |second| (first, second))) {
            let mut torn = MockFlash { power: Some(first), ..flash.clone() };
            bench.learn(2);
            bench.save(&mut torn).expect_err("the power was cut");
            torn.power = None;
            let between = bench.load_after_restart(&mut torn);
            let new = bench.learn(3);
            torn.power = Some(second);
            bench.save(&mut torn).expect_err("the power was cut");
            torn.power = None;
            let now = bench.load_after_restart(&mut torn);
            let is_new = now.as_ref().is_ok_and(|(_, weights)| *weights == new);
            assert!(is_new || now == between, "{cut:?} after {first}, then after {second} bytes");
        }
    }
}

#[test]
fn a_cut_of_the_first_save_leaves_nothing_or_a_whole_save() {
    let file = example::artifact();
    let mut memory = Memory::default();
    let mut bench = Bench::new(&file, &mut memory);
    let mut torn = MockFlash { power: Some(20), ..MockFlash::<1, 1, 64>::new(2) };
    bench.save(&mut torn).expect_err("the power was cut");
    torn.power = None;
    assert_eq!(bench.load_after_restart(&mut torn), Err(SnapshotError::NothingSaved));
}
