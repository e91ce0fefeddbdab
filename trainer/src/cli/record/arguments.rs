//! The arguments of `record`.

use std::path::PathBuf;

use clap::Args;
use metaplastic_host::body::BodyName;
use metaplastic_host::recording::RecordedSteps;
use metaplastic_shared::freeze::Freeze;

use crate::cli::evaluate::{TASK_OPTIONS, TaskSource};
use crate::cli::options::{EPISODES, FreezeName, LIFE, Memory, SEEDS, bodies, environment};
use crate::cli::values;

/// The arrays, in short.
const ARRAYS: &str = "\
The file has an array for each quantity of a population, such as hidden.spikes and hidden.potential, and of a projection, such as \
hidden>output.P, with a row for each recorded step, in the integers of the chip; NAME.scale is what they are times. \
docs/recording.md lists all of them.";

#[derive(Debug, Args)]
#[command(after_help = format!("{ARRAYS}\n\n{}", environment()))]
pub(crate) struct Record {
    /// The artifact
    #[arg(value_name = "FILE.plastic")]
    pub(super) file: PathBuf,
    #[arg(long, value_name = "BODY", default_value = "host", help = bodies())]
    pub(super) on: BodyName,
    /// The file to write, which numpy.load opens
    #[arg(long, value_name = "FILE.npz")]
    pub(super) out: PathBuf,
    /// Number of the unseen episode
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = values::integer(EPISODES))]
    pub(super) episode: u64,
    /// Records the first life of N episodes instead, one episode after another without a reset
    #[arg(long, value_name = "N", value_parser = values::integer(LIFE), conflicts_with = "episode")]
    pub(super) life: Option<u64>,
    /// Seed of the episodes; they are never those of training, whatever its seed was
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = values::integer(SEEDS))]
    pub(super) seed: u64,
    /// Plays the arrays input_spikes and input_analog of a file instead of an episode, for a network of any task
    #[arg(
        long,
        value_name = "FILE.npz",
        conflicts_with_all = ["episode", "life", "seed", "data", "task_file", TASK_OPTIONS]
    )]
    pub(super) inputs: Option<PathBuf>,
    /// Records the steps from A to before B, counted from 0 over all episodes: A..B, A.. or ..B
    #[arg(long, value_name = "A..B", default_value = "..")]
    steps: RecordedSteps,
    /// Of so many consecutive steps, records the first
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = values::integer(1..=1_000_000_000_u64))]
    every: u64,
    /// Records these populations, projections or arrays alone: hidden, 'hidden>output', hidden.spikes
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub(super) only: Vec<String>,
    /// Freezes a part of the learning
    #[arg(long, value_enum, value_name = "WHAT")]
    freeze: Option<FreezeName>,
    #[command(flatten)]
    pub(super) task: TaskSource,
    #[command(flatten)]
    pub(super) memory: Memory,
}

impl Record {
    /// The steps that are kept.
    pub(super) fn steps(&self) -> RecordedSteps {
        RecordedSteps { every: self.every, ..self.steps }
    }

    /// What is frozen.
    pub(super) fn freeze(&self) -> Freeze {
        FreezeName::freeze(self.freeze)
    }
}
