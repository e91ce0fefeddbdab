//! Options and help texts that several commands have in common.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use clap::Args;
use metaplastic_host::body::{TIMEOUT, TIMEOUT_VARIABLE};
use metaplastic_host::firmware::FOLDER_VARIABLE;
use metaplastic_task::TASKS;

/// The number of episodes that a command can run.
pub(super) const EPISODES: RangeInclusive<u64> = 1..=10_000_000;
/// The seeds there are.
pub(super) const SEEDS: RangeInclusive<u64> = 0..=u64::MAX;

/// The end of the help of commands that may run a board.
pub(super) fn environment() -> String {
    format!(
        "Environment, for boards:\n  \
         {TIMEOUT_VARIABLE}  how long an answer of the board may take [default: {TIMEOUT}]\n  \
         {FOLDER_VARIABLE}         firmware source folder [default: this repository's runtime/firmware]"
    )
}

/// The data of tasks that read any.
#[derive(Debug, Args)]
pub(super) struct Data {
    #[arg(long, value_name = "PATH", help = data_help())]
    data: Option<PathBuf>,
}

impl Data {
    pub(super) fn path(&self) -> Option<&Path> {
        self.data.as_deref()
    }
}

/// The help of `--data`, with every task that reads any.
fn data_help() -> String {
    let tasks = TASKS.iter().filter_map(|task| Some(format!("for the task {}, {}", task.name, task.data?)));
    format!("Data: {}", tasks.collect::<Vec<_>>().join("; "))
}
