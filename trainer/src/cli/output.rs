//! Printing: lines to standard output, and fractions in percent.

use metaplastic_task::score::Score;

/// Writes a line to standard output; a closed pipe is an error, where `println!` would panic.
macro_rules! say {
    ($($argument:tt)*) => {{
        use std::io::Write as _;
        writeln!(std::io::stdout(), $($argument)*)?
    }};
}
pub(super) use say;

/// A fraction in percent, two decimals.
pub(super) fn percent(fraction: f64) -> String {
    format!("{:.2} %", 100.0 * fraction)
}

/// The 95 % interval of an accuracy, in words.
pub(super) fn interval(score: &Score) -> String {
    let (low, high) = score.interval();
    format!("95 % interval {} to {}", percent(low), percent(high))
}
