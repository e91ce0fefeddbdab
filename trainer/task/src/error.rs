//! Faults of tasks in general. A fault of the data or the benchmark runs of one task is that task's own error,
//! boxed.

use std::error::Error;

use metaplastic_files::limit::OutOfRange;

/// Why a task cannot be made, or does not fit a network; names the field, the limit and the remedy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TaskError {
    /// The text is not TOML, a value has the wrong type, or a key is unknown.
    #[error("task: {}", .0.to_string().trim_end())]
    Syntax(toml::de::Error),
    /// The name is missing.
    #[error("task.name is missing; it is one of: {known}")]
    Nameless {
        /// The names of all tasks.
        known: String,
    },
    /// No task has this name.
    #[error("task.name = {name:?} is not a task; it is one of: {known}")]
    Unknown {
        /// The name.
        name: String,
        /// The names of all tasks.
        known: String,
    },
    /// A parameter is out of its range.
    #[error(transparent)]
    Range(#[from] OutOfRange),
    /// The task's data or benchmark runs cannot be used.
    #[error(transparent)]
    Data(Box<dyn Error + Send + Sync>),
    /// No data are given to a task that reads some.
    #[error("task {task} needs {needed}")]
    NeedsData {
        /// The task's name.
        task: &'static str,
        /// What it needs, and the option.
        needed: &'static str,
    },
    /// Data are given to a task that reads none.
    #[error("task {task} reads no data; leave them out")]
    ReadsNoData {
        /// The task's name.
        task: &'static str,
    },
    /// An artifact names data of the computer that it is used on.
    #[error(
        "the artifact's own task parameters name data, which no `metaplastic train` writes; it is not to be trusted"
    )]
    NamesData,
    /// The network was trained for another task.
    #[error("the network was made for task {made:?}, not for {given:?}; leave task.name as it was")]
    OtherTask {
        /// The task it was made for.
        made: String,
        /// The task that is given.
        given: &'static str,
    },
    /// The network was trained for a task that is not in the list of tasks.
    #[error("the network was made for task {made:?}, which this program does not know; it knows: {known}")]
    Foreign {
        /// The task it was made for.
        made: String,
        /// The names of all tasks.
        known: String,
    },
    /// The network's task has no benchmark runs.
    #[error("benchmark runs are of task {having}; the network was made for task {made:?}")]
    NoBenchmarkRuns {
        /// The task it was made for.
        made: String,
        /// The names of the tasks that have benchmark runs.
        having: String,
    },
    /// The task does not fit the network.
    #[error(
        "task {task} needs {needed} {what}, the network has {has}; change the task's parameters or the network's"
    )]
    Misfit {
        /// The task's name.
        task: &'static str,
        /// The quantity that does not match.
        what: &'static str,
        /// The number that the task needs.
        needed: usize,
        /// The number that the network has.
        has: usize,
    },
}

impl TaskError {
    /// A fault of one task's data or benchmark runs.
    pub fn data(fault: impl Error + Send + Sync + 'static) -> Self {
        Self::Data(Box::new(fault))
    }
}
