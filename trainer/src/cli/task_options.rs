//! Options and help texts that follow from the list of tasks: no task is named here.

use std::collections::BTreeSet;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Args, Command, Error, FromArgMatches, Id, value_parser};
use metaplastic_task::{OptionValue, TASKS, TaskDescriptor, TaskOption};
use toml::{Table, Value};

/// The group of all these options, for conflicts with others.
const GROUP: &str = "Replaced";

/// Task parameters by option; each replaces the artifact's or the file's.
#[derive(Clone, Debug, Default)]
pub(crate) struct TaskOptions {
    given: Vec<(&'static TaskOption, Value)>,
}

impl TaskOptions {
    /// The options that are given, with their dashes.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> {
        self.given.iter().map(|(option, _)| format!("--{}", option.option))
    }

    /// The parameters that they replace, with their values.
    pub(crate) fn table(&self) -> Table {
        self.given.iter().map(|(option, value)| (option.key.to_owned(), value.clone())).collect()
    }
}

impl Args for TaskOptions {
    fn group_id() -> Option<Id> {
        Some(Id::from(GROUP))
    }

    fn augment_args(command: Command) -> Command {
        let group = ArgGroup::new(GROUP).multiple(true).args(options().map(|(_, option)| option.option));
        command.args(options().map(|(task, option)| argument(task, option))).group(group)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for TaskOptions {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let given = options().filter_map(|(_, option)| Some((option, value(matches, option)?)));
        Ok(Self { given: given.collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The options of all tasks; an option of several tasks is that of the first.
fn options() -> impl Iterator<Item = (&'static TaskDescriptor, &'static TaskOption)> {
    let mut names = BTreeSet::new();
    let all = TASKS.iter().flat_map(|task| task.options.iter().map(move |option| (task, option)));
    all.filter(move |(_, option)| names.insert(option.option))
}

fn argument(task: &TaskDescriptor, option: &'static TaskOption) -> Arg {
    let help = format!("{} ({})", option.help, task.name);
    let argument = Arg::new(option.option).long(option.option).value_name(option.value_name).help(help);
    match option.value {
        OptionValue::Integer => argument.value_parser(value_parser!(u16)),
        OptionValue::Number => argument.value_parser(value_parser!(f64)),
        OptionValue::Word(words) => argument.value_parser(PossibleValuesParser::new(words)),
        OptionValue::Words => argument.action(ArgAction::Append).value_delimiter(','),
    }
}

fn value(matches: &ArgMatches, option: &TaskOption) -> Option<Value> {
    let id = option.option;
    match option.value {
        OptionValue::Integer => matches.get_one::<u16>(id).map(|value| Value::Integer((*value).into())),
        OptionValue::Number => matches.get_one::<f64>(id).copied().map(Value::Float),
        OptionValue::Word(_) => matches.get_one::<String>(id).cloned().map(Value::String),
        OptionValue::Words => {
            matches.get_many::<String>(id).map(|words| words.cloned().map(Value::String).collect::<Vec<_>>().into())
        }
    }
}

/// The help of `--data`.
pub(crate) fn data_help() -> String {
    help("Data of the task", |task| task.data)
}

/// The help of `--runs`.
pub(crate) fn benchmark_help() -> String {
    help("Runs a published benchmark instead", |task| task.benchmark.map(|benchmark| benchmark.help))
}

/// A help text with a part for each task that has one.
fn help(start: &str, of: impl Fn(&TaskDescriptor) -> Option<&'static str>) -> String {
    let parts = TASKS.iter().filter_map(|task| Some(format!("{}: {}", task.name, of(task)?)));
    format!("{start} ({})", parts.collect::<Vec<_>>().join("; "))
}
