//! Sums of the rows of spiking neurons, several weights in a word: `sums_j += sum_i s_i W_ij`, exact; and of the rows of
//! analog values: `sums_j += sum_n a_n W_nj`.
//!
//! Knows no neuron. Four i8 of a word are added as unsigned numbers (`w + 128`) in lanes of 16 bits, which hold 256
//! of them; i16 are added two rows at a time, so that a sum is loaded and stored once for both.

use bytemuck::{cast_ref, try_cast_slice};

/// Weights of one turn where each is a number of its own.
const BLOCK: usize = 8;
/// Most numbers of 8 bits that a lane of 16 bits can add.
const MOST: usize = 256;
/// Turns four signed bytes into unsigned ones, each 128 more.
const SIGNS: u32 = 0x8080_8080;
/// The bytes of a word with an even number.
const EVEN: u32 = 0x00ff_00ff;

/// Adds the rows of i8 weights of the spiking presynaptic neurons to `sums`, exactly.
///
/// `weights` has rows of `sums.len()`, a multiple of eight; indices in `spikes` beyond the last row add nothing.
#[inline(never)]
pub fn propagate_i8(weights: &[i8], spikes: &[u16], sums: &mut [i32]) {
    let Ok(words) = try_cast_slice::<i8, u32>(weights) else { return propagate(weights, spikes, sums) };
    let blocks = words.as_chunks::<2>().0;
    let sums = sums.as_chunks_mut::<BLOCK>().0;
    for spikes in spikes.chunks(MOST) {
        let row = sums.len();
        for (block, sums) in sums.iter_mut().enumerate() {
            add_bytes(blocks.get(block..).unwrap_or_default(), row, spikes, sums);
        }
    }
}

/// Adds the first block of every spiking row to its sums.
#[inline(always)]
fn add_bytes(blocks: &[[u32; 2]], row: usize, spikes: &[u16], sums: &mut [i32; BLOCK]) {
    // Of each word: its even bytes, and the whole word shifted by one byte, the even ones still among the odd.
    let [mut even, mut shifted] = [[0_u32; 2]; 2];
    let mut bias = 0;
    for spike in spikes {
        if let Some(words) = blocks.get(usize::from(*spike) * row) {
            for k in 0..2 {
                let bytes = u32::from_le(words[k]) ^ SIGNS;
                even[k] = even[k].wrapping_add(bytes & EVEN);
                shifted[k] = shifted[k].wrapping_add(bytes >> 8);
            }
            bias += 128;
        }
    }
    for (k, sums) in sums.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        let odd = shifted[k].wrapping_sub(even[k] >> 16 << 8);
        let lanes = [even[k] & 0xffff, odd & 0xffff, even[k] >> 16, odd >> 16];
        for (sum, lane) in sums.iter_mut().zip(lanes) {
            *sum += lane as i32 - bias;
        }
    }
}

/// Adds the rows of i16 plastic weights of the spiking presynaptic neurons to `sums`, exactly.
///
/// `weights` has rows of `sums.len()`, a multiple of eight; indices in `spikes` beyond the last row add nothing.
#[inline(never)]
pub fn propagate_i16(weights: &[i16], spikes: &[u16], sums: &mut [i32]) {
    let Ok(words) = try_cast_slice::<i16, u32>(weights) else { return propagate(weights, spikes, sums) };
    let row = sums.len() / 2;
    let mut rows = spikes.iter().filter_map(|spike| words.get(usize::from(*spike) * row..)?.get(..row));
    while let Some(first) = rows.next() {
        match rows.next() {
            Some(second) => add_two_rows(sums, first, second),
            None => add_one_row(sums, first),
        }
    }
}

/// Adds the rows of i8 weights of analog values, each times its value, to `sums`, exactly.
///
/// `weights` has a row of `sums.len()`, a multiple of eight, for each value. At most 64 values, so that a sum is below 2^28.
#[inline(never)]
pub fn propagate_values(weights: &[i8], values: &[i16], sums: &mut [i32]) {
    let rows = weights.chunks_exact(sums.len().max(1));
    for (value, weights) in values.iter().zip(rows).filter(|(value, _)| **value != 0) {
        let value = i32::from(*value);
        let blocks = sums.as_chunks_mut::<BLOCK>().0.iter_mut().zip(weights.as_chunks::<BLOCK>().0);
        for (sums, weights) in blocks {
            sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += value * i32::from(*weight));
        }
    }
}

#[inline(never)]
fn add_two_rows(sums: &mut [i32], first: &[u32], second: &[u32]) {
    let sums = sums.as_chunks_mut::<BLOCK>().0;
    let rows = first.as_chunks::<{ BLOCK / 2 }>().0.iter().zip(second.as_chunks::<{ BLOCK / 2 }>().0);
    for (sums, (first, second)) in sums.iter_mut().zip(rows) {
        for (sums, (first, second)) in sums.as_chunks_mut::<2>().0.iter_mut().zip(first.iter().zip(second)) {
            let ([a, b], [c, d]) = (halves(first), halves(second));
            *sums = [sums[0] + a + c, sums[1] + b + d];
        }
    }
}

#[inline(never)]
fn add_one_row(sums: &mut [i32], row: &[u32]) {
    let sums = sums.as_chunks_mut::<BLOCK>().0;
    for (sums, row) in sums.iter_mut().zip(row.as_chunks::<{ BLOCK / 2 }>().0) {
        for (sums, pair) in sums.as_chunks_mut::<2>().0.iter_mut().zip(row) {
            let [a, b] = halves(pair);
            *sums = [sums[0] + a, sums[1] + b];
        }
    }
}

/// One weight at a time, for rows that are not word-aligned.
#[inline(never)]
fn propagate<W: Copy + Into<i32>>(weights: &[W], spikes: &[u16], sums: &mut [i32]) {
    for spike in spikes {
        let start = usize::from(*spike) * sums.len();
        if let Some(row) = weights.get(start..start + sums.len()) {
            sums.iter_mut().zip(row).for_each(|(sum, weight)| *sum += (*weight).into());
        }
    }
}

/// The values of two i16 in a word, in order.
#[inline(always)]
fn halves(pair: &u32) -> [i32; 2] {
    cast_ref::<u32, [i16; 2]>(pair).map(i32::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Over 256 spikes fill a lane more than once; an odd number of rows leaves one without a partner.
    #[test]
    fn words_add_what_single_weights_add() {
        #[repr(align(8))]
        struct Aligned<T>(T);
        const ROWS: usize = 301;
        let spikes: [u16; ROWS + 2] = core::array::from_fn(|spike| spike as u16);
        let i8s: Aligned<[i8; 16 * ROWS]> =
            Aligned(core::array::from_fn(|at| [i8::MIN, i8::MAX, 7, -1][at % 16 % 4]));
        let i16s: Aligned<[i16; 16 * ROWS]> = Aligned(core::array::from_fn(|at| (at * 40_503) as i16));
        let (mut words, mut singles) = ([5; 16], [5; 16]);
        propagate_i8(&i8s.0, &spikes, &mut words);
        propagate(&i8s.0, &spikes, &mut singles);
        assert_eq!(words, singles);
        propagate_i16(&i16s.0, &spikes, &mut words);
        propagate(&i16s.0, &spikes, &mut singles);
        assert_eq!(words, singles);
        // Not word-aligned: one weight at a time.
        propagate_i16(&i16s.0[1..17], &[0], &mut words);
        propagate(&i16s.0[1..17], &[0], &mut singles);
        assert_eq!(words, singles);
    }
}
