//! Options and help texts that several commands have in common.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};
use metaplastic_host::body::{TIMEOUT, TIMEOUT_VARIABLE, board};
use metaplastic_host::firmware::FOLDER_VARIABLE;
use metaplastic_shared::freeze::Freeze;

use super::tasks::tasks;
use super::values;
use crate::lives::Lives;

/// The number of episodes that a command can run.
pub(super) const EPISODES: RangeInclusive<u64> = 1..=10_000_000;
/// The number of episodes that a life can have.
pub(super) const LIFE: RangeInclusive<u64> = 1..=10_000;
/// Bytes in a gigabyte.
const GIGABYTE: u64 = 1_000_000_000;
/// Gigabytes that a command may take unless an option says otherwise.
const MEMORY_LIMIT: u64 = 4;
/// Limits of `--memory-limit`, gigabytes.
const GIGABYTES: RangeInclusive<u64> = 1..=1_000_000;
/// The seeds there are.
pub(super) const SEEDS: RangeInclusive<u64> = 0..=u64::MAX;

/// Lives, of which all episodes are as many as a command can run.
///
/// # Errors
/// If they are more.
pub(super) fn check_lives(given: Lives) -> Result<Lives> {
    let (Lives { life, lives }, most) = (given, *EPISODES.end());
    let episodes = life.saturating_mul(lives);
    ensure!(
        episodes <= most,
        "--life {life} and --lives {lives} are {episodes} episodes, at most {most} are allowed"
    );
    Ok(given)
}

/// The end of the help of commands that may run a board.
pub(super) fn environment() -> String {
    format!(
        "Environment, for boards:\n  \
         {TIMEOUT_VARIABLE}  how long an answer of the board may take [default: {TIMEOUT}]\n  \
         {FOLDER_VARIABLE}         firmware source folder [default: this program's own]"
    )
}

/// A part of the learning that is frozen.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FreezeName {
    /// Every plastic weight P at its start: zero, or what a resumed state says
    Plasticity,
    /// Every modulator m at one
    ThirdFactor,
}

impl FreezeName {
    /// What is frozen where an option may name it.
    pub(super) fn freeze(name: Option<Self>) -> Freeze {
        match name {
            None => Freeze::Nothing,
            Some(Self::Plasticity) => Freeze::Plasticity,
            Some(Self::ThirdFactor) => Freeze::ThirdFactor,
        }
    }
}

/// The help of `--on`, with the boards there are.
pub(super) fn bodies() -> String {
    format!(
        "What runs the network: host, serial:PORT[,BAUD] for a flashed board, or emulator:BOARD with BOARD one of {}",
        board::emulated_names()
    )
}

/// The memory that a command may take.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Memory {
    /// Memory that the command may take, GB; what would take more is refused before it begins
    #[arg(
        long = "memory-limit",
        value_name = "GB",
        default_value_t = MEMORY_LIMIT,
        value_parser = values::integer(GIGABYTES)
    )]
    gigabytes: u64,
}

impl Memory {
    /// In bytes.
    pub(super) fn limit(self) -> u64 {
        self.gigabytes * GIGABYTE
    }
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
    let lines = tasks().iter().filter_map(|task| Some(format!("for the task {}, {}", task.name, task.data?)));
    format!("Data: {}", lines.collect::<Vec<_>>().join("; "))
}
