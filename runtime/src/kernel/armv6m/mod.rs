//! The kernels whose portable form the compiler makes slow on Armv6-M, in hand-written assembly, equal to
//! [`portable`] to the bit.
//!
//! The reasons: Armv6-M computes in eight registers, of which the compiler keeps one as its frame pointer, so that
//! constants of a loop lie in memory; it compares once more before it branches on an overflow; and it never loads
//! signed halves at an index that several slices share. The other kernels lose little by that and are the portable
//! ones.
//!
//! As with the other hand-written kernels, each `.s` file is one kernel and says what it computes and why that is
//! exact, the functions here check lengths and alignment, and the test crate executes the same files in a model.
#![allow(unsafe_code)]

use core::arch::global_asm;
use core::ffi::c_int;

use super::checks::{BLOCK, are_blocks, is_aligned};
use super::portable::{self, DenseRow};

global_asm!(include_str!("eligibility_row.s"), options(raw));
global_asm!(include_str!("add_products.s"), options(raw));
global_asm!(include_str!("row_increments.s"), options(raw));
global_asm!(include_str!("add_row.s"), options(raw));
global_asm!(include_str!("change.s"), options(raw));
global_asm!(include_str!("change_and_leak.s"), options(raw));

unsafe extern "C" {
    fn metaplastic_eligibility_row(
        e: *mut i16,
        x: *const i16,
        addends: *const i32,
        decay: u32,
        trace: c_int,
        length: usize,
    );
    fn metaplastic_add_products(
        sums: *mut i32,
        factors: *const i16,
        length: usize,
        coefficient: c_int,
        offset: u32,
    );
    fn metaplastic_row_increments(
        increments: *mut i16,
        sums: *const i32,
        length: usize,
        scale: u32,
        limit: c_int,
        offset: u32,
    ) -> *const i16;
    fn metaplastic_add_row(e: *mut i16, increments: *const i16, length: usize);
    fn metaplastic_change(
        plastic: *mut i16,
        eligibility: *const i16,
        factors: *const i16,
        length: usize,
        end: *const i16,
        limit: c_int,
        offset: u32,
    );
    fn metaplastic_change_and_leak(
        plastic: *mut i16,
        eligibility: *const i16,
        factors: *const i16,
        leaks: *const i16,
        length: usize,
        end: *const i16,
        limit: c_int,
        offset: u32,
    );
}

/// See [`portable::eligibility_row`]; rules with a slow trace or with terms in P are left to it.
pub fn eligibility_row(eligibility: &mut [i16], plastic: &[i16], row: &DenseRow<'_>) {
    let length = eligibility.len();
    let one_trace = row.of_slow_trace.is_empty() && row.of_plastic.is_empty();
    let same_lengths = row.of_trace.len() == length && row.addends.len() == length;
    if !(one_trace && same_lengths && are_blocks(length)) {
        return portable::eligibility_row(eligibility, plastic, row);
    }
    let (x, addends) = (row.of_trace.as_ptr(), row.addends.as_ptr());
    // SAFETY: the three slices are equally long, whole blocks, not empty.
    unsafe {
        metaplastic_eligibility_row(
            eligibility.as_mut_ptr(),
            x,
            addends,
            row.decay.into(),
            row.trace.into(),
            length,
        );
    }
}

/// See [`portable::add_products`].
pub fn add_products(sums: &mut [i32], coefficient: i16, factors: &[i16], offset: u16) {
    let length = sums.len();
    if !(factors.len() == length && are_blocks(length) && is_aligned(factors)) {
        return portable::add_products(sums, coefficient, factors, offset);
    }
    // SAFETY: both slices are equally long, whole blocks, not empty, the factors word-aligned.
    unsafe {
        let (coefficient, offset) = (coefficient.into(), offset.into());
        metaplastic_add_products(sums.as_mut_ptr(), factors.as_ptr(), length, coefficient, offset);
    }
}

/// See [`portable::row_increments`]; the eights of which a sum is beyond the limit are left to it.
pub fn row_increments(increments: &mut [i16], sums: &[i32], scale: (u16, u16), limit: i16) {
    let length = increments.len();
    if sums.len() != length || length % BLOCK != 0 || limit < 0 {
        return portable::row_increments(increments, sums, scale, limit);
    }
    let mut done = 0;
    while let (Some(increments @ [_, ..]), Some(sums)) = (increments.get_mut(done..), sums.get(done..)) {
        let start = increments.as_ptr().addr();
        // SAFETY: both slices are equally long, whole blocks, not empty.
        let end = unsafe {
            let increments = increments.as_mut_ptr();
            let (scale, offset) = (scale.0.into(), scale.1.into());
            metaplastic_row_increments(increments, sums.as_ptr(), sums.len(), scale, limit.into(), offset)
        };
        let written = (end.addr() - start) / size_of::<i16>();
        done += written + BLOCK;
        let left = (increments.get_mut(written..), sums.get(written..));
        if let (Some(increments), Some(sums)) = left {
            let eight = increments.len().min(BLOCK);
            portable::row_increments(increments.get_mut(..eight).unwrap_or_default(), sums, scale, limit);
        }
    }
}

/// See [`portable::add_row`].
pub fn add_row(eligibility: &mut [i16], increments: &[i16]) {
    let length = eligibility.len();
    let whole = increments.len() == length && are_blocks(length);
    if !(whole && is_aligned(eligibility) && is_aligned(increments)) {
        return portable::add_row(eligibility, increments);
    }
    // SAFETY: both slices are equally long, whole blocks, not empty, and word-aligned.
    unsafe { metaplastic_add_row(eligibility.as_mut_ptr(), increments.as_ptr(), length) }
}

/// See [`portable::add_rows`].
pub fn add_rows(eligibility: &mut [i16], spikes: &[u16], increments: &[i16]) {
    let row = increments.len();
    for start in spikes.iter().map(|spike| usize::from(*spike) * row) {
        add_row(eligibility.get_mut(start..start + row).unwrap_or_default(), increments);
    }
}

/// See [`portable::change`].
pub fn change(plastic: &mut [i16], eligibility: &[i16], factors: &[i16], limit: i16, offset: u16) {
    let (length, row) = (plastic.len(), factors.len());
    let whole = length != 0 && eligibility.len() == length && are_blocks(row) && length.is_multiple_of(row);
    if !whole || limit < 0 {
        return portable::change(plastic, eligibility, factors, limit, offset);
    }
    let end = plastic.as_ptr_range().end;
    // SAFETY: P and E are equally long, whole rows, not empty; rows are whole blocks as long as `factors`.
    unsafe {
        let (plastic, eligibility) = (plastic.as_mut_ptr(), eligibility.as_ptr());
        metaplastic_change(plastic, eligibility, factors.as_ptr(), row, end, limit.into(), offset.into());
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
    if !(rows && eligibility.len() == length && factors.1.len() == row && limit >= 0) {
        return portable::change_and_leak(plastic, eligibility, factors, limit, offset);
    }
    let end = plastic.as_ptr_range().end;
    // SAFETY: P and E are equally long, whole rows, not empty; rows are whole blocks as long as both vectors of factors.
    unsafe {
        let (plastic, eligibility) = (plastic.as_mut_ptr(), eligibility.as_ptr());
        let (factors, leaks) = (factors.0.as_ptr(), factors.1.as_ptr());
        metaplastic_change_and_leak(plastic, eligibility, factors, leaks, row, end, limit.into(), offset.into());
    }
}
