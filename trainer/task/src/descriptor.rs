//! The descriptor of a task in the list of tasks: its name, how it is made, and what it offers beyond episodes.

use std::ops::RangeInclusive;
use std::path::Path;

use toml::Table;

use crate::benchmark::BenchmarkRuns;
use crate::error::TaskError;
use crate::task::Task;

/// Makes a task from its `[task]` table, without name and data, and the path of its data if one is given.
pub type FromTable = fn(Table, Option<&Path>) -> Result<Box<dyn Task>, TaskError>;

/// A task in the list of tasks.
#[derive(Clone, Debug)]
pub struct TaskDescriptor {
    /// Its name in TOML and on the command line.
    pub name: &'static str,
    /// Makes the task.
    pub from_table: FromTable,
    /// What its data are, for the help text; none for a task that reads no data.
    pub data: Option<&'static str>,
    /// Adds to parameters that are about to replace others those that follow from them.
    pub complete: fn(&mut Table),
    /// Its published benchmark, if it has one.
    pub benchmark: Option<Benchmark>,
    /// The parameters that the command line offers as options of their own.
    pub options: &'static [TaskOption],
}

/// A published benchmark of fixed episodes.
#[derive(Clone, Copy, Debug)]
pub struct Benchmark {
    /// What is read, for the help text.
    pub help: &'static str,
    /// Reads its runs from a path, for a task with the parameters of a `[task]` table without name and data; refuses
    /// runs that would take more than a limit of bytes.
    pub read: fn(Table, &Path, u64) -> Result<BenchmarkRuns, TaskError>,
}

/// A parameter that the command line offers as an option.
#[derive(Clone, Debug)]
pub struct TaskOption {
    /// The option without its dashes, such as `cue-rate`.
    pub option: &'static str,
    /// The key of the `[task]` table that it replaces.
    pub key: &'static str,
    /// The type of its value.
    pub value: OptionValue,
    /// What the value is called in the help text, such as `RATE`.
    pub value_name: &'static str,
    /// The help text.
    pub help: &'static str,
}

impl TaskOption {
    /// An option with its key, value and help text.
    #[must_use]
    pub const fn new(
        option: &'static str,
        key: &'static str,
        value: OptionValue,
        value_name: &'static str,
        help: &'static str,
    ) -> Self {
        Self { option, key, value, value_name, help }
    }
}

/// The type of an option's value, and its limits. Making the task checks the limits.
#[derive(Clone, Debug, PartialEq)]
pub enum OptionValue {
    /// A 16-bit integer within limits.
    Integer(RangeInclusive<f64>),
    /// A number within limits.
    Number(RangeInclusive<f64>),
    /// One of some words.
    Word(&'static [&'static str]),
    /// Words, separated by commas.
    Words,
    /// True or false; true where the option has no value.
    Flag,
}
