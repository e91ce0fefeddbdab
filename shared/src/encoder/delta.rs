//! The level-crossing encoder (send on delta): a spike for every threshold by which a value rises or falls.

/// From values to spikes. It has a level, zero at first; a value that is a threshold or more above the level raises it by the
/// threshold, with a spike, and one that is as far below lowers it. There is one spike in a step at most, so that a jump
/// becomes a burst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeltaEncoder {
    /// In the format of the values, 1 to 32767.
    threshold: i16,
    /// A multiple of the threshold, within the range of a value.
    level: i32,
}

/// The direction in which a value crossed the next level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crossing {
    /// The value rose.
    Up,
    /// The value fell.
    Down,
}

impl DeltaEncoder {
    /// `threshold` is in the format of the values; below 1 it is 1.
    ///
    /// ```
    /// use metaplastic_shared::encoder::{Crossing::{Down, Up}, DeltaEncoder};
    /// let mut encoder = DeltaEncoder::new(100);
    /// let crossings = [90, 250, 250, 250, -40].map(|value| encoder.encode(value));
    /// assert_eq!(crossings, [None, Some(Up), Some(Up), None, Some(Down)]);
    /// ```
    #[must_use]
    pub fn new(threshold: i16) -> Self {
        Self { threshold: threshold.max(1), level: 0 }
    }

    /// The crossing of the next value, if there is one.
    pub fn encode(&mut self, value: i16) -> Option<Crossing> {
        let (above, threshold) = (i32::from(value) - self.level, i32::from(self.threshold));
        if above >= threshold {
            self.level += threshold;
            Some(Crossing::Up)
        } else if above <= -threshold {
            self.level -= threshold;
            Some(Crossing::Down)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_stays_within_a_threshold_of_a_value_that_stays() {
        for threshold in [i16::MIN, 1, 7, 4096, i16::MAX] {
            for value in [i16::MIN, -4097, 0, 4096, i16::MAX] {
                let mut encoder = DeltaEncoder::new(threshold);
                let most = 70_000;
                let spikes = (0..most).take_while(|_| encoder.encode(value).is_some()).count();
                assert!(spikes < most, "{threshold} {value}");
                let (threshold, value) = (i32::from(threshold.max(1)), i32::from(value));
                assert_eq!(spikes as i32, value.abs() / threshold);
                assert!((value - encoder.level).abs() < threshold);
            }
        }
    }
}
