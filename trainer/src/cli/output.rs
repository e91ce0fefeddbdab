//! Printing: lines to standard output, and fractions in percent.

use std::fmt;
use std::io::{self, Write};

use metaplastic_task::score::Score;

/// Standard output cannot be written to.
#[derive(Debug, thiserror::Error)]
#[error("standard output: {0}")]
pub(crate) struct OutputError(io::Error);

impl OutputError {
    /// Whether the reader of a pipe has gone, as `head` does after its last line.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        self.0.kind() == io::ErrorKind::BrokenPipe
    }
}

/// Writes a line to standard output; a closed pipe is an error, where `println!` would panic.
macro_rules! say {
    ($($argument:tt)*) => {
        $crate::cli::output::line(format_args!($($argument)*))?
    };
}
pub(super) use say;

/// Writes a line to standard output.
pub(super) fn line(text: fmt::Arguments<'_>) -> Result<(), OutputError> {
    writeln!(io::stdout(), "{text}").map_err(OutputError)
}

/// A fraction in percent, two decimals.
pub(super) fn percent(fraction: f64) -> String {
    format!("{:.2} %", 100.0 * fraction)
}

/// The 95 % interval of an accuracy, in words.
pub(super) fn interval(score: &Score) -> String {
    let (low, high) = score.interval();
    format!("95 % interval {} to {}", percent(low), percent(high))
}
