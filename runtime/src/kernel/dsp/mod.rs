//! The kernels in hand-written assembly for cores with the DSP extension, equal to [`portable`] to the bit.
//!
//! Each `.s` file is one kernel and says what it computes and why that is exact. The functions here are safe: they
//! check lengths, indices and alignment, and leave to [`portable`] what the assembly does not cover. The test crate
//! executes the same files in a model of the instructions.
//!
//! The files name their architecture, Armv7E-M, because link-time optimisation reads assembly without the build's
//! `-C target-cpu`; an Armv8-M core with the extension executes the same instructions.
#![allow(unsafe_code)]

mod many_columns;

use core::arch::global_asm;
use core::ffi::c_int;

use super::checks::{BLOCK, are_blocks, is_aligned};
use super::portable::{self, DenseRow};

pub use many_columns::add_columns;

global_asm!(include_str!("propagate_i8.s"), options(raw));
global_asm!(include_str!("propagate_i16.s"), options(raw));
global_asm!(include_str!("add_two_rows.s"), options(raw));
global_asm!(include_str!("add_rescaled.s"), options(raw));
global_asm!(include_str!("integrate.s"), options(raw));
global_asm!(include_str!("integrate_each.s"), options(raw));
global_asm!(include_str!("decay_trace.s"), options(raw));
global_asm!(include_str!("eligibility_row.s"), options(raw));
global_asm!(include_str!("add_row.s"), options(raw));
global_asm!(include_str!("add_column.s"), options(raw));
global_asm!(include_str!("halve.s"), options(raw));
global_asm!(include_str!("change.s"), options(raw));
global_asm!(include_str!("change_and_leak.s"), options(raw));

unsafe extern "C" {
    fn metaplastic_propagate_i8(weights: *const i8, spikes: *const u16, count: usize, sums: *mut i32, row: usize);
    fn metaplastic_propagate_i16(weights: *const i16, spikes: *const u16, count: usize, sums: *mut i32, row: usize);
    fn metaplastic_add_two_rows(sums: *mut i32, first: *const i8, second: *const i8, values: u32, length: usize);
    fn metaplastic_add_rescaled(total: *mut i32, sums: *const i32, length: usize, factor: i32);
    fn metaplastic_integrate(
        membrane: *mut i16,
        input: *const i32,
        decay: u32,
        below: u32,
        length: usize,
        spikes: *mut u16,
    ) -> usize;
    fn metaplastic_integrate_each(
        membrane: *mut i16,
        input: *const i32,
        decays: *const u16,
        below: u32,
        length: usize,
        spikes: *mut u16,
    ) -> usize;
    fn metaplastic_decay_trace(trace: *mut i16, fraction: *mut u16, length: usize, factor: u32);
    fn metaplastic_eligibility_row(e: *mut i16, x: *const i16, addends: *const i32, constants: u32, length: usize);
    fn metaplastic_add_row(e: *mut i16, increments: *const i16, length: usize);
    fn metaplastic_add_column(e: *mut i16, row: usize, traces: *const i16, x: c_int, addend: i32, rows: usize);
    fn metaplastic_halve(e: *mut i16, length: usize, up: u32);
    fn metaplastic_change(
        plastic: *mut i16,
        eligibility: *const i16,
        factors: *const i16,
        end: *const i16,
        length: usize,
        limits: u32,
        room: i32,
        offset: u32,
    );
    fn metaplastic_change_and_leak(
        plastic: *mut i16,
        eligibility: *const i16,
        factors: *const i16,
        leaks: *const i16,
        end: *const i16,
        length: usize,
        limits: u32,
        room: i32,
        offset: u32,
    );
}

/// Most spikes of which i16 sums of i8 weights cannot wrap.
const MAX_PACKED_SPIKES: usize = 256;

/// Two equal halves of a word.
fn twice(value: i16) -> u32 {
    let half = u32::from(value as u16);
    half << 16 | half
}

/// Whether there is a spike, `sums` are whole blocks and every spike's row of weights is there.
fn has_rows(weights: usize, spikes: &[u16], sums: usize) -> bool {
    let exists = |spike: &u16| (usize::from(*spike) + 1) * sums <= weights;
    !spikes.is_empty() && are_blocks(sums) && spikes.iter().all(exists)
}

/// See [`portable::propagate_i8`].
pub fn propagate_i8(weights: &[i8], spikes: &[u16], sums: &mut [i32]) {
    if spikes.len() > MAX_PACKED_SPIKES || !is_aligned(weights) || !has_rows(weights.len(), spikes, sums.len()) {
        return portable::propagate_i8(weights, spikes, sums);
    }
    // SAFETY: every spike's row lies within `weights`, rows are as long as `sums`, whole blocks, and word-aligned.
    unsafe {
        metaplastic_propagate_i8(weights.as_ptr(), spikes.as_ptr(), spikes.len(), sums.as_mut_ptr(), sums.len());
    }
}

/// See [`portable::propagate_i16`].
pub fn propagate_i16(weights: &[i16], spikes: &[u16], sums: &mut [i32]) {
    if !is_aligned(weights) || !has_rows(weights.len(), spikes, sums.len()) {
        return portable::propagate_i16(weights, spikes, sums);
    }
    // SAFETY: every spike's row lies within `weights`, rows are as long as `sums`, whole blocks, and word-aligned.
    unsafe {
        metaplastic_propagate_i16(weights.as_ptr(), spikes.as_ptr(), spikes.len(), sums.as_mut_ptr(), sums.len());
    }
}

/// See [`portable::propagate_values`].
pub fn propagate_values(weights: &[i8], values: &[i16], sums: &mut [i32]) {
    let row = sums.len();
    if !(are_blocks(row) && is_aligned(weights)) {
        return portable::propagate_values(weights, values, sums);
    }
    let rows = values.chunks(2).zip(weights.chunks(2 * row)).filter(|(values, _)| values.iter().any(|it| *it != 0));
    for (values, rows) in rows {
        let (Some(first), second) = (rows.get(..row), rows.get(row..2 * row)) else { continue };
        let packed = match (values, second) {
            ([a, b], Some(_)) => u32::from(*a as u16) | u32::from(*b as u16) << 16,
            ([a, ..], _) => u32::from(*a as u16),
            ([], _) => continue,
        };
        let second = second.unwrap_or(first);
        // SAFETY: both rows and the sums have `row` elements, whole blocks, not none; rows are word-aligned.
        unsafe { metaplastic_add_two_rows(sums.as_mut_ptr(), first.as_ptr(), second.as_ptr(), packed, row) }
    }
}

/// See [`portable::add_rescaled`]; left shifts, which multiply, and shifts by 0 and 1 are left to it.
pub fn add_rescaled(total: &mut [i32], sums: &[i32], shift: i32) {
    let length = total.len();
    let whole = are_blocks(length) && sums.len() == length;
    if !(whole && (2..=30).contains(&shift)) {
        return portable::add_rescaled(total, sums, shift);
    }
    // SAFETY: both slices are equally long, whole blocks, not empty.
    unsafe { metaplastic_add_rescaled(total.as_mut_ptr(), sums.as_ptr(), length, 1 << (32 - shift)) }
}

/// See [`portable::integrate`].
pub fn integrate(membrane: &mut [i16], input: &[i32], decay: u16, threshold: i16, spikes: &mut [u16]) -> usize {
    let whole = membrane.len().min(input.len()).min(spikes.len()) & !3;
    if whole == 0 || threshold < 1 || !is_aligned(membrane) {
        return portable::integrate(membrane, input, decay, threshold, spikes);
    }
    let below = twice(threshold - 1);
    // SAFETY: all three slices have at least `whole` elements, a multiple of four; the membrane is word-aligned.
    let count = unsafe {
        metaplastic_integrate(
            membrane.as_mut_ptr(),
            input.as_ptr(),
            decay.into(),
            below,
            whole,
            spikes.as_mut_ptr(),
        )
    };
    if whole == membrane.len() {
        return count;
    }
    let (membrane, input) = (membrane.get_mut(whole..).unwrap_or_default(), input.get(whole..).unwrap_or_default());
    add_tail(spikes, count, whole, |spikes| portable::integrate(membrane, input, decay, threshold, spikes))
}

/// See [`portable::integrate_each`].
pub fn integrate_each(
    membrane: &mut [i16],
    input: &[i32],
    decays: &[u16],
    threshold: i16,
    spikes: &mut [u16],
) -> usize {
    let whole = membrane.len().min(input.len()).min(decays.len()).min(spikes.len()) & !3;
    if whole == 0 || threshold < 1 || !is_aligned(membrane) || !is_aligned(decays) {
        return portable::integrate_each(membrane, input, decays, threshold, spikes);
    }
    let below = twice(threshold - 1);
    // SAFETY: all four slices have at least `whole` elements, a multiple of four; membrane and decays are
    // word-aligned.
    let count = unsafe {
        metaplastic_integrate_each(
            membrane.as_mut_ptr(),
            input.as_ptr(),
            decays.as_ptr(),
            below,
            whole,
            spikes.as_mut_ptr(),
        )
    };
    if whole == membrane.len() {
        return count;
    }
    let (membrane, input) = (membrane.get_mut(whole..).unwrap_or_default(), input.get(whole..).unwrap_or_default());
    let decays = decays.get(whole..).unwrap_or_default();
    add_tail(spikes, count, whole, |spikes| portable::integrate_each(membrane, input, decays, threshold, spikes))
}

/// Appends to `count` spikes those of the neurons from `whole` on, which `integrate` writes counted from there.
fn add_tail(spikes: &mut [u16], count: usize, whole: usize, integrate: impl FnOnce(&mut [u16]) -> usize) -> usize {
    let spikes = spikes.get_mut(count..).unwrap_or_default();
    let more = integrate(spikes);
    spikes.iter_mut().take(more).for_each(|spike| *spike += whole as u16);
    count + more
}

/// See [`portable::decay_trace`]; decays below one half are left to it.
pub fn decay_trace(trace: &mut [i16], fraction: &mut [u16], decay: u16) {
    let whole = trace.len().min(fraction.len()) & !(BLOCK - 1);
    if whole == 0 || decay < 0x8000 || !is_aligned(trace) || !is_aligned(fraction) {
        return portable::decay_trace(trace, fraction, decay);
    }
    // SAFETY: both slices have at least `whole` elements, whole blocks, not none; both are word-aligned.
    unsafe {
        metaplastic_decay_trace(trace.as_mut_ptr(), fraction.as_mut_ptr(), whole, u32::from(decay) << 16);
    }
    let rest = (trace.get_mut(whole..), fraction.get_mut(whole..));
    portable::decay_trace(rest.0.unwrap_or_default(), rest.1.unwrap_or_default(), decay);
}

/// See [`portable::eligibility_row`]; rules with a slow trace or with terms in P, and fast decays, are left to it.
pub fn eligibility_row(eligibility: &mut [i16], plastic: &[i16], row: &DenseRow<'_>) {
    let length = eligibility.len();
    let one_trace = row.of_slow_trace.is_empty() && row.of_plastic.is_empty() && row.decay >= 0x8000;
    let same_lengths = row.of_trace.len() == length && row.addends.len() == length;
    if !(one_trace && same_lengths && are_blocks(length) && is_aligned(eligibility) && is_aligned(row.of_trace)) {
        return portable::eligibility_row(eligibility, plastic, row);
    }
    let constants = u32::from(row.trace as u16) << 16 | u32::from(row.decay);
    // SAFETY: the three slices are equally long, whole blocks, not empty, and word-aligned.
    unsafe {
        metaplastic_eligibility_row(
            eligibility.as_mut_ptr(),
            row.of_trace.as_ptr(),
            row.addends.as_ptr(),
            constants,
            length,
        );
    }
}

/// See [`portable::add_row`].
pub fn add_row(eligibility: &mut [i16], increments: &[i16]) {
    let length = eligibility.len();
    let whole = are_blocks(length) && increments.len() == length;
    if !(whole && is_aligned(eligibility) && is_aligned(increments)) {
        return portable::add_row(eligibility, increments);
    }
    // SAFETY: both slices are equally long, whole blocks, not empty, and word-aligned.
    unsafe { metaplastic_add_row(eligibility.as_mut_ptr(), increments.as_ptr(), length) }
}

/// See [`portable::add_rows`].
pub fn add_rows(eligibility: &mut [i16], spikes: &[u16], increments: &[i16]) {
    let row = increments.len();
    if !(has_rows(eligibility.len(), spikes, row) && is_aligned(eligibility) && is_aligned(increments)) {
        return portable::add_rows(eligibility, spikes, increments);
    }
    for spike in spikes {
        // SAFETY: every spike's row lies within `eligibility`; rows are whole blocks, not empty, and word-aligned.
        unsafe {
            let start = eligibility.as_mut_ptr().add(usize::from(*spike) * row);
            metaplastic_add_row(start, increments.as_ptr(), row);
        }
    }
}

/// [`portable::add_columns`], one after the other.
fn each_column(eligibility: &mut [i16], row_length: usize, columns: &[u16], traces: (&[i16], i16), addend: i32) {
    let rows = traces.0.len();
    let exists = |j: &u16| usize::from(*j) < row_length;
    let whole = rows != 0 && rows * row_length == eligibility.len() && columns.iter().all(exists);
    if !(whole && is_aligned(traces.0)) {
        return portable::add_columns(eligibility, row_length, columns, traces, addend, &mut []);
    }
    for j in columns {
        // SAFETY: the column lies within the rows of the slice, of which there is one for each trace.
        unsafe {
            let column = eligibility.as_mut_ptr().add(usize::from(*j));
            metaplastic_add_column(column, row_length, traces.0.as_ptr(), traces.1.into(), addend, rows);
        }
    }
}

/// See [`portable::eligibility_column`]; rules with a slow trace are left to it.
pub fn eligibility_column(
    eligibility: &mut [i16],
    row_length: usize,
    traces: (&[i16], i16),
    slow_traces: (&[i16], i16),
    addend: i32,
) {
    let rows = eligibility.len().div_ceil(row_length.max(1));
    let one_trace = slow_traces.0.is_empty() && traces.0.len() == rows && is_aligned(traces.0);
    if !one_trace || row_length == 0 {
        return portable::eligibility_column(eligibility, row_length, traces, slow_traces, addend);
    }
    // SAFETY: the column's last synapse, (rows - 1) row_length, lies within the slice; there are `rows` traces.
    unsafe {
        metaplastic_add_column(
            eligibility.as_mut_ptr(),
            row_length,
            traces.0.as_ptr(),
            traces.1.into(),
            addend,
            rows,
        );
    }
}

/// See [`portable::halve`].
pub fn halve(eligibility: &mut [i16], up: u16) {
    let length = eligibility.len();
    if !(are_blocks(length) && is_aligned(eligibility)) {
        return portable::halve(eligibility, up);
    }
    // SAFETY: the slice is whole blocks, not empty, and word-aligned.
    unsafe { metaplastic_halve(eligibility.as_mut_ptr(), length, up.into()) }
}

/// See [`portable::change`].
pub fn change(plastic: &mut [i16], eligibility: &[i16], factors: &[i16], limit: i16, offset: u16) {
    let (length, row) = (plastic.len(), factors.len());
    let whole = length != 0 && eligibility.len() == length && are_blocks(row) && length.is_multiple_of(row);
    if !(whole && limit >= 0 && is_aligned(plastic) && is_aligned(eligibility) && is_aligned(factors)) {
        return portable::change(plastic, eligibility, factors, limit, offset);
    }
    let square = i32::from(limit) * i32::from(limit);
    let end = plastic.as_ptr_range().end;
    // SAFETY: P and E are equally long, whole rows, rows whole blocks as long as `factors`; all word-aligned.
    unsafe {
        metaplastic_change(
            plastic.as_mut_ptr(),
            eligibility.as_ptr(),
            factors.as_ptr(),
            end,
            row,
            twice(limit),
            i32::MAX - square,
            offset.into(),
        );
    }
}

/// See [`portable::change_and_leak`].
pub fn change_and_leak(
    plastic: &mut [i16],
    eligibility: &[i16],
    factors: (&[i16], &[i16]),
    limit: i16,
    offset: u16,
) {
    let (length, row) = (plastic.len(), factors.0.len());
    let rows = length != 0 && are_blocks(row) && length.is_multiple_of(row);
    let whole = rows && eligibility.len() == length && factors.1.len() == row && limit >= 0;
    let aligned = is_aligned(plastic) && is_aligned(eligibility) && is_aligned(factors.0) && is_aligned(factors.1);
    if !(whole && aligned) {
        return portable::change_and_leak(plastic, eligibility, factors, limit, offset);
    }
    let square = i32::from(limit) * i32::from(limit);
    let end = plastic.as_ptr_range().end;
    // SAFETY: P and E are equally long, whole rows; rows are whole blocks as long as both vectors of factors; all four
    // are word-aligned.
    unsafe {
        metaplastic_change_and_leak(
            plastic.as_mut_ptr(),
            eligibility.as_ptr(),
            factors.0.as_ptr(),
            factors.1.as_ptr(),
            end,
            row,
            twice(limit),
            i32::MAX - square,
            offset.into(),
        );
    }
}
