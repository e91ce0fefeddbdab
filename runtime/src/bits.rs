//! Sets of neurons with one bit per neuron, in which a map keeps its spikes.

use crate::arena::Arena;

/// Neurons per word.
const WORD: usize = u32::BITS as usize;

/// A set of neurons. Neurons beyond its size are never in it.
#[derive(Default)]
pub(crate) struct Bits<'a> {
    words: &'a mut [u32],
}

impl<'a> Bits<'a> {
    pub(crate) fn allocate(arena: &mut Arena<'a>, size: usize) -> Self {
        Self { words: arena.take_words(size.div_ceil(WORD)) }
    }

    /// Whether it has room for no neuron.
    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.words.fill(0);
    }

    pub(crate) fn copy_from(&mut self, other: &Bits<'_>) {
        self.words.iter_mut().zip(other.words.iter()).for_each(|(word, other)| *word = *other);
    }

    #[inline(always)]
    pub(crate) fn insert(&mut self, neuron: usize) {
        if let Some(word) = self.words.get_mut(neuron / WORD) {
            *word |= 1 << (neuron % WORD);
        }
    }

    /// Removes the `count` neurons from `first` on from the set, and calls `each` with the offset from `first` of
    /// every neuron that was in it.
    pub(crate) fn take(&mut self, first: usize, count: usize, mut each: impl FnMut(usize)) {
        let (mut at, end) = (first, first + count);
        while at < end {
            let Some(word) = self.words.get_mut(at / WORD) else { return };
            let low = at % WORD;
            let here = (end - at).min(WORD - low);
            let mask = u32::MAX >> (WORD - here) << low;
            let mut taken = *word & mask;
            *word &= !mask;
            while taken != 0 {
                each(at - low + taken.trailing_zeros() as usize - first);
                taken &= taken - 1;
            }
            at += here;
        }
    }

    /// Neurons of the set, ascending.
    pub(crate) fn ones(&self) -> Ones<'_> {
        self.ones_in(0, WORD * self.words.len())
    }

    /// Neurons of the set among the `count` from `first` on, ascending.
    #[inline(always)]
    pub(crate) fn ones_in(&self, first: usize, count: usize) -> Ones<'_> {
        let end = first + count;
        let words = self.words.get(first / WORD..end.div_ceil(WORD)).unwrap_or_default();
        let last = u32::MAX >> (end.wrapping_neg() % WORD);
        let Some((word, rest)) = words.split_first() else {
            return Ones { current: 0, rest: &[], base: 0, last: 0 };
        };
        let word = if rest.is_empty() { *word & last } else { *word };
        Ones { current: word & u32::MAX << (first % WORD), rest, base: first / WORD * WORD, last }
    }
}

/// See [`Bits::ones_in`].
#[derive(Clone)]
pub(crate) struct Ones<'b> {
    /// The bits of the present word that are not yet returned.
    current: u32,
    rest: &'b [u32],
    /// First neuron of the present word.
    base: usize,
    /// Which bits of the last word count.
    last: u32,
}

impl Iterator for Ones<'_> {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        while self.current == 0 {
            let (word, rest) = self.rest.split_first()?;
            self.current = if rest.is_empty() { *word & self.last } else { *word };
            self.rest = rest;
            self.base += WORD;
        }
        let bit = self.current.trailing_zeros() as usize;
        self.current &= self.current - 1;
        Some(self.base + bit)
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    #[test]
    fn every_range_holds_what_was_put_into_it() {
        let neurons = [0, 1, 30, 31, 32, 33, 63, 64, 69];
        for first in 0..70 {
            for end in first..=70 {
                let mut memory = [0; 2];
                let mut bits = Bits::allocate(&mut Arena::new(&mut memory), 70);
                neurons.into_iter().for_each(|neuron| bits.insert(neuron));
                let within = |neuron: &usize| (first..end).contains(neuron);
                let expected: Vec<usize> = neurons.into_iter().filter(within).collect();
                assert!(bits.ones_in(first, end - first).eq(expected.iter().copied()), "{first}..{end}");
                let mut taken = Vec::new();
                bits.take(first, end - first, |offset| taken.push(first + offset));
                assert_eq!(taken, expected, "{first}..{end}");
                assert!(bits.ones().eq(neurons.into_iter().filter(|neuron| !within(neuron))), "{first}..{end}");
            }
        }
    }
}
