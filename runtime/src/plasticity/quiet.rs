//! The rows of dense eligibility that need no update: they only decay, and are zero already.
//!
//! It knows for how many steps each row has only decayed. It reads a row now and then, and changes none.

use crate::arena::Arena;

/// The number of steps for which each row has only decayed; empty if rows are never skipped.
pub(super) struct Quiet<'a> {
    steps: &'a mut [u16],
}

/// In place of a number of steps: the row is zero.
const ZERO: u16 = u16::MAX;
/// A row that only decays is read once in so many steps.
const INTERVAL: u16 = 64;

impl<'a> Quiet<'a> {
    pub(super) fn allocate(arena: &mut Arena<'a>, rows: usize) -> Self {
        Self { steps: arena.take_indices(rows) }
    }

    /// All eligibility is zero.
    pub(super) fn reset(&mut self) {
        self.steps.fill(ZERO);
    }

    /// Records whether a row only decays in this step. Returns whether it is known to be zero, and stays so.
    pub(super) fn is_zero(&mut self, row: usize, decays: bool, eligibility: &[i16]) -> bool {
        let Some(steps) = self.steps.get_mut(row) else { return false };
        if !decays {
            *steps = 0;
            return false;
        }
        if *steps != ZERO {
            *steps = (*steps + 1) % INTERVAL;
            if *steps == 0 && eligibility.iter().all(|e| *e == 0) {
                *steps = ZERO;
            }
        }
        *steps == ZERO
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_skipped_once_it_is_zero_and_until_it_grows() {
        let mut steps = [0];
        let mut quiet = Quiet { steps: &mut steps };
        assert!((0..1000).all(|_| !quiet.is_zero(0, true, &[0, -1])));
        assert_eq!((1..1000).find(|_| quiet.is_zero(0, true, &[0, 0])), Some(24), "1000 is 40 beyond 15 intervals");
        assert!(quiet.is_zero(0, true, &[0, 0]));
        assert!(!quiet.is_zero(0, false, &[0, 0]) && !quiet.is_zero(0, true, &[0, 0]));
        quiet.reset();
        assert!(quiet.is_zero(0, true, &[0, 0]), "all eligibility is zero");
        assert!(!quiet.is_zero(1, true, &[0, 0]), "a row that is not counted is never skipped");
    }
}
