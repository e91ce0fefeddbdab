//! What can be wrong with an experiment.

use metaplastic_shared::network::NetworkError;

use metaplastic_files::limit::OutOfRange;
use metaplastic_task::TaskError;

/// A fault and the file it is in.
#[derive(Debug, thiserror::Error)]
#[error("{file}{}: {fault}", line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct ExperimentError {
    /// The file's path or the built-in experiment's name.
    pub file: String,
    /// The line of what is wrong, if it has one; errors of TOML itself say it in their own words.
    pub line: Option<usize>,
    /// What is wrong in it.
    pub fault: Box<Fault>,
}

/// A fault; names the field, the limit and the remedy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The file cannot be read.
    #[error("{why}; give a TOML file or a built-in experiment: {built_in}")]
    Read {
        /// The names of the built-in experiments.
        built_in: String,
        /// What the operating system reports.
        why: std::io::Error,
    },
    /// A key that is set leads to no table.
    #[error("{key}: there is no such table; here are: {known}")]
    Override {
        /// The key.
        key: String,
        /// What it could begin with, where it leads nowhere.
        known: String,
    },
    /// Not TOML, a wrong type, a missing or an unknown key.
    #[error("{position}{}", error.to_string().trim_end())]
    Syntax {
        /// The table or key, populations and projections by their names, and a colon; empty if there is none.
        position: String,
        /// The line, and what is wrong there.
        error: Box<toml::de::Error>,
    },
    /// The same of a text in which values were set: no file has its lines.
    #[error("{position}{message}")]
    OverriddenSyntax {
        /// As that of [`Syntax`](Self::Syntax).
        position: String,
        /// What is wrong there.
        message: String,
    },
    /// The `[task]` table, or it does not fit the network.
    #[error(transparent)]
    Task(#[from] TaskError),
    /// A number is out of its range.
    #[error(transparent)]
    Range(#[from] OutOfRange),
    /// The network is not valid.
    #[error("network: {kind}{entry}{}{what}", if entry.is_empty() { "" } else { ": " })]
    Network {
        /// `population ` or `projection ` before its name; else empty.
        kind: &'static str,
        /// The population or projection by its name in the file, or the table; empty if it is the network.
        entry: String,
        /// What is wrong there, with names for indices.
        what: String,
        /// The same as the network's own check reports it, with indices of populations and projections.
        error: NetworkError,
    },
    /// A population's name is empty, too long, `one`, or taken.
    #[error("network.population: the name {0:?} must be new, 1 to 24 bytes long and not `one`")]
    Name(String),
    /// One decay of a population is per neuron, the other is not.
    #[error(
        "network.{population}: membrane_decay and synapse_decay must both be per neuron or both not; the same value \
         in every neuron is {{ low = 0.5, high = 0.5, per = \"neuron\" }}"
    )]
    DecayScopes {
        /// The population.
        population: String,
    },
    /// A range of values is no power of two.
    #[error("{field} = {value} is not a power of two; 1, 2, 4 and so on to 32768 are")]
    PowerOfTwo {
        /// The key.
        field: String,
        /// What is given.
        value: f64,
    },
    /// A readout of classes and of commands, or of neither.
    #[error("network.readout: give either classes and neurons_per_class, or commands and range")]
    ReadoutKeys,
    /// A decay is to be drawn from an empty range.
    #[error("{field}: high = {high} is below low = {low}; a time constant is drawn between them")]
    DecayOrder {
        /// The key.
        field: String,
        /// The smallest decay.
        low: f64,
        /// The largest decay.
        high: f64,
    },
    /// More entries than a network has room for.
    #[error("{field}: {count} entries, at most {limit} are possible")]
    TooMany {
        /// The list.
        field: String,
        /// How many it has.
        count: usize,
        /// How many it may have.
        limit: usize,
    },
    /// A name that no population has.
    #[error("{field}: there is no population {name:?}; there are: {known}")]
    NoSuchPopulation {
        /// The key that names it.
        field: String,
        /// The name.
        name: String,
        /// The names there are.
        known: String,
    },
    /// The network needs a value that is not there.
    #[error("{field} is missing; this network needs it")]
    Missing {
        /// The key.
        field: String,
    },
    /// A size that the task does not give.
    #[error(
        "{field} is missing, and the task gives no analog values: make it a population of kind \"input\", as large as the \
         spikes that the task gives"
    )]
    NoAnalogValues {
        /// The key.
        field: String,
    },
    /// A value without effect.
    #[error("{field} has no effect in this network; remove it")]
    Unused {
        /// The key.
        field: String,
    },
    /// A loss of rewards, and a task that has none.
    #[error("meta.rewards has no effect: task {task} rewards no choices; remove the table")]
    NoRewards {
        /// The task.
        task: String,
    },
    /// Currents that cannot be batch-normalised.
    #[error(
        "{field}: only currents onto a LIF population with a single projection, not a plastic one, can be \
         batch-normalised"
    )]
    NotAlone {
        /// The key.
        field: String,
    },
    /// As many coefficients as terms are needed.
    #[error("{field}: {given} coefficients for a rule of {terms} terms")]
    Coefficients {
        /// The key.
        field: String,
        /// Coefficients there are.
        given: usize,
        /// Coefficients needed.
        terms: usize,
    },
    /// A range of channels is empty or reaches beyond the population.
    #[error("{field}: first = {first} and last = {last}; 0 <= first <= last <= {limit} is needed")]
    Channels {
        /// The key.
        field: String,
        /// First channel.
        first: usize,
        /// Last channel.
        last: usize,
        /// The last channel there is.
        limit: usize,
    },
}

impl Fault {
    /// The key that is at fault, with its tables, if there is one and the fault does not say its line itself.
    pub(super) fn field(&self) -> Option<String> {
        match self {
            Self::Task(fault) => fault.field().map(str::to_owned),
            Self::Range(OutOfRange { field, .. })
            | Self::TooMany { field, .. }
            | Self::NoSuchPopulation { field, .. }
            | Self::DecayOrder { field, .. }
            | Self::PowerOfTwo { field, .. }
            | Self::Missing { field }
            | Self::NoAnalogValues { field }
            | Self::Unused { field }
            | Self::NotAlone { field }
            | Self::Coefficients { field, .. }
            | Self::Channels { field, .. } => Some(field.clone()),
            Self::Network { entry, .. } => Some(format!("network.{entry}")),
            Self::Name(name) => Some(format!("network.{name}")),
            Self::DecayScopes { population } => Some(format!("network.{population}")),
            Self::NoRewards { .. } => Some("meta.rewards".into()),
            Self::ReadoutKeys => Some("network.readout".into()),
            Self::Read { .. } | Self::Override { .. } | Self::Syntax { .. } | Self::OverriddenSyntax { .. } => None,
        }
    }

    /// The fault of a text that is no file's, without the excerpt and the line of it.
    pub(super) fn without_lines(self) -> Self {
        match self {
            Self::Syntax { position, error } => {
                Self::OverriddenSyntax { position, message: error.message().to_owned() }
            }
            other => other,
        }
    }
}

impl From<toml::de::Error> for Fault {
    fn from(error: toml::de::Error) -> Self {
        Self::Syntax { position: String::new(), error: Box::new(error) }
    }
}
