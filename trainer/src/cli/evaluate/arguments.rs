//! The arguments of `evaluate`.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use metaplastic_host::body::BodyName;
use metaplastic_shared::freeze::Freeze;

use super::expectations::Expectations;
use super::task_options::TASK_OPTIONS;
use super::task_source::TaskSource;
use crate::cli::options::{EPISODES, FreezeName, LIFE, Memory, SEEDS, bodies, check_lives, environment};
use crate::cli::tasks::tasks;
use crate::cli::values;
use crate::lives::Lives;

#[derive(Debug, Args)]
#[command(after_help = environment())]
pub(crate) struct Evaluate {
    /// The artifact
    #[arg(value_name = "FILE.plastic")]
    pub(super) file: PathBuf,
    #[arg(long, value_name = "BODY", default_value = "host", help = bodies())]
    pub(super) on: BodyName,
    /// Unseen episodes
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = values::integer(EPISODES))]
    pub(super) episodes: u64,
    /// Runs lives of N episodes instead, one episode after another without a reset
    #[arg(
        long,
        value_name = "N",
        value_parser = values::integer(LIFE),
        conflicts_with_all = ["episodes", "runs", "float"]
    )]
    pub(super) life: Option<u64>,
    /// How many lives
    #[arg(long, value_name = "M", default_value_t = 100, value_parser = values::integer(EPISODES), requires = "life")]
    lives: u64,
    /// Seed of the episodes; they are never those of training, whatever its seed was
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = values::integer(SEEDS))]
    pub(super) seed: u64,
    #[arg(
        long,
        visible_alias = "plants",
        value_name = "PATH",
        conflicts_with_all = ["episodes", "seed", "data", TASK_OPTIONS],
        help = benchmarks()
    )]
    pub(super) runs: Option<PathBuf>,
    /// Evaluates in float32 instead, with the meta-parameters in the checkpoint that training EXPERIMENT left
    /// beside FILE.plastic
    #[arg(long, value_name = "EXPERIMENT", conflicts_with_all = ["on", "runs", "resume_state", "save_state", "json"])]
    pub(super) float: Option<PathBuf>,
    /// Freezes a part of the learning, to see what the accuracy comes from
    #[arg(long, value_enum, value_name = "WHAT")]
    freeze: Option<FreezeName>,
    /// Compares with what the task's controls reach in the same episodes: controllers, policies and classifiers without a
    /// network
    #[arg(long, conflicts_with_all = ["float", "life"])]
    pub(super) controls: bool,
    #[command(flatten)]
    pub(super) task: TaskSource,
    #[command(flatten)]
    pub(super) memory: Memory,
    /// Begins every episode, or every life, with the plastic weights P in a state file instead of zero
    #[arg(long, value_name = "FILE")]
    pub(super) resume_state: Option<PathBuf>,
    /// Writes the plastic weights P after the last episode to a state file
    #[arg(long, value_name = "FILE")]
    pub(super) save_state: Option<PathBuf>,
    /// Begins every episode, or every life, with the plastic weights P that the board has saved last, in its own flash
    #[arg(long, conflicts_with_all = ["resume_state", "float"])]
    pub(super) resume_from_board: bool,
    /// Has the board save the plastic weights P after the last episode, in its own flash
    #[arg(long, conflicts_with = "float")]
    pub(super) save_on_board: bool,
    #[command(flatten)]
    pub(super) expectations: Expectations,
    /// Prints one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

impl Evaluate {
    /// Episodes of a life, and lives, where there are any.
    ///
    /// # Errors
    /// If there are too many episodes in all of them.
    pub(super) fn lives(&self) -> Result<Option<Lives>> {
        self.life.map(|life| check_lives(Lives { life, lives: self.lives })).transpose()
    }

    /// What is frozen.
    pub(super) fn freeze(&self) -> Freeze {
        FreezeName::freeze(self.freeze)
    }
}

/// The help of `--runs`, with the benchmarks there are.
fn benchmarks() -> String {
    let benchmarks = tasks().iter().filter_map(|task| Some(format!("for {}, {}", task.name, task.benchmark?.help)));
    format!("Evaluates the runs of the task's benchmark instead: {}", benchmarks.collect::<Vec<_>>().join("; "))
}
