//! Allocates slices of a borrowed buffer: 8-byte aligned, zeroed, never freed.
//!
//! The size of a network's state is found by the same allocations from a [counting](Arena::counting) arena, so that
//! only one place knows what a network keeps.

use bytemuck::{cast_slice_mut, try_cast_slice_mut};

/// Elements of `i16` in 8 bytes.
const BLOCK: usize = 4;

/// Allocates slices of one buffer.
pub(crate) struct Arena<'a> {
    free: &'a mut [i16],
    taken: usize,
}

impl<'a> Arena<'a> {
    /// Over a borrowed buffer, which is zeroed.
    pub(crate) fn new(memory: &'a mut [u64]) -> Self {
        memory.fill(0);
        Self { free: cast_slice_mut(memory), taken: 0 }
    }

    /// An arena that allocates empty slices and only counts.
    pub(crate) fn counting() -> Self {
        Self { free: &mut [], taken: 0 }
    }

    /// 8-byte words that were allocated or counted.
    pub(crate) fn words(&self) -> usize {
        self.taken / BLOCK
    }

    /// `count` zeros; an empty slice if the buffer is used up.
    pub(crate) fn take(&mut self, count: usize) -> &'a mut [i16] {
        let blocks = count.next_multiple_of(BLOCK);
        self.taken += blocks;
        let free = core::mem::take(&mut self.free);
        let (taken, free) = free.split_at_mut_checked(blocks).unwrap_or_default();
        self.free = free;
        taken.get_mut(..count).unwrap_or_default()
    }

    /// `count` unsigned zeros.
    pub(crate) fn take_indices(&mut self, count: usize) -> &'a mut [u16] {
        try_cast_slice_mut(self.take(count)).unwrap_or_default()
    }

    /// `count` unsigned 32-bit zeros.
    pub(crate) fn take_words(&mut self, count: usize) -> &'a mut [u32] {
        try_cast_slice_mut(self.take(2 * count)).unwrap_or_default()
    }

    /// `count` 32-bit zeros.
    pub(crate) fn take_sums(&mut self, count: usize) -> &'a mut [i32] {
        try_cast_slice_mut(self.take(2 * count)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_and_allocating_take_the_same() {
        let allocate = |arena: &mut Arena<'_>| {
            let lengths = [arena.take(3).len(), arena.take_indices(9).len(), arena.take_sums(5).len()];
            (lengths, arena.words())
        };
        let (_, words) = allocate(&mut Arena::counting());
        let mut memory = [u64::MAX; 7];
        assert_eq!(words, memory.len());
        assert_eq!(allocate(&mut Arena::new(&mut memory)), ([3, 9, 5], words));
        assert_eq!(memory, [0; 7]);
    }
}
