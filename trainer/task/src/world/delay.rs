//! A delay line of a loop, forward and backward. This file may not know what is delayed.
//!
//! The gradient of a value put into a line of length `n` at step `t` is that of what it hands out at step `t + n`: the
//! backward pass runs through the same line with time reversed.

use std::collections::VecDeque;

/// The values on their way, the oldest first.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DelayLine(VecDeque<f64>);

impl DelayLine {
    /// A line of `length` steps, at least 1, that hands out `start` first.
    pub(crate) fn new(length: usize, start: f64) -> Self {
        Self(VecDeque::from(vec![start; length.max(1)]))
    }

    /// What was put in as many steps ago as the line is long.
    pub(crate) fn oldest(&self) -> f64 {
        self.0.front().copied().unwrap_or_default()
    }

    /// Moves on by one step.
    pub(crate) fn shift(&mut self, value: f64) {
        self.0.pop_front();
        self.0.push_back(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_arrives_as_many_steps_later_as_the_line_is_long() {
        for length in [1, 3, 10] {
            let mut line = DelayLine::new(length, -1.0);
            for step in 0..30 {
                let arrived = if step < length { -1.0 } else { (step - length) as f64 };
                assert_eq!(line.oldest(), arrived, "length {length}, step {step}");
                line.shift(step as f64);
            }
        }
    }
}
