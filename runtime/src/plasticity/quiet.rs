//! The rows of dense eligibility that need no update: they have only decayed for so many steps that no value of
//! them can decay further.
//!
//! It knows a decay and how many steps each row has only decayed, and no eligibility.

use metaplastic_shared::arithmetic::decay;

use crate::arena::Arena;

/// The number of steps for which each row has only decayed; empty if rows are never skipped.
pub(super) struct Quiet<'a> {
    steps: &'a mut [u16],
    /// The number of steps of decay alone after which no value changes any more.
    settled: u16,
}

impl<'a> Quiet<'a> {
    pub(super) fn allocate(arena: &mut Arena<'a>, rows: usize, decay: u16) -> Self {
        Self { steps: arena.take_indices(rows), settled: steps_to_settle(decay) }
    }

    /// All eligibility is zero.
    pub(super) fn reset(&mut self) {
        self.steps.fill(self.settled);
    }

    /// Records whether a row only decays in this step. Returns whether it is settled already.
    pub(super) fn is_settled(&mut self, row: usize, decays: bool) -> bool {
        let Some(steps) = self.steps.get_mut(row) else { return false };
        let settled = decays && *steps >= self.settled;
        *steps = if decays { steps.saturating_add(1) } else { 0 };
        settled
    }
}

/// Steps until the largest and the smallest value stop changing. Decay is monotone, and the values that it does not
/// change are a range around zero. All values between the two have then stopped as well.
fn steps_to_settle(multiplier: u16) -> u16 {
    let (mut high, mut low, mut steps) = (i16::MAX, i16::MIN, 0);
    while (decay(high, multiplier), decay(low, multiplier)) != (high, low) && steps < u16::MAX {
        (high, low) = (decay(high, multiplier), decay(low, multiplier));
        steps += 1;
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_settled_once_it_has_only_decayed_for_long_enough() {
        let mut quiet = Quiet { steps: &mut [0, 0], settled: 3 };
        assert_eq!([(); 5].map(|()| quiet.is_settled(0, true)), [false, false, false, true, true]);
        assert!(!quiet.is_settled(0, false) && !quiet.is_settled(0, true), "an increment begins the count anew");
        assert!(!quiet.is_settled(2, true), "a row that is not counted is never skipped");
        quiet.reset();
        assert!(quiet.is_settled(0, true) && quiet.is_settled(1, true), "all eligibility is zero");
    }

    #[test]
    fn after_the_steps_to_settle_no_value_decays_further() {
        for multiplier in [0, 1, 0x4000, 0x7fff, 0x8000, 52_429, 60_948, 65_470, u16::MAX] {
            let steps = steps_to_settle(multiplier);
            assert!(steps < u16::MAX, "{multiplier}: {steps}");
            for value in (i16::MIN..=i16::MAX).step_by(61) {
                let settled = (0..steps).fold(value, |value, _| decay(value, multiplier));
                assert_eq!(decay(settled, multiplier), settled, "{value} x {multiplier}");
            }
        }
    }
}
