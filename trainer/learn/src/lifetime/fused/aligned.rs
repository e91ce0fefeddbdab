//! A vector of floats that starts on a cache line, so that no vector load crosses one.

use std::ops::{Deref, DerefMut};

use super::lanes::{LANES, Octet};

/// Bytes in a cache line.
const LINE: usize = 64;
/// Floats in a cache line.
const MARGIN: usize = LINE / size_of::<f32>();

/// Floats starting on a cache line; their number is a multiple of [`LANES`].
#[derive(Debug, Default)]
pub(crate) struct Aligned {
    storage: Vec<f32>,
    start: usize,
    length: usize,
}

impl Aligned {
    /// Zeros, at least `length`.
    pub(crate) fn zeros(length: usize) -> Self {
        let length = length.next_multiple_of(LANES);
        let storage = vec![0.0; length + MARGIN];
        let start = margin(&storage);
        Self { storage, start, length }
    }

    /// The floats in groups of eight.
    pub(crate) fn octets(&self) -> &[Octet] {
        self.as_chunks().0
    }

    /// The floats in groups of eight.
    pub(crate) fn octets_mut(&mut self) -> &mut [Octet] {
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
        let mut storage = Vec::with_capacity(self.length + MARGIN);
        let start = margin(&storage);
        storage.resize(start, 0.0);
        storage.extend_from_slice(self);
        Self { storage, start, length: self.length }
    }

    fn clone_from(&mut self, source: &Self) {
        if self.length == source.length {
            self.copy_from_slice(source);
        } else {
            *self = source.clone();
        }
    }
}

/// Floats before the first one on a cache line.
fn margin(storage: &[f32]) -> usize {
    storage.as_ptr().align_offset(LINE).min(MARGIN)
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
