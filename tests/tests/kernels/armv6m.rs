//! The kernels for Armv6-M.

use metaplastic_runtime::kernel::{HALF, portable};
use metaplastic_tests::thumb::{Argument, CallResult, call};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::{
    ROOMY_SUMS, any_decay, any_factors, any_i16, any_limit, portable_eligibility_row, read, shape, within, write,
};

macro_rules! text {
    ($name:literal) => {
        include_str!(concat!("../../../runtime/src/kernel/armv6m/", $name, ".s"))
    };
}

fn value(number: i32) -> Argument<'static> {
    Argument::Value(number as u32)
}

fn eligibility_row(e: &mut [i16], x: &[i16], addends: &[i32], decay: u16, trace: i16) -> CallResult {
    let length = value(e.len() as i32);
    let arguments = vec![write(e), read(x), read(addends), value(decay.into()), value(trace.into()), length];
    call(text!("eligibility_row"), arguments)
}

fn add_products(sums: &mut [i32], coefficient: i16, factors: &[i16], offset: u16) -> CallResult {
    let numbers = [sums.len() as i32, coefficient.into(), offset.into()].map(value);
    call(text!("add_products"), [write(sums), read(factors)].into_iter().chain(numbers).collect())
}

/// The end is derived from `increments`, which the model has at the first address.
fn row_increments(increments: &mut [i16], sums: &[i32], scale: (u16, u16), limit: i16) -> (usize, CallResult) {
    let numbers = [increments.len() as i32, scale.0.into(), limit.into(), scale.1.into()].map(value);
    let arguments = [write(increments), read(sums)].into_iter().chain(numbers);
    let result = call(text!("row_increments"), arguments.collect());
    ((result.result as usize & 0xffff) / 2, result)
}

fn add_row(e: &mut [i16], increments: &[i16]) -> CallResult {
    let length = value(e.len() as i32);
    call(text!("add_row"), vec![write(e), read(increments), length])
}

fn change(plastic: &mut [i16], eligibility: &[i16], factors: &[i16], limit: i16, offset: u16) -> CallResult {
    let row = value(factors.len() as i32);
    let arguments = vec![write(plastic), read(eligibility), read(factors), row];
    let further = [Argument::EndOf(0), value(limit.into()), value(offset.into())];
    call(text!("change"), arguments.into_iter().chain(further).collect())
}

fn change_and_leak(
    plastic: &mut [i16],
    eligibility: &[i16],
    factors: (&[i16], &[i16]),
    limit: i16,
    offset: u16,
) -> CallResult {
    let row = value(factors.0.len() as i32);
    let arguments = vec![write(plastic), read(eligibility), read(factors.0), read(factors.1), row];
    let further = [Argument::EndOf(0), value(limit.into()), value(offset.into())];
    call(text!("change_and_leak"), arguments.into_iter().chain(further).collect())
}

/// Small, so that few of a block saturate, or large; above -2^15.
fn increments() -> impl Strategy<Value = i16> + Clone {
    prop_oneof![8 => -2000..2000_i16, 1 => any_i16().prop_map(|r| r.max(-i16::MAX))]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn eligibility_row_is_the_same(
        synapses in vec((any_i16(), within(16_383), within(16_383)), 56),
        blocks in 1..=7_usize,
        decay in any_decay(),
        trace in 0..=i16::MAX,
        offset in 0..=65_534,
    ) {
        let all = |of: fn(&(i16, i16, i16)) -> i16| synapses[..8 * blocks].iter().map(of).collect::<Vec<_>>();
        let (e, x) = (all(|it| it.0), all(|it| it.1));
        let addends: Vec<_> = all(|it| it.2).into_iter().map(|d| 32_767 * i32::from(d) + offset).collect();
        let (mut a, mut b) = (e.clone(), e);
        eligibility_row(&mut a, &x, &addends, decay, trace);
        portable_eligibility_row(&mut b, &x, &addends, decay, trace);
        prop_assert_eq!(a, b);
    }

    #[test]
    fn add_products_is_the_same(
        seed in vec((ROOMY_SUMS, any_i16()), 56),
        blocks in 1..=7_usize,
        coefficient in any_i16(),
        offset in 0..1_u16 << 15,
    ) {
        let (sums, factors): (Vec<i32>, Vec<i16>) = seed[..8 * blocks].iter().copied().unzip();
        let (mut a, mut b) = (sums.clone(), sums);
        add_products(&mut a, coefficient, &factors, offset);
        portable::add_products(&mut b, coefficient, &factors, offset);
        prop_assert_eq!(a, b);
    }

    #[test]
    fn row_increments_are_the_same_up_to_a_sum_beyond_the_limit(
        sums in vec(prop_oneof![60 => -16_384..=16_384, 1 => any::<i32>(), 1 => -40_000..40_000], 56),
        blocks in 1..=7_usize,
        scale in any::<(u16, u16)>(),
        limit in prop_oneof![1 => Just(16_384_i16), 1 => 16_384..=i16::MAX],
    ) {
        let sums: &[i32] = &sums[..8 * blocks];
        let beyond = sums.iter().position(|sum| sum.unsigned_abs() > u32::from(limit.unsigned_abs()));
        let (mut a, mut b) = (vec![7; sums.len()], vec![7; sums.len()]);
        let (end, _) = row_increments(&mut a, sums, scale, limit);
        portable::row_increments(&mut b, sums, scale, limit);
        prop_assert_eq!(end, beyond.map_or(sums.len(), |at| at & !7));
        prop_assert_eq!(&a[..end], &b[..end]);
        prop_assert!(b.iter().all(|r| *r > i16::MIN), "add_row requires it");
        prop_assert!(a.iter().skip(end + 8).all(|untouched| *untouched == 7));
    }

    #[test]
    fn add_row_is_the_same(seed in vec((any_i16(), increments()), 56), blocks in 1..=7_usize) {
        let (e, increments): (Vec<_>, Vec<_>) = seed[..8 * blocks].iter().copied().unzip();
        let (mut a, mut b) = (e.clone(), e);
        add_row(&mut a, &increments);
        portable::add_row(&mut b, &increments);
        prop_assert_eq!(a, b);
    }

    #[test]
    fn change_is_the_same(
        (row, rows, _) in shape(12),
        limit in any_limit(),
        seed in vec((any_i16(), any_i16()), 12 * 56),
        factors in prop_oneof![vec(any_i16(), 56), vec(-900..900_i16, 56)],
        offset in any::<u16>(),
    ) {
        let (p, e): (Vec<_>, Vec<_>) = seed[..row * rows].iter().copied().unzip();
        let (mut a, mut b) = (p.clone(), p);
        change(&mut a, &e, &factors[..row], limit, offset);
        portable::change(&mut b, &e, &factors[..row], limit, offset);
        prop_assert_eq!(a, b);
    }

    #[test]
    fn change_and_leak_is_the_same(
        (row, rows, _) in shape(12),
        limit in any_limit(),
        seed in vec((any_i16(), any_i16()), 12 * 56),
        factors in vec(any_factors(), 56),
        offset in any::<u16>(),
    ) {
        let (p, e): (Vec<_>, Vec<_>) = seed[..row * rows].iter().copied().unzip();
        let p: Vec<_> = p.into_iter().map(|p| p.clamp(-limit, limit)).collect();
        let (factors, leaks): (Vec<_>, Vec<_>) = factors[..row].iter().copied().unzip();
        let (mut a, mut b) = (p.clone(), p);
        change_and_leak(&mut a, &e, (&factors, &leaks), limit, offset);
        portable::change_and_leak(&mut b, &e, (&factors, &leaks), limit, offset);
        prop_assert_eq!(a, b);
    }
}

/// Every sum of the ends and the middle of i16 in both halves of a word, beside a sum that saturates or not.
#[test]
fn pairs_add_as_single_synapses_do() {
    let ends = [i16::MIN, i16::MIN + 1, -2, -1, 0, 1, i16::MAX - 1, i16::MAX];
    let pairs = || ends.into_iter().flat_map(|e| ends.map(|r| [e, r.max(-i16::MAX)]));
    for [e_0, r_0] in pairs() {
        let (e, r): (Vec<_>, Vec<_>) = pairs().flat_map(|[e_1, r_1]| [(e_0, r_0), (e_1, r_1)]).unzip();
        let (mut a, mut b) = (e.clone(), e);
        add_row(&mut a, &r);
        portable::add_row(&mut b, &r);
        assert_eq!(a, b);
    }
}

/// Instructions for each synapse or neuron of 256 without saturation, and without the checks of the wrappers. The
/// limits are those of the best order of instructions that was found.
#[test]
fn kernels_take_no_more_instructions_than_promised() {
    let (mut e, mut p, mut sums) = ([9_i16; 256], vec![0_i16; 1 << 15], [0; 256]);
    let (steps, eligibility) = ([700_i16; 256], vec![900_i16; 1 << 15]);
    let dense = eligibility_row(&mut e, &[1; 256], &[HALF; 256], 60_000, 3).instructions;
    let row = add_row(&mut e, &steps).instructions;
    let change = change(&mut p, &eligibility, &steps, 1 << 14, 77).instructions;
    let leaks = (&steps[..], &[-700; 256][..]);
    let leak = change_and_leak(&mut p, &eligibility, leaks, 1 << 14, 77).instructions;
    let products = add_products(&mut sums, 3, &steps, 77).instructions;
    let increments = row_increments(&mut e, &sums, (40_000, 77), 1 << 14).1.instructions;
    for (kernel, instructions, elements, limit) in [
        ("dense row", dense, 256, 11.2),
        ("spiking row", row, 256, 6.0),
        ("change", change, 1 << 15, 12.2),
        ("change and leak", leak, 1 << 15, 16.3),
        ("products", products, 256, 7.4),
        ("increments", increments, 256, 8.0),
    ] {
        let each = instructions as f64 / f64::from(elements);
        println!("{kernel}: {each:.2}");
        assert!(each <= limit, "{kernel}: {each:.2} instructions, {limit} are promised");
    }
}
