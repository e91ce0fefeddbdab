//! Printing: lines to standard output, and fractions in percent.
//!
//! Whatever is printed may hold text of a file or a board. No character of it moves the cursor or turns the direction
//! of writing; names that may have several lines are [`Escaped`](metaplastic_files::text::Escaped) by whoever prints
//! them.

use std::fmt;
use std::io::{self, Write};

use metaplastic_files::text::{ascii_json, escaped_lines};
use metaplastic_task::measure::{Estimate, Measure};
use metaplastic_task::score::{DecisionCount, Score};
use serde::Serialize;

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
    writeln!(io::stdout(), "{}", escaped_lines(text)).map_err(OutputError)
}

/// Writes a value to standard output, as JSON in one line of ASCII.
pub(super) fn say_json(value: &impl Serialize) -> anyhow::Result<()> {
    let json = ascii_json(&serde_json::to_string(value)?);
    Ok(writeln!(io::stdout(), "{json}").map_err(OutputError)?)
}

/// Writes a note to standard error; if nobody reads it, the work goes on all the same.
pub(super) fn note(text: &str) {
    let _ = writeln!(io::stderr(), "note: {}", escaped_lines(text));
}

/// The text of an error and its causes. Lines behind the first are indented: none that a file brings can be taken for
/// one of this program.
pub(crate) fn error_text(error: &anyhow::Error) -> String {
    escaped_lines(format_args!("{error:#}")).replace('\n', "\n  ")
}

/// A fraction in percent, two decimals.
pub(super) fn percent(fraction: f64) -> String {
    format!("{:.2} %", 100.0 * fraction)
}

/// The 95 % interval of an accuracy, in words.
pub(super) fn interval(count: DecisionCount) -> String {
    let (low, high) = count.interval();
    format!("95 % interval {} to {}", percent(low), percent(high))
}

/// What counts of a score in words: the accuracy, or the mean of the first thing that its task measures.
pub(super) fn scored(score: &Score, measures: &[Measure]) -> String {
    match measures.first().zip(score.estimate(0)) {
        Some((measure, estimate)) => measured(*measure, estimate),
        None => percent(score.accuracy()),
    }
}

/// A measure and the mean of it, in words.
pub(super) fn measured(measure: Measure, estimate: Estimate) -> String {
    let Measure { name, unit, .. } = measure;
    format!("{name} {:.4} {unit}", estimate.mean).trim_end().to_owned()
}

/// The 95 % interval of a mean and the median, in words.
pub(super) fn spread(estimate: Estimate) -> String {
    let Estimate { low, high, median, .. } = estimate;
    format!("95 % interval {low:.4} to {high:.4}, median {median:.4}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_cannot_forge_a_line() {
        let error = anyhow::anyhow!("file \u{1b}[2J\u{202e}\naccuracy    100.00 %").context("a\nb");
        assert_eq!(error_text(&error), "a\n  b: file \\u{1b}[2J\\u{202e}\n  accuracy    100.00 %");
    }
}
