//! What a program knows of the task before it is made.

use std::path::Path;

use toml::{Table, Value};

use super::choices::{WindowOrder, WindowSource};
use super::parameters::{LABELS, LIMITS, NAME, SAMPLES, WindowsParameters};
use super::task::WindowsTask;
use crate::descriptor::{OptionValue, TaskDescriptor, TaskOption, experiments};
use crate::error::TaskError;
use crate::table;
use crate::task::Task;

/// What a program knows of the task before it is made.
pub(crate) const DESCRIPTOR: TaskDescriptor = TaskDescriptor::new(NAME, from_table)
    .with_data(
        "a .ts, .csv, .npy or .npz file of labelled windows, a folder of them, or the beginning of their names",
    )
    .with_completion(complete)
    .with_options(&[
        TaskOption::new("ways", "ways", OptionValue::Integer(LABELS), "N", "Classes of an episode"),
        TaskOption::new("shots", "shots", OptionValue::Integer(SAMPLES), "N", "Support samples of each class"),
        TaskOption::new("queries", "queries", OptionValue::Integer(SAMPLES), "N", "Query samples of each class"),
        TaskOption::new(
            "order",
            "order",
            OptionValue::Word(&WindowOrder::NAMES),
            "ORDER",
            "Order of the windows: support samples first, or a stream without a state reset",
        ),
        TaskOption::new(
            "held-out",
            "held_out",
            OptionValue::Words,
            "NAME,...",
            "Classes or groups of the episodes; accuracy on those of the training says little",
        ),
        TaskOption::new(
            "source",
            "source",
            OptionValue::Word(&WindowSource::NAMES),
            "SOURCE",
            "Origin of the windows; without --held-out, the last classes or groups are held out",
        ),
    ])
    .with_experiments(experiments!["vibration", "japanese-vowels"]);

fn from_table(table: Table, data: Option<&Path>) -> Result<Box<dyn Task>, TaskError> {
    let parameters = table::read::<WindowsParameters>(table, &LIMITS)?;
    Ok(Box::new(WindowsTask::new(parameters, data)?))
}

/// What is held out for test serves no other purpose.
fn complete(replaced: &mut Table) {
    if replaced.contains_key("held_out") {
        replaced.insert("validation".into(), Value::Array(Vec::new()));
    }
}
