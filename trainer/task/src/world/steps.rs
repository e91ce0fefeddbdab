//! Seconds as steps. This file may not know what is stepped.

/// Whole steps of a time; a quotient that misses a whole number by its rounding is that number.
pub(crate) fn whole_steps(seconds: f64, step_seconds: f64) -> usize {
    (seconds / step_seconds + 1e-9).floor() as usize
}
