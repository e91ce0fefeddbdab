//! The command line of metaplastic: gradient descent trains how a spiking network learns.
//!
//! A program of one's own is a call of [`main`] with one's own tasks beside the built-in ones.
//!
//! The parts, in the order to read them: [`task`] makes episodes, [`learn`] runs the differentiable network in them,
//! descends, and turns it into an artifact ([`files`]), a body of the [`host`] (this process, an emulated board, a real one)
//! runs it, as the chip's [`runtime`] does, and the [`report`] shows what it learned. All are parts of this crate, so that a
//! program of one's own depends on nothing else. This package is the command line, [`main`], and what needs several of the
//! parts at once: [`training_summary`] makes the artifact of a training, [`report_data`] the data of its page.
//!
//! ```
//! use std::path::Path;
//!
//! use metaplastic::files::artifact_file::ArtifactFile;
//! use metaplastic::host::evaluate::Evaluator;
//! use metaplastic::shared::freeze::Freeze;
//! use metaplastic::task::Tasks;
//! use metaplastic::task::unseen::UnseenLives;
//!
//! // What `metaplastic evaluate FILE --life 5 --lives 8` does, whole and with the plastic weights frozen at zero.
//! let artifact = ArtifactFile::read(Path::new("../tests/artifacts/cue-association.plastic")).unwrap();
//! let tasks = Tasks::built_in();
//! let task = tasks.for_network(&artifact.artifact().manifest(), None, toml::Table::new()).unwrap();
//! let lives = UnseenLives { task: &*task, seed: 1, life: 5, lives: 8 };
//! let accuracy = |freeze: Freeze| Evaluator::host(&artifact, freeze).evaluate(&lives).unwrap().score.accuracy();
//! assert!(accuracy(Freeze::Nothing) > 0.95);
//! assert!(accuracy(Freeze::Plasticity) < 0.65); // chance is one half
//! ```
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

pub use metaplastic_files as files;
pub use metaplastic_host as host;
pub use metaplastic_learn as learn;
pub use metaplastic_report as report;
pub use metaplastic_runtime as runtime;
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

/// The examples of the page about tasks.
#[cfg(doctest)]
#[doc = include_str!("../../docs/tasks.md")]
struct TasksPage;
