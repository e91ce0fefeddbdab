//! Faults of tasks in general. A fault of the data or the benchmark runs of one task is that task's own error,
//! boxed.

use std::error::Error;

use metaplastic_files::limit::OutOfRange;

/// Why a task cannot be made, or does not fit a network; names the field, the limit and the remedy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TaskError {
    /// The text is not TOML, a value has the wrong type, or a key is unknown.
    #[error("{field}: {}", error.to_string().trim_end())]
    Syntax {
        /// The key with its table, or the table.
        field: String,
        /// What is wrong with it.
        error: toml::de::Error,
    },
    /// A value is no number, or no integer.
    #[error("{field} = {value} is not {} in {limits}", if *is_integer { "an integer" } else { "a number" })]
    Number {
        /// The key with its table.
        field: String,
        /// The value as in TOML.
        value: String,
        /// Whether the number must be an integer.
        is_integer: bool,
        /// The limits of the number.
        limits: String,
    },
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
    /// The network was trained for a task that the program was not given.
    #[error("the network was made for task {made:?}, which this program does not know; it knows: {known}")]
    Foreign {
        /// The task it was made for.
        made: String,
        /// The names of all tasks.
        known: String,
    },
    /// Two tasks have an option of the same name, whose values differ in type or limits.
    #[error("option {option:?} takes other values in task {} than in task {}; call one otherwise", tasks[0], tasks[1])]
    OtherOption {
        /// The option's name.
        option: &'static str,
        /// The tasks.
        tasks: [&'static str; 2],
    },
    /// A program was given two of a name.
    #[error("two {what}s are called {name:?}; call one otherwise")]
    Twice {
        /// A task, an option or an experiment.
        what: &'static str,
        /// The name.
        name: &'static str,
    },
    /// The network's task has no benchmark runs.
    #[error("benchmark runs are of task {having}; the network was made for task {made:?}")]
    NoBenchmarkRuns {
        /// The task it was made for.
        made: String,
        /// The names of the tasks that have benchmark runs.
        having: String,
    },
    /// The task has nothing that a network is compared with.
    #[error("task {task} has no controls, which do without a network what it does; leave --controls out")]
    NoControls {
        /// The task's name.
        task: &'static str,
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
    /// The key of the `[task]` table that is at fault, with its table, or the table; none if the fault is elsewhere.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Syntax { field, .. } | Self::Number { field, .. } => Some(field),
            Self::Range(OutOfRange { field, .. }) => Some(field),
            Self::Nameless { .. } => Some("task"),
            Self::Unknown { .. } | Self::OtherTask { .. } => Some("task.name"),
            Self::ReadsNoData { .. } => Some("task.data"),
            _ => None,
        }
    }

    /// A fault of a table that cannot be read at all.
    pub(crate) fn syntax(error: toml::de::Error) -> Self {
        Self::Syntax { field: "task".into(), error }
    }

    /// A fault of one task's data or benchmark runs.
    pub fn data(fault: impl Error + Send + Sync + 'static) -> Self {
        Self::Data(Box::new(fault))
    }
}
