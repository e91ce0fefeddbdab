//! Every hand-written kernel computes exactly what its portable twin does, for random and extreme numbers. The
//! model of the instructions executes the `.s` files, called as the `mod.rs` beside them does.

mod armv6m;
mod dsp;

use bytemuck::{cast_slice, cast_slice_mut};
use metaplastic_runtime::kernel::{DenseRow, portable};
use metaplastic_tests::thumb::Argument;
use proptest::prelude::*;
use proptest::sample::subsequence;

/// Sums to which a kernel can add without overflow, as the decoder proves of every network.
const ROOMY_SUMS: std::ops::Range<i32> = -(1 << 30)..1 << 30;

fn read<T: bytemuck::NoUninit>(values: &[T]) -> Argument<'_> {
    Argument::Read(cast_slice(values))
}

fn write<T: bytemuck::Pod>(values: &mut [T]) -> Argument<'_> {
    Argument::Write(cast_slice_mut(values))
}

/// All of i16, its ends more often.
fn any_i16() -> impl Strategy<Value = i16> + Clone {
    prop_oneof![
        6 => any::<i16>(),
        2 => -300..300_i16,
        1 => Just(i16::MIN),
        1 => Just(i16::MAX),
    ]
}

fn within(limit: i16) -> impl Strategy<Value = i16> + Clone {
    prop_oneof![6 => -limit..=limit, 1 => Just(limit), 1 => Just(-limit)]
}

fn slow_decay() -> impl Strategy<Value = u16> {
    prop_oneof![4 => 0x8000..=u16::MAX, 1 => Just(0x8000), 1 => Just(u16::MAX)]
}

fn any_decay() -> impl Strategy<Value = u16> {
    prop_oneof![2 => any::<u16>(), 2 => slow_decay(), 1 => Just(0)]
}

/// P_max.
fn any_limit() -> impl Strategy<Value = i16> {
    prop_oneof![3 => 0..=i16::MAX, 1 => Just(i16::MAX), 1 => Just(1 << 14), 1 => Just(0)]
}

/// A factor of E, and one of P that leaks.
fn any_factors() -> impl Strategy<Value = (i16, i16)> {
    let factor = prop_oneof![2 => any_i16(), 1 => -900..900_i16];
    (factor, prop_oneof![2 => -32_766..=0_i16, 1 => -900..=0_i16, 1 => Just(-32_766), 1 => Just(0)])
}

/// The length of a row, the number of rows, and the rows that spike.
fn shape(most_rows: usize) -> impl Strategy<Value = (usize, usize, Vec<u16>)> {
    (1..8_usize, 1..most_rows).prop_flat_map(|(blocks, rows)| {
        let all: Vec<_> = (0..rows as u16).collect();
        (Just(8 * blocks), Just(rows), subsequence(all, 1..=rows))
    })
}

/// The portable twin of the kernels of dense eligibility, with one presynaptic trace and without terms in P.
fn portable_eligibility_row(e: &mut [i16], x: &[i16], addends: &[i32], decay: u16, trace: i16) {
    let row = DenseRow {
        decay,
        trace,
        of_trace: x,
        slow_trace: 0,
        of_slow_trace: &[],
        addends,
        of_plastic: &[],
        plastic_exponent: 0,
        limit: 16_383,
    };
    let plastic = vec![0; e.len()];
    portable::eligibility_row(e, &plastic, &row);
}
