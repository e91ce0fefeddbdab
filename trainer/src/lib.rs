//! The command line of metaplastic: gradient descent trains how a spiking network learns.
//!
//! A program of one's own is a call of [`main`] with one's own tasks beside the built-in ones.
//!
//! The parts, in the order to read them: [`task`] makes episodes, [`learn`]
//! runs the differentiable network in them, descends, and turns it into an artifact, a body of the
//! [`host`] (this process, an emulated board, a real one) runs it, and the
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

pub use metaplastic_host as host;
pub use metaplastic_learn as learn;
pub use metaplastic_shared as shared;
pub use metaplastic_task as task;
use metaplastic_task::Tasks;
pub use source::SOURCE;

/// Runs the whole program with some tasks: parses the command line, runs the command, and prints an error. A reader of
/// standard output that wants no more, such as `head`, ends it without one.
///
/// ```no_run
/// use metaplastic::task::{TaskDescriptor, Tasks};
///
/// # fn make(_: toml::Table, _: Option<&std::path::Path>)
/// #     -> Result<Box<dyn metaplastic::task::Task>, metaplastic::task::TaskError> { todo!() }
/// // A program with a task of its own beside the built-in ones.
/// fn main() -> std::process::ExitCode {
///     metaplastic::main(Tasks::built_in().with(TaskDescriptor::new("my-task", make)))
/// }
/// ```
#[must_use]
pub fn main(tasks: Tasks) -> ExitCode {
    let result = tasks.check().map_err(anyhow::Error::from).and_then(|()| run(tasks));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_reader_gone(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // If nobody reads it either, the status alone says that the command failed.
            let _ = writeln!(io::stderr(), "error: {}", cli::error_text(&error));
            ExitCode::FAILURE
        }
    }
}

fn run(tasks: Tasks) -> anyhow::Result<()> {
    cli::give(tasks);
    let cli = cli::Cli::of_arguments()?;
    threads::run(|| cli.run())
}

fn is_reader_gone(error: &anyhow::Error) -> bool {
    error.downcast_ref().is_some_and(cli::OutputError::is_closed_pipe)
}
