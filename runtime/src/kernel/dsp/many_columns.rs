//! Adds the increments of postsynaptic spikes to lazily decaying eligibility, in one pass over it if so many
//! neurons spike that a column for each takes longer.
//!
//! A synapse of a column takes about 8 cycles of a Cortex-M4, a synapse of the pass 3: it pays from two fifths of
//! the columns on.

use core::arch::global_asm;
use core::ffi::c_int;

use bytemuck::cast_slice_mut;

use super::{BLOCK, are_blocks, each_column, is_aligned};

global_asm!(include_str!("add_columns.s"), options(raw));

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
}

/// See [`portable::add_columns`](crate::kernel::portable::add_columns).
pub fn add_columns(
    eligibility: &mut [i16],
    row_length: usize,
    columns: &[u16],
    traces: (&[i16], i16),
    addend: i32,
    scratch: &mut [i32],
) {
    let mask: &mut [i16] = cast_slice_mut(scratch);
    let pays = 5 * columns.len() >= 2 * row_length + BLOCK;
    match mask.get_mut(..row_length).filter(|mask| pays && covers(eligibility, mask, columns, traces.0)) {
        Some(mask) => {
            mask.fill(0);
            for j in columns {
                if let Some(entry) = mask.get_mut(usize::from(*j)) {
                    *entry = -1;
                }
            }
            add_masked(eligibility, mask, Increment { traces: traces.0, of_trace: traces.1, addend });
        }
        None => each_column(eligibility, row_length, columns, traces, addend),
    }
}

/// Whether there is a row for each trace, of whole blocks and word-aligned, and every column in it.
fn covers(eligibility: &[i16], mask: &[i16], columns: &[u16], traces: &[i16]) -> bool {
    let (row, rows) = (mask.len(), traces.len());
    let whole = are_blocks(row) && rows != 0 && rows * row == eligibility.len();
    let exists = |j: &u16| usize::from(*j) < row;
    whole && columns.iter().all(exists) && is_aligned(eligibility) && is_aligned(mask)
}

/// The increment of a row's synapses in the columns: `(x_i X + A) >> 16`.
struct Increment<'t> {
    /// x, Q15, one value per row.
    traces: &'t [i16],
    /// X.
    of_trace: i16,
    /// A.
    addend: i32,
}

/// Adds the increment to the columns that `mask` has all bits of. The slices are as [`covers`] requires.
fn add_masked(eligibility: &mut [i16], mask: &[i16], increment: Increment<'_>) {
    let Increment { traces, of_trace, addend } = increment;
    let x = i32::from(of_trace as u16) | (mask.len() as i32 & 8) << 16;
    let (traces, masks) = (traces.as_ptr_range(), mask.as_ptr_range());
    // SAFETY: E has a row for each trace; rows are as long as the mask, whole blocks, not empty, and word-aligned.
    unsafe {
        metaplastic_add_columns(
            eligibility.as_mut_ptr(),
            masks.start,
            traces.start,
            x,
            addend,
            traces.end,
            masks.end,
        );
    }
}
