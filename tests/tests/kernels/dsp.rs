//! The kernels for cores with the DSP extension.

use metaplastic_runtime::kernel::{HALF, portable};
use metaplastic_shared::arithmetic::{ONE_Q31, split_q31};
use metaplastic_tests::thumb::{Argument, CallResult, call};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::{
    ROOMY_SUMS, any_decay, any_factors, any_i16, any_limit, portable_eligibility_row, read, shape, slow_decay,
    within, write,
};

macro_rules! text {
    ($name:literal) => {
        include_str!(concat!("../../../runtime/src/kernel/dsp/", $name, ".s"))
    };
}

fn twice(value: i16) -> u32 {
    u32::from(value as u16) * 0x1_0001
}

fn propagate(text: &str, weights: Argument<'_>, spikes: &[u16], sums: &mut [i32]) -> CallResult {
    let row = sums.len() as u32;
    let count = spikes.len() as u32;
    call(text, vec![weights, read(spikes), Argument::Value(count), write(sums), Argument::Value(row)])
}

/// As the kernel's caller does it: rows in pairs, the last one alone.
fn propagate_values(weights: &[i8], values: &[i16], sums: &mut [i32]) -> u64 {
    let row = sums.len();
    let mut instructions = 0;
    for (values, rows) in values.chunks(2).zip(weights.chunks(2 * row)) {
        let (first, second) =
            (&rows[..row], rows.get(row..).filter(|rest| !rest.is_empty()).unwrap_or(&rows[..row]));
        let packed = values.iter().rev().fold(0, |packed, value| packed << 16 | u32::from(*value as u16));
        let arguments =
            vec![write(sums), read(first), read(second), Argument::Value(packed), Argument::Value(row as u32)];
        instructions += call(text!("add_two_rows"), arguments).instructions;
    }
    instructions
}

fn add_rescaled(total: &mut [i32], sums: &[i32], shift: u32) -> CallResult {
    let numbers = [total.len() as u32, 1 << (32 - shift)].map(Argument::Value);
    let [length, factor] = numbers;
    call(text!("add_rescaled"), vec![write(total), read(sums), length, factor])
}

fn integrate(v: &mut [i16], input: &[i32], decay: u16, threshold: i16, spikes: &mut [u16]) -> CallResult {
    let length = v.len() as u32;
    let (decay, below) = (Argument::Value(decay.into()), Argument::Value(twice(threshold - 1)));
    let arguments = vec![write(v), read(input), decay, below, Argument::Value(length), write(spikes)];
    call(text!("integrate"), arguments)
}

fn integrate_each(v: &mut [i16], input: &[i32], decays: &[u16], threshold: i16, spikes: &mut [u16]) -> CallResult {
    let numbers = [twice(threshold - 1), v.len() as u32].map(Argument::Value);
    let [below, length] = numbers;
    call(text!("integrate_each"), vec![write(v), read(input), read(decays), below, length, write(spikes)])
}

fn decay_trace(trace: &mut [i16], fraction: &mut [u16], decay: u16) -> CallResult {
    let numbers = [trace.len() as u32, u32::from(decay) << 16].map(Argument::Value);
    let [length, factor] = numbers;
    call(text!("decay_trace"), vec![write(trace), write(fraction), length, factor])
}

fn eligibility_row(e: &mut [i16], x: &[i16], addends: &[i32], decay: u16, trace: i16) -> CallResult {
    let length = e.len() as u32;
    let constants = u32::from(trace as u16) << 16 | u32::from(decay);
    let arguments = vec![write(e), read(x), read(addends), Argument::Value(constants), Argument::Value(length)];
    call(text!("eligibility_row"), arguments)
}

fn add_row(e: &mut [i16], increments: &[i16]) -> CallResult {
    let length = e.len() as u32;
    call(text!("add_row"), vec![write(e), read(increments), Argument::Value(length)])
}

fn add_column(e: &mut [i16], row: usize, traces: &[i16], x: i16, addend: i32) -> CallResult {
    let numbers = [row as u32, i32::from(x) as u32, addend as u32, traces.len() as u32].map(Argument::Value);
    let [row, x, addend, rows] = numbers;
    call(text!("add_column"), vec![write(e), row, read(traces), x, addend, rows])
}

/// The masks of columns: all bits where a neuron spikes.
fn mask(row: usize, columns: &[u16]) -> Vec<i16> {
    (0..row as u16).map(|j| if columns.contains(&j) { -1 } else { 0 }).collect()
}

fn add_columns(e: &mut [i16], mask: &[i16], traces: &[i16], x: i16, addend: i32) -> CallResult {
    let x = u32::from(x as u16) | (mask.len() as u32 & 8) << 16;
    let numbers = [Argument::Value(x), Argument::Value(addend as u32), Argument::EndOf(2), Argument::EndOf(1)];
    let mut arguments = vec![write(e), read(mask), read(traces)];
    arguments.extend(numbers);
    call(text!("add_columns"), arguments)
}

fn halve(e: &mut [i16], up: u16) -> CallResult {
    let length = e.len() as u32;
    call(text!("halve"), vec![write(e), Argument::Value(length), Argument::Value(up.into())])
}

fn change(plastic: &mut [i16], eligibility: &[i16], factors: &[i16], limit: i16, offset: u16) -> CallResult {
    let row = factors.len() as u32;
    let room = i32::MAX - i32::from(limit) * i32::from(limit);
    let numbers = [row, twice(limit), room as u32, offset.into()].map(Argument::Value);
    let mut arguments = vec![write(plastic), read(eligibility), read(factors), Argument::EndOf(0)];
    arguments.extend(numbers);
    call(text!("change"), arguments)
}

fn change_and_leak(
    plastic: &mut [i16],
    eligibility: &[i16],
    factors: (&[i16], &[i16]),
    limit: i16,
    offset: u16,
) -> CallResult {
    let room = i32::MAX - i32::from(limit) * i32::from(limit);
    let numbers = [factors.0.len() as u32, twice(limit), room as u32, offset.into()].map(Argument::Value);
    let mut arguments = vec![write(plastic), read(eligibility), read(factors.0), read(factors.1)];
    arguments.push(Argument::EndOf(0));
    arguments.extend(numbers);
    call(text!("change_and_leak"), arguments)
}

/// One in Q15 times a factor, and an offset.
fn any_addend() -> impl Strategy<Value = i32> {
    (within(16_383), 0..=65_534).prop_map(|(factor, offset)| 32_767 * i32::from(factor) + offset)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn propagate_i8_is_the_same(
        (row, rows, spikes) in shape(40),
        seed in vec(any::<i8>(), 40 * 56),
        sums in vec(ROOMY_SUMS, 56),
    ) {
        let weights = &seed[..row * rows];
        let (mut a, mut b) = (sums[..row].to_vec(), sums[..row].to_vec());
        propagate(text!("propagate_i8"), read(weights), &spikes, &mut a);
        portable::propagate_i8(weights, &spikes, &mut b);
        prop_assert_eq!(a, b);
    }

    #[test]
    fn propagate_i16_is_the_same(
        (row, rows, spikes) in shape(20),
        seed in vec(any_i16(), 20 * 56),
        sums in vec(ROOMY_SUMS, 56),
    ) {
        let weights = &seed[..row * rows];
        let (mut a, mut b) = (sums[..row].to_vec(), sums[..row].to_vec());
        propagate(text!("propagate_i16"), read(weights), &spikes, &mut a);
        portable::propagate_i16(weights, &spikes, &mut b);
        prop_assert_eq!(a, b);
    }

    #[test]
    fn propagate_values_is_the_same(
        values in vec(any_i16(), 1..=64),
        blocks in 1..=7_usize,
        seed in vec(any::<i8>(), 64 * 56),
        sums in vec(ROOMY_SUMS, 56),
    ) {
        let row = 8 * blocks;
        let weights = &seed[..row * values.len()];
        let (mut a, mut b) = (sums[..row].to_vec(), sums[..row].to_vec());
        propagate_values(weights, &values, &mut a);
        portable::propagate_values(weights, &values, &mut b);
        prop_assert_eq!(a, b);
    }

    #[test]
    fn add_rescaled_is_the_same(
        seed in vec((ROOMY_SUMS, ROOMY_SUMS), 56),
        blocks in 1..=7_usize,
        shift in 2..=30_u32,
    ) {
        let (total, sums): (Vec<i32>, Vec<i32>) = seed[..8 * blocks].iter().copied().unzip();
        let (mut a, mut b) = (total.clone(), total);
        add_rescaled(&mut a, &sums, shift);
        portable::add_rescaled(&mut b, &sums, shift as i32);
        prop_assert_eq!(a, b);
    }

    #[test]
    fn integrate_is_the_same(
        neurons in vec((any_i16(), prop_oneof![-40_000..40_000, -(1 << 30)..1 << 30]), 1..12),
        decay in any_decay(),
        threshold in 1..=i16::MAX,
    ) {
        let length = 4 * neurons.len();
        let at = |index: usize| neurons[index % neurons.len()];
        let membrane: Vec<_> = (0..length).map(|j| at(j).0.wrapping_add(j as i16)).collect();
        let input: Vec<_> = (0..length).map(|j| at(j * 3).1 + j as i32).collect();
        let (mut a, mut b) = (membrane.clone(), membrane);
        let (mut a_spikes, mut b_spikes) = (vec![0; length], vec![0; length]);
        let a_count = integrate(&mut a, &input, decay, threshold, &mut a_spikes).result as usize;
        let b_count = portable::integrate(&mut b, &input, decay, threshold, &mut b_spikes);
        prop_assert_eq!(a, b);
        prop_assert_eq!(&a_spikes[..a_count], &b_spikes[..b_count]);
    }

    #[test]
    fn integrate_each_is_the_same(
        neurons in vec((any_i16(), prop_oneof![-40_000..40_000, -(1 << 30)..1 << 30], any_decay()), 1..12),
        threshold in 1..=i16::MAX,
    ) {
        let length = 4 * neurons.len();
        let at = |index: usize| neurons[index % neurons.len()];
        let membrane: Vec<_> = (0..length).map(|j| at(j).0.wrapping_add(j as i16)).collect();
        let input: Vec<_> = (0..length).map(|j| at(j * 3).1 + j as i32).collect();
        let decays: Vec<_> = (0..length).map(|j| at(j * 5).2.wrapping_add(j as u16)).collect();
        let (mut a, mut b) = (membrane.clone(), membrane);
        let (mut a_spikes, mut b_spikes) = (vec![0; length], vec![0; length]);
        let a_count = integrate_each(&mut a, &input, &decays, threshold, &mut a_spikes).result as usize;
        let b_count = portable::integrate_each(&mut b, &input, &decays, threshold, &mut b_spikes);
        prop_assert_eq!(a, b);
        prop_assert_eq!(&a_spikes[..a_count], &b_spikes[..b_count]);
    }

    #[test]
    fn decay_trace_is_the_same(
        seed in vec(0..=ONE_Q31, 56),
        blocks in 1..=7_usize,
        decay in slow_decay(),
    ) {
        let (trace, fraction): (Vec<_>, Vec<_>) = seed[..8 * blocks].iter().map(|it| split_q31(*it)).unzip();
        let mut a = (trace.clone(), fraction.clone());
        let mut b = (trace, fraction);
        decay_trace(&mut a.0, &mut a.1, decay);
        portable::decay_trace(&mut b.0, &mut b.1, decay);
        prop_assert_eq!(a, b);
    }

    #[test]
    fn eligibility_row_is_the_same(
        synapses in vec((any_i16(), within(16_383), within(16_383)), 8..9),
        blocks in 1..4_usize,
        decay in slow_decay(),
        trace in 0..=i16::MAX,
        offset in 0..=65_534,
    ) {
        let all = |of: fn(&(i16, i16, i16)) -> i16| synapses.iter().map(of).collect::<Vec<_>>().repeat(blocks);
        let (e, x) = (all(|it| it.0), all(|it| it.1));
        let addends: Vec<_> = all(|it| it.2).into_iter().map(|d| 32_767 * i32::from(d) + offset).collect();
        let (mut a, mut b) = (e.clone(), e);
        eligibility_row(&mut a, &x, &addends, decay, trace);
        portable_eligibility_row(&mut b, &x, &addends, decay, trace);
        prop_assert_eq!(a, b);
    }

    #[test]
    fn add_row_is_the_same(seed in vec((any_i16(), any_i16()), 56), blocks in 1..=7_usize) {
        let (e, increments): (Vec<_>, Vec<_>) = seed[..8 * blocks].iter().copied().unzip();
        let (mut a, mut b) = (e.clone(), e);
        add_row(&mut a, &increments);
        portable::add_row(&mut b, &increments);
        prop_assert_eq!(a, b);
    }

    #[test]
    fn add_column_is_the_same(
        (row, rows, _) in shape(40),
        seed in vec(any_i16(), 40 * 56),
        traces in vec(0..=i16::MAX, 40),
        column in any::<prop::sample::Index>(),
        x in within(16_383),
        addend in any_addend(),
    ) {
        let (e, traces) = (&seed[column.index(row)..row * rows], &traces[..rows]);
        let (mut a, mut b) = (e.to_vec(), e.to_vec());
        add_column(&mut a, row, traces, x, addend);
        portable::eligibility_column(&mut b, row, (traces, x), (&[], 0), addend);
        prop_assert_eq!(a, b);
    }

    #[test]
    fn one_pass_over_many_columns_is_the_same(
        (row, rows, _) in shape(20),
        seed in vec(any_i16(), 20 * 56),
        traces in vec(0..=i16::MAX, 20),
        columns in vec(any::<bool>(), 56),
        x in within(16_383),
        addend in any_addend(),
    ) {
        let (e, traces) = (&seed[..row * rows], &traces[..rows]);
        let columns: Vec<u16> = (0..row as u16).filter(|j| columns[usize::from(*j)]).collect();
        let (mut a, mut b) = (e.to_vec(), e.to_vec());
        add_columns(&mut a, &mask(row, &columns), traces, x, addend);
        portable::add_columns(&mut b, row, &columns, (traces, x), addend, &mut []);
        prop_assert_eq!(a, b);
    }

    #[test]
    fn halve_is_the_same(seed in vec(any_i16(), 56), blocks in 1..=7_usize, up in 0..=1_u16) {
        let (mut a, mut b) = (seed[..8 * blocks].to_vec(), seed[..8 * blocks].to_vec());
        halve(&mut a, up);
        portable::halve(&mut b, up);
        prop_assert_eq!(a, b);
    }

    #[test]
    fn change_is_the_same(
        (row, rows, _) in shape(40),
        limit in any_limit(),
        seed in vec((any_i16(), any_i16()), 40 * 56),
        factors in prop_oneof![vec(any_i16(), 56), vec(-900..900_i16, 56)],
        offset in any::<u16>(),
    ) {
        let (p, e): (Vec<_>, Vec<_>) = seed[..row * rows].iter().copied().unzip();
        let p: Vec<_> = p.into_iter().map(|p| p.clamp(-limit, limit)).collect();
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

#[test]
fn the_most_spikes_of_the_largest_weights_do_not_wrap() {
    let spikes: Vec<u16> = (0..256).collect();
    for weight in [i8::MIN, i8::MAX] {
        let mut sums = [0; 24];
        propagate(text!("propagate_i8"), read(&[weight; 24 * 256]), &spikes, &mut sums);
        assert_eq!(sums, [256 * i32::from(weight); 24]);
    }
}

#[test]
fn the_largest_values_of_the_largest_weights_do_not_wrap() {
    for (value, weight) in [(i16::MIN, i8::MIN), (i16::MIN, i8::MAX), (i16::MAX, i8::MIN)] {
        let mut sums = [0; 8];
        propagate_values(&[weight; 8 * 64], &[value; 64], &mut sums);
        assert_eq!(sums, [64 * i32::from(value) * i32::from(weight); 8]);
    }
}

/// Instructions for each synapse or neuron with 128 presynaptic and 256 postsynaptic neurons, 13 of them spiking,
/// counted by the model without the checks of the wrappers. The limits are the documented ones for a Cortex-M4.
#[test]
fn kernels_take_no_more_instructions_than_promised() {
    let spikes: Vec<u16> = (0..13).map(|n| n * 9).collect();
    let (mut sums, mut e, mut p) = ([0; 256], vec![0_i16; 1 << 15], vec![0_i16; 1 << 15]);
    let (factors, mut found) = ([700_i16; 256], [0_u16; 256]);
    let mut input = [100_i32; 256];
    (0..13).for_each(|n| input[n * 19] = 5000);
    let (i8s, i16s) = (vec![1_i8; 1 << 15], vec![1_i16; 1 << 15]);
    let spiking = propagate(text!("propagate_i8"), read(&i8s), &spikes, &mut sums).instructions;
    let plastic = propagate(text!("propagate_i16"), read(&i16s), &spikes, &mut sums).instructions;
    let values = propagate_values(&i8s[..4 * 256], &[700; 4], &mut sums);
    let neurons = integrate(&mut [0; 256], &input, 52_429, 2048, &mut found).instructions;
    let each = integrate_each(&mut [0; 256], &input, &[52_429; 256], 2048, &mut found).instructions;
    let traces = decay_trace(&mut [9; 256], &mut [0; 256], 52_429).instructions;
    let dense = eligibility_row(&mut [0; 256], &[1; 256], &[HALF; 256], 60_000, 3).instructions;
    let row = add_row(&mut [0; 256], &[1; 256]).instructions;
    let change = change(&mut p, &e, &factors, 1 << 14, 77).instructions;
    let leak = change_and_leak(&mut p, &e, (&factors, &[-700; 256]), 1 << 14, 77).instructions;
    let halve = halve(&mut e, 1).instructions;
    for (kernel, instructions, elements, limit) in [
        ("propagate i8", spiking, 13 * 256, 1.3),
        ("propagate i16", plastic, 13 * 256, 2.2),
        ("propagate values", values, 4 * 256, 2.5),
        ("LIF and trace", neurons + traces, 256, 12.0),
        ("LIF with one decay per neuron, and trace", each + traces, 256, 14.0),
        ("dense row", dense, 256, 5.0),
        ("spiking row", row, 256, 3.3),
        ("change", change, 1 << 15, 3.4),
        ("change and leak", leak, 1 << 15, 5.5),
        ("halve", halve, 1 << 15, 1.0),
    ] {
        let each = instructions as f64 / f64::from(elements);
        println!("{kernel}: {each:.2}");
        assert!(each <= limit, "{kernel}: {each:.2} instructions, {limit} are promised");
    }
}
