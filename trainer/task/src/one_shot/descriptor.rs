//! What a program knows of the task before it is made.

use std::path::Path;

use toml::{Table, Value};

use super::benchmark_runs;
use super::parameters::{DrawingSource, FRACTION, LABELS, LIMITS, NAME, OneShotParameters, SAMPLES};
use super::task::OneShot;
use crate::benchmark::BenchmarkRuns;
use crate::descriptor::{Benchmark, OptionValue, TaskDescriptor, TaskOption, experiments};
use crate::error::TaskError;
use crate::table;
use crate::task::Task;

/// What a program knows of the task before it is made.
pub(crate) const DESCRIPTOR: TaskDescriptor = TaskDescriptor::new(NAME, from_table)
    .with_data("a folder with Omniglot's zips or their contents, or one zip")
    .with_completion(complete)
    .with_benchmark(Benchmark {
        help: "Omniglot's one-shot runs: a folder or zip with run01/class_labels.txt and so on",
        read: read_benchmark,
    })
    .with_options(&[
        TaskOption::new("ways", "ways", OptionValue::Integer(LABELS), "N", "Classes of an episode"),
        TaskOption::new("shots", "shots", OptionValue::Integer(SAMPLES), "N", "Support samples of each class"),
        TaskOption::new("queries", "queries", OptionValue::Integer(SAMPLES), "N", "Query samples of each class"),
        TaskOption::new(
            "continual",
            "continual",
            OptionValue::Flag,
            "BOOL",
            "Whether classes come one by one, each with queries of all known so far",
        ),
        TaskOption::new(
            "within",
            "within_alphabet",
            OptionValue::Number(FRACTION),
            "FRACTION",
            "Fraction of the episodes that are within one alphabet, 0 to 1",
        ),
        TaskOption::new(
            "held-out",
            "held_out",
            OptionValue::Words,
            "ALPHABET,...",
            "Alphabets of the classes; accuracy on alphabets of the training says little",
        ),
        TaskOption::new(
            "source",
            "source",
            OptionValue::Word(&DrawingSource::NAMES),
            "SOURCE",
            "Origin of the drawings; without --held-out, classes are of the alphabets that this source holds out",
        ),
    ])
    .with_experiments(experiments!["one-shot-small", "one-shot-small-life", "one-shot-large"]);

fn from_table(table: Table, data: Option<&Path>) -> Result<Box<dyn Task>, TaskError> {
    let parameters = table::read::<OneShotParameters>(table, &LIMITS)?;
    Ok(Box::new(OneShot::new(parameters, data)?))
}

fn read_benchmark(table: Table, path: &Path, limit: u64) -> Result<BenchmarkRuns, TaskError> {
    let parameters = table::read::<OneShotParameters>(table, &LIMITS)?;
    let parameters = parameters.checked()?;
    benchmark_runs::read(path, &parameters, limit).map_err(TaskError::data)
}

/// Another source has its own held-out alphabets, and alphabets for test serve no other purpose.
fn complete(replaced: &mut Table) {
    let source = replaced.get("source").and_then(|source| source.clone().try_into::<DrawingSource>().ok());
    if let Some(source) = source {
        replaced.entry("held_out").or_insert(source.held_out().into());
    }
    if replaced.contains_key("held_out") {
        replaced.insert("validation".into(), Value::Array(Vec::new()));
    }
}
