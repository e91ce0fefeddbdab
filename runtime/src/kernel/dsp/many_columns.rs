//! What spikes add to lazily decaying eligibility, in one pass over it where so many postsynaptic neurons spike that a
//! column for each takes longer.
//!
//! A synapse of a column takes about 8 cycles of a Cortex-M4, a synapse of the pass 3, of a pass that halves too 3
//! where halving alone takes 2. The pass so pays from two fifths of the columns on, and from a fifth on where all is
//! halved anyway.

use core::arch::global_asm;
use core::ffi::c_int;

use bytemuck::cast_slice_mut;
use metaplastic_shared::arithmetic::ONE_Q15;

use super::{BLOCK, HALF, add_columns, add_rows, halve, has_rows, is_aligned};
use crate::kernel::portable::SpikeIncrements;

global_asm!(include_str!("add_columns.s"), options(raw));
global_asm!(include_str!("halve_and_add_columns.s"), options(raw));
global_asm!(include_str!("halve_and_add_row.s"), options(raw));

/// Of what adds masked increments to rows.
type AddColumns = unsafe extern "C" fn(
    *mut i16,
    *const i16,
    *const i16,
    c_int,
    i32,
    traces_end: *const i16,
    mask_end: *const i16,
);

unsafe extern "C" {
    fn metaplastic_add_columns(
        e: *mut i16,
        mask: *const i16,
        traces: *const i16,
        x: c_int,
        addend: i32,
        traces_end: *const i16,
        mask_end: *const i16,
    );
    fn metaplastic_halve_and_add_columns(
        e: *mut i16,
        mask: *const i16,
        traces: *const i16,
        x: c_int,
        addend: i32,
        traces_end: *const i16,
        mask_end: *const i16,
    );
    fn metaplastic_halve_and_add_row(e: *mut i16, r: *const i16, mask: *const i16, d: u32, length: usize);
}

/// The largest factor of a trace, and of one, of which twice an increment fits 16 bits.
const LARGEST_FACTOR: u16 = 16_383;

/// See [`portable::add_spikes`](crate::kernel::portable::add_spikes).
pub fn add_spikes(eligibility: &mut [i16], spikes: &SpikeIncrements<'_>, halves: bool, scratch: &mut [i32]) {
    let masks: &mut [i16] = cast_slice_mut(scratch);
    match Pass::of(eligibility, spikes, halves, masks) {
        Some(pass) if halves => pass.halve_and_add(eligibility),
        Some(pass) => {
            add_rows(eligibility, spikes.rows, spikes.of_row);
            pass.add(metaplastic_add_columns, eligibility, spikes.traces, pass.mask);
        }
        None => {
            if halves {
                halve(eligibility);
            }
            add_rows(eligibility, spikes.rows, spikes.of_row);
            add_columns(
                eligibility,
                spikes.row_length,
                spikes.columns,
                (spikes.traces, spikes.of_trace),
                spikes.of_one,
            );
        }
    }
}

/// A pass over all rows that are there, each of whole blocks and word-aligned.
struct Pass<'s> {
    spikes: &'s SpikeIncrements<'s>,
    /// All bits of the columns that spike, none of the others.
    mask: &'s [i16],
    /// The same, and 1 of the others.
    mask_of_halving: &'s [i16],
    addend: i32,
}

impl<'s> Pass<'s> {
    /// None where it does not pay, or is not what the assembly covers.
    fn of(
        eligibility: &[i16],
        spikes: &'s SpikeIncrements<'s>,
        halves: bool,
        masks: &'s mut [i16],
    ) -> Option<Self> {
        let (row, rows) = (spikes.row_length, spikes.traces.len());
        let pays = 5 * spikes.columns.len() >= if halves { row + 2 * BLOCK } else { 2 * row + BLOCK };
        let whole = row != 0 && row.is_multiple_of(BLOCK) && rows != 0 && rows * row == eligibility.len();
        let within = |factor: i16| factor.unsigned_abs() <= LARGEST_FACTOR;
        let fits = pays && whole && within(spikes.of_trace) && within(spikes.of_one);
        let has_rows = spikes.rows.is_empty() || has_rows(eligibility.len(), spikes.rows, spikes.of_row.len());
        let same_rows = spikes.rows.is_empty() || spikes.of_row.len() == row;
        let aligned = is_aligned(eligibility) && is_aligned(spikes.of_row) && is_aligned(masks);
        if !(fits && has_rows && same_rows && aligned) {
            return None;
        }
        let (mask, others) = masks.split_at_mut_checked(row)?;
        let mask_of_halving = others.get_mut(..row)?;
        mask.fill(0);
        mask_of_halving.fill(1);
        for j in spikes.columns.iter().map(|j| usize::from(*j)) {
            (*mask.get_mut(j)?, *mask_of_halving.get_mut(j)?) = (-1, -1);
        }
        let addend = i32::from(ONE_Q15) * i32::from(spikes.of_one) + HALF;
        Some(Self { spikes, mask, mask_of_halving, addend })
    }

    /// The rows of presynaptic neurons that spike one by one, those between in one go.
    fn halve_and_add(&self, eligibility: &mut [i16]) {
        let (row, traces) = (self.spikes.row_length, self.spikes.traces);
        let mut first = 0;
        for spike in self.spikes.rows.iter().map(|spike| usize::from(*spike)) {
            self.halve_and_add_silent(eligibility, first..spike);
            let here = eligibility.get_mut(spike * row..(spike + 1) * row);
            if let (Some(here), Some(trace)) = (here, traces.get(spike)) {
                self.halve_and_add_row(here, *trace);
            }
            first = spike + 1;
        }
        self.halve_and_add_silent(eligibility, first..traces.len());
    }

    fn halve_and_add_silent(&self, eligibility: &mut [i16], rows: core::ops::Range<usize>) {
        let row = self.spikes.row_length;
        let here = eligibility.get_mut(rows.start * row..rows.end * row);
        if let (Some(here), Some(traces)) = (here, self.spikes.traces.get(rows)) {
            self.add(metaplastic_halve_and_add_columns, here, traces, self.mask_of_halving);
        }
    }

    fn halve_and_add_row(&self, row: &mut [i16], trace: i16) {
        let increment = (i32::from(trace) * i32::from(self.spikes.of_trace) + self.addend) >> 16;
        let both = super::twice(increment as i16);
        // SAFETY: E, R and the mask are a row: equally long, whole blocks, not empty, and word-aligned.
        unsafe {
            metaplastic_halve_and_add_row(
                row.as_mut_ptr(),
                self.spikes.of_row.as_ptr(),
                self.mask.as_ptr(),
                both,
                row.len(),
            );
        }
    }

    /// `eligibility` has a row for each trace.
    fn add(&self, kernel: AddColumns, eligibility: &mut [i16], traces: &[i16], mask: &[i16]) {
        let x = i32::from(self.spikes.of_trace as u16) | (self.spikes.row_length as i32 & 8) << 16;
        let (traces, masks) = (traces.as_ptr_range(), mask.as_ptr_range());
        // SAFETY: E has a row for each trace, which may be none; rows are as long as the mask, whole blocks, not
        // empty, and word-aligned.
        unsafe {
            kernel(eligibility.as_mut_ptr(), masks.start, traces.start, x, self.addend, traces.end, masks.end);
        }
    }
}
