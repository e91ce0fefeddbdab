//! The tasks of a program, and how a `[task]` table or an artifact becomes one of them.
//!
//! Nothing here depends on a particular task: tasks are given, [`Tasks::built_in`] and whatever a program adds.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use metaplastic_shared::artifact::Manifest;
use toml::{Table, Value};

use crate::benchmark::BenchmarkRuns;
use crate::cue_association;
use crate::descriptor::{BuiltInExperiment, TaskDescriptor};
use crate::error::TaskError;
use crate::fit;
use crate::one_shot;
use crate::task::Task;
use crate::windows;
use crate::world::{adaptive_control, arm, bandit, recall};

/// The key of a `[task]` table with the path of its data. It is no parameter: no artifact has it.
pub const DATA: &str = "data";

/// All tasks of a program.
#[derive(Clone, Debug)]
pub struct Tasks {
    descriptors: Vec<TaskDescriptor>,
}

impl Tasks {
    /// The tasks that come with metaplastic.
    #[must_use]
    pub fn built_in() -> Self {
        let descriptors = vec![
            cue_association::DESCRIPTOR,
            one_shot::DESCRIPTOR,
            adaptive_control::DESCRIPTOR,
            arm::DESCRIPTOR,
            bandit::DESCRIPTOR,
            recall::DESCRIPTOR,
            windows::DESCRIPTOR,
        ];
        Self { descriptors }
    }

    /// No task: for a program that has its own [`with`](Self::with) no other, whose names are then free.
    #[must_use]
    pub fn none() -> Self {
        Self { descriptors: Vec::new() }
    }

    /// The same with another task. [`check`](Self::check) refuses what is there twice.
    #[must_use]
    pub fn with(mut self, descriptor: TaskDescriptor) -> Self {
        self.descriptors.push(descriptor);
        self
    }

    /// Checks that no task, no experiment and no option of a task has the name of another, and that options of the same
    /// name in several tasks take the same values, since the command line has one of each name.
    ///
    /// # Errors
    /// [`TaskError::Twice`] and [`TaskError::OtherOption`] name the first that does.
    pub fn check(&self) -> Result<(), TaskError> {
        unique("task", self.iter().map(|task| task.name))?;
        self.iter().try_for_each(|task| unique("option", task.options.iter().map(|option| option.option)))?;
        self.check_shared_options()?;
        unique("experiment", self.experiments().map(|experiment| experiment.name))
    }

    fn check_shared_options(&self) -> Result<(), TaskError> {
        let all = || self.iter().flat_map(|task| task.options.iter().map(move |option| (task.name, option)));
        all().try_for_each(|(task, option)| {
            let first = all().find(|(_, other)| other.option == option.option);
            match first {
                Some((other, shared)) if !shared.value.takes_the_same(&option.value) => {
                    Err(TaskError::OtherOption { option: option.option, tasks: [other, task] })
                }
                _ => Ok(()),
            }
        })
    }

    /// What is known of each task.
    pub fn iter(&self) -> impl Iterator<Item = &TaskDescriptor> {
        self.descriptors.iter()
    }

    /// The experiments of all tasks.
    pub fn experiments(&self) -> impl Iterator<Item = BuiltInExperiment> {
        self.iter().flat_map(|task| task.experiments).copied()
    }

    /// The task of a name, if there is one.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&TaskDescriptor> {
        self.iter().find(|task| task.name == name)
    }

    /// The task that a `[task]` table describes; parameters that are not in it have their defaults. [`DATA`] is a path
    /// from the working directory.
    ///
    /// # Errors
    /// [`TaskError`] for an unknown name or key, for values out of range and for data that are missing or cannot be
    /// used.
    pub fn from_table(&self, mut table: Table) -> Result<Box<dyn Task>, TaskError> {
        let data = take_data(&mut table)?;
        let descriptor = self.take_descriptor(&mut table)?;
        if data.is_some() && descriptor.data.is_none() {
            return Err(TaskError::ReadsNoData { task: descriptor.name });
        }
        (descriptor.from_table)(table, data.as_deref())
    }

    /// The task of which [`Task::parameters`] is `text`, with some parameters replaced.
    ///
    /// # Errors
    /// As [`from_table`](Self::from_table).
    pub fn from_text(&self, text: &str, mut replaced: Table) -> Result<Box<dyn Task>, TaskError> {
        let mut table = parse(text)?;
        if let Some(descriptor) = table.get("name").and_then(Value::as_str).and_then(|name| self.find(name)) {
            (descriptor.complete)(&mut replaced);
        }
        table.extend(replaced);
        self.from_table(table)
    }

    /// The task that an artifact's network was trained for, with the parameters in `file` instead of the manifest's if
    /// there are any, and some of them replaced.
    ///
    /// # Errors
    /// As [`from_table`](Self::from_table); and if it is not the network's task, does not fit the network's shape, or the
    /// manifest names data.
    pub fn for_network(
        &self,
        manifest: &Manifest<'_>,
        file: Option<&str>,
        replaced: Table,
    ) -> Result<Box<dyn Task>, TaskError> {
        let made = || manifest.task.to_owned();
        if self.find(manifest.task).is_none() {
            return Err(TaskError::Foreign { made: made(), known: self.names(|_| true) });
        }
        let text = file.map_or_else(|| own_text(manifest), Ok)?;
        let task = self.from_text(text, replaced)?;
        if task.name() != manifest.task {
            return Err(TaskError::OtherTask { made: made(), given: task.name() });
        }
        fit::fits(&*task, &manifest.network)?;
        Ok(task)
    }

    /// The benchmark runs at a path, for the network of an artifact; `file` as for [`for_network`](Self::for_network).
    ///
    /// # Errors
    /// If the network's task has no benchmark, the runs cannot be read, would take more than `limit` bytes of memory, or
    /// do not fit the network.
    pub fn benchmark_runs(
        &self,
        manifest: &Manifest<'_>,
        file: Option<&str>,
        path: &Path,
        limit: u64,
    ) -> Result<BenchmarkRuns, TaskError> {
        let made = || manifest.task.to_owned();
        let Some(benchmark) = self.find(manifest.task).and_then(|descriptor| descriptor.benchmark) else {
            let having = self.names(|descriptor| descriptor.benchmark.is_some());
            return Err(TaskError::NoBenchmarkRuns { made: made(), having });
        };
        let mut table = parse(file.map_or_else(|| own_text(manifest), Ok)?)?;
        take_data(&mut table)?;
        let given = self.take_descriptor(&mut table)?.name;
        if given != manifest.task {
            return Err(TaskError::OtherTask { made: made(), given });
        }
        let runs = (benchmark.read)(table, path, limit)?;
        fit::check(runs.task, runs.requirements, &manifest.network)?;
        Ok(runs)
    }

    fn take_descriptor(&self, table: &mut Table) -> Result<&TaskDescriptor, TaskError> {
        let name = match table.remove("name") {
            Some(Value::String(name)) => name,
            Some(other) => other.to_string(),
            None => return Err(TaskError::Nameless { known: self.names(|_| true) }),
        };
        self.find(&name).ok_or_else(|| TaskError::Unknown { name, known: self.names(|_| true) })
    }

    /// The names of the tasks that fulfil a condition, separated by commas.
    fn names(&self, condition: impl Fn(&TaskDescriptor) -> bool) -> String {
        let names: Vec<_> = self.iter().filter(|task| condition(task)).map(|task| task.name).collect();
        names.join(", ")
    }
}

/// Refuses the first name that was there before.
fn unique(what: &'static str, mut names: impl Iterator<Item = &'static str>) -> Result<(), TaskError> {
    let mut seen = BTreeSet::new();
    names.find(|name| !seen.insert(*name)).map_or(Ok(()), |name| Err(TaskError::Twice { what, name }))
}

/// The parameters in an artifact, which may come from anyone: a path in them would open files of this computer.
fn own_text<'m>(manifest: &Manifest<'m>) -> Result<&'m str, TaskError> {
    if parse(manifest.task_parameters)?.contains_key(DATA) {
        Err(TaskError::NamesData)
    } else {
        Ok(manifest.task_parameters)
    }
}

/// Writes the path of the data into a table, as a path from the working directory, and returns it: `given`, or else
/// what the table says, as a path from the folder of its file.
pub fn locate_data(table: &mut Table, file: &Path, given: Option<&Path>) -> Option<PathBuf> {
    let written = table.get(DATA).and_then(Value::as_str);
    let located = written.map(|data| file.parent().unwrap_or(Path::new("")).join(data));
    let data = given.map(Path::to_owned).or(located)?;
    table.insert(DATA.into(), path_value(&data));
    Some(data)
}

/// A table with the path of the data, if it is given, to replace part of another.
#[must_use]
pub fn data_table(given: Option<&Path>) -> Table {
    let mut table = Table::new();
    locate_data(&mut table, Path::new(""), given);
    table
}

/// A path in a table: text, or what serde writes for a path that is not UTF-8.
fn path_value(path: &Path) -> Value {
    let text = path.to_str().map(Value::from);
    text.unwrap_or_else(|| Value::try_from(path.as_os_str()).expect("serde writes the system's strings as numbers"))
}

/// The path that [`path_value`] wrote.
fn path_of(value: Value) -> Result<PathBuf, toml::de::Error> {
    if value.is_str() { value.try_into() } else { value.try_into::<OsString>().map(PathBuf::from) }
}

fn parse(text: &str) -> Result<Table, TaskError> {
    toml::from_str(text).map_err(TaskError::syntax)
}

fn take_data(table: &mut Table) -> Result<Option<PathBuf>, TaskError> {
    table.remove(DATA).map(|path| path_of(path).map_err(TaskError::syntax)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::descriptor::{OptionValue, TaskOption};
    use crate::seed::Purpose;
    use crate::unseen::episodes;

    fn table(text: &str) -> Table {
        text.parse().unwrap()
    }

    #[test]
    fn faults_name_the_field_and_the_remedy() {
        let fault = |text: &str| Tasks::built_in().from_table(table(text)).unwrap_err().to_string();
        assert_eq!(
            fault("cues = 4"),
            "task.name is missing; it is one of: cue-association, one-shot, adaptive-control, arm, bandit, recall, windows"
        );
        assert_eq!(
            fault("name = 'chess'"),
            "task.name = \"chess\" is not a task; it is one of: cue-association, one-shot, adaptive-control, arm, bandit, recall, windows"
        );
        assert_eq!(fault("name = 'cue-association'\ncues = 0"), "task.cues = 0 is not in 1..=256");
        assert!(fault("name = 'cue-association'\ncuse = 4").contains("unknown field `cuse`"));
        let word = fault("name = 'cue-association'\ncues = 'four'");
        assert_eq!(word, "task.cues = \"four\" is not an integer in 1..=256");
        assert_eq!(
            fault("name = 'cue-association'\ndata = 'x'"),
            "task cue-association reads no data; leave them out"
        );
    }

    #[test]
    fn parameters_make_the_same_task_and_can_be_replaced() {
        for (text, key, other) in [
            ("name = 'cue-association'\ncues = 6\nlabel_rate = 0.25", "cues = 6", "cues = 3"),
            ("name = 'one-shot'\nsource = 'synthetic'\nways = 5", "ways = 5", "ways = 3"),
        ] {
            let task = Tasks::built_in().from_table(table(text)).unwrap();
            assert_eq!(
                Tasks::built_in().from_text(&task.parameters(), Table::new()).unwrap().parameters(),
                task.parameters()
            );
            let replaced = Tasks::built_in().from_text(&task.parameters(), table(other)).unwrap();
            assert_eq!(replaced.parameters(), task.parameters().replace(key, other));
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_path_that_is_not_utf_8_stays_itself() {
        use std::os::unix::ffi::OsStrExt;
        let path = Path::new(std::ffi::OsStr::from_bytes(b"folder/\xff\xfe"));
        let written = toml::to_string(&data_table(Some(path))).unwrap();
        assert_eq!(take_data(&mut table(&written)).unwrap().as_deref(), Some(path));
        assert!(take_data(&mut table("data = 3")).is_err());
    }

    #[test]
    fn an_episode_does_not_depend_on_what_else_is_drawn() {
        let task = Tasks::built_in().from_table(table("name = 'cue-association'")).unwrap();
        let many = episodes(&*task, 5, Purpose::Test, 0..40);
        assert_eq!(episodes(&*task, 5, Purpose::Test, 17..20), many[17..20]);
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        assert_eq!(alone.install(|| episodes(&*task, 5, Purpose::Test, 0..40)), many);
        assert_ne!(episodes(&*task, 5, Purpose::Training, 17..20), many[17..20]);
        assert_ne!(episodes(&*task, 6, Purpose::Test, 17..20), many[17..20]);
    }

    #[test]
    fn what_is_there_twice_is_refused() {
        assert!(Tasks::built_in().check().is_ok());
        let make = recall::DESCRIPTOR.from_table;
        let fault = |descriptor| Tasks::built_in().with(descriptor).check().unwrap_err().to_string();
        assert_eq!(
            fault(TaskDescriptor::new("bandit", make)),
            "two tasks are called \"bandit\"; call one otherwise"
        );
        let named = |option| TaskDescriptor::new("own", make).with_options(option);
        const PULLS: TaskOption = TaskOption::new("pulls", "pulls", OptionValue::Flag, "BOOL", "");
        const OTHER_WAYS: TaskOption = TaskOption::new("ways", "ways", OptionValue::Integer(1.0..=3.0), "N", "");
        assert_eq!(fault(named(const { &[PULLS, PULLS] })), "two options are called \"pulls\"; call one otherwise");
        assert_eq!(
            fault(named(const { &[OTHER_WAYS] })),
            "option \"ways\" takes other values in task one-shot than in task own; call one otherwise"
        );
        const WORDS: TaskOption = TaskOption::new("source", "source", OptionValue::Word(&["moon"]), "SOURCE", "");
        assert!(Tasks::built_in().with(named(const { &[WORDS] })).check().is_ok());
        let experiments = &[BuiltInExperiment { name: "arm", text: "" }];
        let fault = fault(TaskDescriptor::new("own", make).with_experiments(experiments));
        assert_eq!(fault, "two experiments are called \"arm\"; call one otherwise");
    }

    #[test]
    fn alone_a_task_may_have_a_built_in_name() {
        assert!(Tasks::none().with(recall::DESCRIPTOR).check().is_ok());
        assert_eq!(Tasks::none().with(recall::DESCRIPTOR).iter().count(), 1);
        assert!(Tasks::built_in().with(recall::DESCRIPTOR).check().is_err());
    }

    #[test]
    fn a_task_that_was_given_is_known() {
        let own = TaskDescriptor::new("own", |table, data| (recall::DESCRIPTOR.from_table)(table, data));
        let made = Tasks::built_in().with(own.clone()).from_table(table("name = 'own'"));
        assert_eq!(made.unwrap().name(), "recall");
        let fault = Tasks::built_in().with(own).from_table(table("name = 'other'")).unwrap_err().to_string();
        assert!(fault.ends_with("windows, own"), "{fault}");
    }

    #[test]
    fn every_option_replaces_a_parameter() {
        for descriptor in Tasks::built_in().iter() {
            let text = format!("name = '{}'\nsource = 'synthetic'", descriptor.name);
            let has_source = descriptor.options.iter().any(|option| option.key == "source");
            let text = if has_source { &text } else { text.lines().next().unwrap() };
            let parameters = table(&Tasks::built_in().from_table(table(text)).unwrap().parameters());
            for option in descriptor.options {
                assert!(parameters.contains_key(option.key), "{}: {}", descriptor.name, option.key);
            }
        }
    }
}
