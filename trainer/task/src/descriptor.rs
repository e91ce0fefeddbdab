//! The descriptor of a task: its name, how it is made, and what it offers beyond episodes. A program is given the
//! descriptors of all its tasks, as [`Tasks`](crate::Tasks).

use std::ops::RangeInclusive;
use std::path::Path;

use toml::Table;

use crate::benchmark::BenchmarkRuns;
use crate::error::TaskError;
use crate::task::Task;

/// Makes a task from its `[task]` table, without name and data, and the path of its data if one is given.
pub type FromTable = fn(Table, Option<&Path>) -> Result<Box<dyn Task>, TaskError>;

/// What a program knows of a task before it is made.
#[derive(Clone, Debug)]
#[non_exhaustive]
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
    /// The experiments that need no file, the default one first.
    pub experiments: &'static [BuiltInExperiment],
}

impl TaskDescriptor {
    /// A task that reads no data, and has no benchmark, no options and no experiments.
    #[must_use]
    pub const fn new(name: &'static str, from_table: FromTable) -> Self {
        Self { name, from_table, data: None, complete: |_| (), benchmark: None, options: &[], experiments: &[] }
    }

    /// The same for a task that reads data, which are this.
    #[must_use]
    pub const fn with_data(self, data: &'static str) -> Self {
        Self { data: Some(data), ..self }
    }

    /// The same with what follows from replaced parameters.
    #[must_use]
    pub const fn with_completion(self, complete: fn(&mut Table)) -> Self {
        Self { complete, ..self }
    }

    /// The same with a published benchmark.
    #[must_use]
    pub const fn with_benchmark(self, benchmark: Benchmark) -> Self {
        Self { benchmark: Some(benchmark), ..self }
    }

    /// The same with parameters that the command line offers as options.
    #[must_use]
    pub const fn with_options(self, options: &'static [TaskOption]) -> Self {
        Self { options, ..self }
    }

    /// The same with experiments, the default one first.
    #[must_use]
    pub const fn with_experiments(self, experiments: &'static [BuiltInExperiment]) -> Self {
        Self { experiments, ..self }
    }
}

/// An experiment that needs no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuiltInExperiment {
    /// What `train` calls it.
    pub name: &'static str,
    /// Its text: `include_str!` of a TOML file.
    pub text: &'static str,
}

impl BuiltInExperiment {
    /// What it is about: the comment in the first line of its text; empty if there is none.
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.text.lines().next().and_then(|line| line.strip_prefix('#')).map_or("", str::trim)
    }
}

/// Experiments in this package's folder of them, by name.
macro_rules! experiments {
    ($($name:literal),+ $(,)?) => {
        &[$($crate::descriptor::BuiltInExperiment {
            name: $name,
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/experiments/", $name, ".toml")),
        }),+]
    };
}
pub(crate) use experiments;

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

impl OptionValue {
    /// Whether the command line can read both in the same way; words may be any of those of both.
    pub(crate) fn takes_the_same(&self, other: &Self) -> bool {
        matches!((self, other), (Self::Word(_), Self::Word(_))) || self == other
    }
}
