//! Tasks: what a network has to learn within one lifetime, the episodes they make, and how answers are scored.
//!
//! A task makes episodes and knows how well a guess would do. It may not know which network or body runs them.
#![forbid(unsafe_code)]

mod cue_association;
pub mod episode;
pub mod one_shot;
pub mod score;
pub mod seed;
pub mod unseen;

pub use cue_association::CueAssociation;
pub use one_shot::OneShot;

use std::fmt::Debug;
use std::ops::Range;
use std::path::{Path, PathBuf};

use metaplastic_shared::artifact::Manifest;
use metaplastic_shared::network::Network;
use rayon::prelude::*;
use toml::{Table, Value};

use crate::episode::Episode;
use crate::seed::Purpose;
pub use crate::seed::TaskRng;
use metaplastic_files::limit::OutOfRange;
use one_shot::{DataError, RunsError};

/// The names of all tasks.
pub const NAMES: [&str; 2] = [CueAssociation::NAME, OneShot::NAME];
/// The key of a `[task]` table that says where its data lie. It is no parameter: no artifact knows it.
pub const DATA: &str = "data";

/// Something to be learned within one episode.
pub trait Task: Debug + Send + Sync {
    /// What it is called in TOML and on the command line.
    fn name(&self) -> &'static str;

    /// Draws an episode for a purpose; all its chance comes from `rng`.
    fn episode(&self, purpose: Purpose, rng: &mut TaskRng) -> Episode;

    /// The fraction of decisions a guess gets right.
    fn chance(&self) -> f64;

    /// Input neurons a network must have.
    fn input_size(&self) -> usize;

    /// External signals a network must take.
    fn signals(&self) -> usize;

    /// Classes a network must at least tell apart.
    fn classes(&self) -> usize;

    /// Steps of every episode of a purpose.
    fn steps(&self, purpose: Purpose) -> usize;

    /// Decisions in every episode.
    fn decisions(&self) -> usize;

    /// Pixels a side of the square picture that the first input neurons are, if they are one.
    fn picture_side(&self) -> Option<usize> {
        None
    }

    /// All parameters and the name as TOML, of which [`from_text`] makes the same task.
    fn parameters(&self) -> String;
}

/// Why there is no such task.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TaskError {
    /// Not TOML, a wrong type or an unknown key.
    #[error("task: {}", .0.to_string().trim_end())]
    Syntax(toml::de::Error),
    /// No name.
    #[error("task.name is missing; it is one of: {}", NAMES.join(", "))]
    Nameless,
    /// A name that no task has.
    #[error("task.name = {name:?} is not a task; it is one of: {}", NAMES.join(", "))]
    Unknown {
        /// The name.
        name: String,
    },
    /// A parameter is out of its range.
    #[error(transparent)]
    Range(#[from] OutOfRange),
    /// The drawings, or what is asked of them.
    #[error(transparent)]
    Data(#[from] DataError),
    /// Data for a task that reads none.
    #[error("task {task} reads no data; leave them out")]
    ReadsNoData {
        /// The task's name.
        task: &'static str,
    },
    /// The network was made for a task that this is not.
    #[error("the network was made for task {made:?}, not for {asked:?}; leave task.name as it was")]
    Other {
        /// The task it was made for.
        made: String,
        /// The task asked for.
        asked: &'static str,
    },
    /// The network was made for a task that is not there.
    #[error("the network was made for task {made:?}, which this program does not know; it knows: {}", NAMES.join(", "))]
    Foreign {
        /// The task it was made for.
        made: String,
    },
    /// One-shot runs for a network of another task.
    #[error("runs are of task {}; the network was made for task {made:?}", OneShot::NAME)]
    NoRuns {
        /// The task it was made for.
        made: String,
    },
    /// One-shot runs that are no good.
    #[error(transparent)]
    Runs(#[from] RunsError),
    /// The task does not fit the network.
    #[error(
        "task {task} needs {needed} {what}, the network has {has}; change the task's parameters or the network's"
    )]
    Misfit {
        /// The task's name.
        task: &'static str,
        /// What there are too many or too few of.
        what: &'static str,
        /// How many the task needs.
        needed: usize,
        /// How many the network has.
        has: usize,
    },
}

/// The task a `[task]` table describes; parameters it does not name have their defaults. [`DATA`] is a path from the
/// working directory.
///
/// # Errors
/// [`TaskError`] for an unknown name or key, for values out of range and for data that are missing or no good.
pub fn from_table(mut table: Table) -> Result<Box<dyn Task>, TaskError> {
    let data = data(&mut table)?;
    match table.remove("name") {
        Some(Value::String(name)) if name == CueAssociation::NAME => {
            let task: CueAssociation = table.try_into().map_err(TaskError::Syntax)?;
            if data.is_some() {
                return Err(TaskError::ReadsNoData { task: CueAssociation::NAME });
            }
            Ok(Box::new(task.checked()?))
        }
        Some(Value::String(name)) if name == OneShot::NAME => {
            let parameters: one_shot::Parameters = table.try_into().map_err(TaskError::Syntax)?;
            Ok(Box::new(OneShot::new(parameters, data.as_deref())?))
        }
        Some(Value::String(name)) => Err(TaskError::Unknown { name }),
        Some(other) => Err(TaskError::Unknown { name: other.to_string() }),
        None => Err(TaskError::Nameless),
    }
}

fn data(table: &mut Table) -> Result<Option<PathBuf>, TaskError> {
    table.remove(DATA).map(|path| path.try_into().map_err(TaskError::Syntax)).transpose()
}

/// Writes into a table where its data lie, as a path from the working directory, and says it: `given`, or else what the
/// table says, as a path from the folder of its file.
pub fn locate_data(table: &mut Table, file: &Path, given: Option<&Path>) -> Option<PathBuf> {
    let written = table.get(DATA).and_then(Value::as_str);
    let located = written.map(|data| file.parent().unwrap_or(Path::new("")).join(data));
    let data = given.map(Path::to_owned).or(located)?;
    table.insert(DATA.into(), data.to_string_lossy().into_owned().into());
    Some(data)
}

/// A table that says where data lie, if they are given, to replace part of another.
#[must_use]
pub fn data_table(given: Option<&Path>) -> Table {
    let mut table = Table::new();
    locate_data(&mut table, Path::new(""), given);
    table
}

/// The task that [`Task::parameters`] wrote down, with some parameters replaced.
///
/// # Errors
/// As [`from_table`].
pub fn from_text(text: &str, replaced: Table) -> Result<Box<dyn Task>, TaskError> {
    let mut table: Table = toml::from_str(text).map_err(TaskError::Syntax)?;
    table.extend(replaced);
    from_table(table)
}

/// The task an artifact's network was made for, with the parameters in `text` instead of the manifest's and some of
/// them replaced.
///
/// # Errors
/// As [`from_table`]; and if it is not the network's task, or does not fit the network's shape.
pub fn for_network(manifest: &Manifest<'_>, text: &str, replaced: Table) -> Result<Box<dyn Task>, TaskError> {
    let made = || manifest.task.to_owned();
    if !NAMES.contains(&manifest.task) {
        return Err(TaskError::Foreign { made: made() });
    }
    let task = from_text(text, replaced)?;
    if task.name() != manifest.task {
        return Err(TaskError::Other { made: made(), asked: task.name() });
    }
    fits(&*task, &manifest.network)?;
    Ok(task)
}

/// The one-shot runs in a folder or zip, for the network of an artifact; `text` as for [`for_network`].
///
/// # Errors
/// If the network was not made for one-shot tasks, or the runs are not as [`Runs::read`](one_shot::Runs::read) needs
/// them.
pub fn runs_for_network(manifest: &Manifest<'_>, text: &str, path: &Path) -> Result<one_shot::Runs, TaskError> {
    if manifest.task != OneShot::NAME {
        return Err(TaskError::NoRuns { made: manifest.task.to_owned() });
    }
    let mut table: Table = toml::from_str(text).map_err(TaskError::Syntax)?;
    data(&mut table)?;
    match table.remove("name") {
        Some(Value::String(name)) if name == OneShot::NAME => {}
        Some(name) => return Err(TaskError::Unknown { name: name.to_string() }),
        None => return Err(TaskError::Nameless),
    }
    let parameters: one_shot::Parameters = table.try_into().map_err(TaskError::Syntax)?;
    let parameters = parameters.checked()?;
    check_size(OneShot::NAME, (parameters.input_size(), 0, parameters.labels.into()), &manifest.network)?;
    Ok(one_shot::Runs::read(path, &parameters)?)
}

/// Whether a network has the inputs and signals that a task needs, and enough classes.
///
/// # Errors
/// [`TaskError::Misfit`] names the first that differs.
pub fn fits(task: &dyn Task, network: &Network) -> Result<(), TaskError> {
    check_size(task.name(), (task.input_size(), task.signals(), task.classes()), network)
}

fn check_size(task: &'static str, needed: (usize, usize, usize), network: &Network) -> Result<(), TaskError> {
    let has = (network.input_size(), usize::from(network.signals), usize::from(network.readout.classes));
    let misfits = [
        ("input neurons", needed.0, has.0, needed.0 != has.0),
        ("signals", needed.1, has.1, needed.1 != has.1),
        ("classes", needed.2, has.2, needed.2 > has.2),
    ];
    match misfits.into_iter().find(|misfit| misfit.3) {
        Some((what, needed, has, _)) => Err(TaskError::Misfit { task, what, needed, has }),
        None => Ok(()),
    }
}

/// Episodes of a range of indices, drawn in parallel; each is the same whatever else is asked for.
#[must_use]
pub fn episodes(task: &dyn Task, seed: u64, purpose: Purpose, indices: Range<u64>) -> Vec<Episode> {
    indices.into_par_iter().map(|index| task.episode(purpose, &mut seed::rng(seed, purpose, index))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        text.parse().unwrap()
    }

    #[test]
    fn faults_name_the_field_and_the_remedy() {
        let fault = |text: &str| from_table(table(text)).unwrap_err().to_string();
        assert_eq!(fault("cues = 4"), "task.name is missing; it is one of: cue-association, one-shot");
        assert_eq!(
            fault("name = 'chess'"),
            "task.name = \"chess\" is not a task; it is one of: cue-association, one-shot"
        );
        assert_eq!(fault("name = 'cue-association'\ncues = 0"), "task.cues = 0 is not in 1..=256");
        assert!(fault("name = 'cue-association'\ncuse = 4").contains("unknown field `cuse`"));
        assert!(fault("name = 'cue-association'\ncues = 'four'").contains("invalid type"));
    }

    #[test]
    fn parameters_make_the_same_task_and_can_be_replaced() {
        let task = from_table(table("name = 'cue-association'\ncues = 6\nlabel_rate = 0.25")).unwrap();
        let again = from_text(&task.parameters(), Table::new()).unwrap();
        assert_eq!(again.parameters(), task.parameters());
        let other = from_text(&task.parameters(), table("cues = 3")).unwrap();
        assert_eq!(other.parameters(), task.parameters().replace("cues = 6", "cues = 3"));
    }

    #[test]
    fn an_episode_does_not_depend_on_what_else_is_drawn() {
        let task = CueAssociation::default();
        let many = episodes(&task, 5, Purpose::Test, 0..40);
        assert_eq!(episodes(&task, 5, Purpose::Test, 17..20), many[17..20]);
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        assert_eq!(alone.install(|| episodes(&task, 5, Purpose::Test, 0..40)), many);
        assert_ne!(episodes(&task, 5, Purpose::Training, 17..20), many[17..20]);
        assert_ne!(episodes(&task, 6, Purpose::Test, 17..20), many[17..20]);
    }
}
