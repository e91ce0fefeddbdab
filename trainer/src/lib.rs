//! The command line of metaplastic: gradient descent trains how a spiking network learns.
//!
//! The parts, in the order to read them: [`task`](metaplastic_task) makes episodes, [`learn`](metaplastic_learn)
//! runs the differentiable network in them, descends, and turns it into an artifact, a body of the
//! [`host`](metaplastic_host) (this process, an emulated board, a real one) runs it, and the
//! [`report`](metaplastic_report) shows what it learned. This package is the command line, [`main`], and what needs
//! several of the parts at once.
#![forbid(unsafe_code)]

mod cli;
mod episode_progress;
pub mod lives;
mod progress;
mod project;
pub mod report_data;
mod source;
mod threads;
pub mod training_summary;

use std::io::{self, Write};
use std::process::ExitCode;

pub use source::SOURCE;

/// Runs the whole program: parses the command line, runs the command, and prints an error. A reader of standard
/// output that wants no more, such as `head`, ends it without one.
#[must_use]
pub fn main() -> ExitCode {
    let cli = cli::Cli::of_arguments();
    match threads::run(|| cli.run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_reader_gone(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // If nobody reads it either, the status alone says that the command failed.
            let _ = writeln!(io::stderr(), "error: {}", cli::error_text(&error));
            ExitCode::FAILURE
        }
    }
}

fn is_reader_gone(error: &anyhow::Error) -> bool {
    error.downcast_ref().is_some_and(cli::OutputError::is_closed_pipe)
}
