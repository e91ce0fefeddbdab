//! What a program knows of adaptive control before it is made.

use super::benchmark;
use super::task::{NAME, from_table};
use crate::descriptor::{Benchmark, OptionValue, TaskDescriptor, TaskOption, experiments};

/// What a program knows of the task before it is made.
pub const DESCRIPTOR: TaskDescriptor = TaskDescriptor::new(NAME, |table, _| from_table(table))
    .with_benchmark(Benchmark { help: "a JSON file of plants", read: benchmark::read })
    .with_options(&[TaskOption::new(
        "plant-changes",
        "changes",
        OptionValue::Integer(0.0..=10_000.0),
        "CHANGES",
        "How often the plant changes in a life",
    )])
    .with_experiments(experiments!["adaptive-control", "adaptive-control-weak-drive"]);
