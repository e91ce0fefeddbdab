//! A vector of floats that starts on a cache line, so that no vector load crosses one.

use std::ops::{Deref, DerefMut};

use super::lanes::{LANES, Octet};

const LINE: usize = 64;

/// Floats starting on a cache line; their number is a multiple of [`LANES`].
#[derive(Debug, Default)]
pub(super) struct Aligned {
    storage: Vec<f32>,
    start: usize,
    length: usize,
}

impl Aligned {
    /// Zeros, at least `length` of them.
    pub(super) fn zeros(length: usize) -> Self {
        let length = length.next_multiple_of(LANES);
        let storage = vec![0.0; length + LINE / size_of::<f32>()];
        let start = storage.as_ptr().align_offset(LINE).min(LINE / size_of::<f32>());
        Self { storage, start, length }
    }

    /// By eights.
    pub(super) fn octets(&self) -> &[Octet] {
        self.as_chunks().0
    }

    /// By eights.
    pub(super) fn octets_mut(&mut self) -> &mut [Octet] {
        self.as_chunks_mut().0
    }
}

impl Deref for Aligned {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.storage[self.start..self.start + self.length]
    }
}

impl DerefMut for Aligned {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.storage[self.start..self.start + self.length]
    }
}

impl Clone for Aligned {
    fn clone(&self) -> Self {
        let mut clone = Self::zeros(self.length);
        clone.copy_from_slice(self);
        clone
    }

    fn clone_from(&mut self, source: &Self) {
        if self.length == source.length {
            self.copy_from_slice(source);
        } else {
            *self = source.clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_are_aligned_too() {
        let mut values = Aligned::zeros(9);
        values[8] = 3.0;
        let clone = values.clone();
        assert_eq!((clone.len(), clone[8], clone.as_ptr().align_offset(LINE)), (16, 3.0, 0));
    }
}
