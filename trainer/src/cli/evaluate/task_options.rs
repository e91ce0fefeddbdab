//! Parameters of the task as options of the command line, made from what every task says of itself.

use anyhow::{Result, bail};
use clap::builder::PossibleValuesParser;
use clap::error::Error;
use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Args, Command, FromArgMatches, value_parser};
use metaplastic_files::limit::{OutOfRange, limits};
use metaplastic_task::{OptionValue, TaskDescriptor, TaskError, TaskOption};
use toml::{Table, Value};

use crate::cli::tasks::tasks;
use crate::cli::values;

/// The id of all these options together.
pub(in crate::cli) const TASK_OPTIONS: &str = "task_options";
const HEADING: &str = "Parameters of the task, in place of the artifact's or the file's";

/// The options that were given, each with its value.
#[derive(Debug)]
pub(super) struct TaskOptions {
    given: Vec<GivenOption>,
}

#[derive(Debug)]
struct GivenOption {
    option: &'static TaskOption,
    value: Value,
}

impl TaskOptions {
    /// The parameters that they replace, by key.
    pub(super) fn table(&self) -> Table {
        self.given.iter().map(|given| (given.option.key.to_owned(), given.value.clone())).collect()
    }

    /// The first option that is of another task than the one with this descriptor.
    fn foreign(&self, task: &TaskDescriptor) -> Option<&'static str> {
        let is_foreign =
            |given: &&GivenOption| task.options.iter().all(|option| option.option != given.option.option);
        self.given.iter().find(is_foreign).map(|given| given.option.option)
    }

    /// Refuses options of other tasks than the one of this name.
    pub(super) fn check(&self, task: &str) -> Result<()> {
        let Some(task) = tasks().find(task) else { return Ok(()) };
        let Some(option) = self.foreign(task) else { return Ok(()) };
        let names: Vec<_> = task.options.iter().map(|option| format!("--{}", option.option)).collect();
        bail!("--{option} is not an option of the network's task, {}, which has: {}", task.name, names.join(", "))
    }

    /// A number out of its range, called by the option that gave it instead of by its key.
    pub(super) fn renamed(&self, mut fault: OutOfRange) -> OutOfRange {
        let of_key = |given: &&GivenOption| fault.field.strip_prefix("task.") == Some(given.option.key);
        if let Some(given) = self.given.iter().find(of_key) {
            fault.field = format!("--{}", given.option.option);
        }
        fault
    }

    /// The options that a fault may be in, as they were written: no number is at fault for drawings that are not there,
    /// unless the fault names it.
    pub(super) fn names(&self, fault: &TaskError) -> impl Iterator<Item = String> {
        let message = matches!(fault, TaskError::Data(_)).then(|| fault.to_string());
        let is_number = |given: &GivenOption| matches!(given.value, Value::Integer(_) | Value::Float(_));
        // A fault of one number is of its option alone, which it is called by.
        let is_named = matches!(fault, TaskError::Range(_));
        let may_be = move |given: &&GivenOption| {
            !is_named
                && message.as_ref().is_none_or(|message| !is_number(given) || message.contains(given.option.key))
        };
        self.given.iter().filter(may_be).map(|given| format!("--{}", given.option.option))
    }
}

impl Args for TaskOptions {
    fn augment_args(command: Command) -> Command {
        let arguments: Vec<Arg> = tasks().iter().flat_map(arguments).collect();
        let ids = arguments.iter().map(Arg::get_id).cloned();
        let group = ArgGroup::new(TASK_OPTIONS).multiple(true).args(ids);
        command.args(arguments).group(group)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for TaskOptions {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let options = tasks().iter().flat_map(|task| task.options);
        let given = options.filter_map(|option| Some(GivenOption { option, value: value(option, matches)? }));
        Ok(Self { given: given.collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn arguments(task: &'static TaskDescriptor) -> impl Iterator<Item = Arg> {
    task.options.iter().map(|option| argument(option).help(format!("{} ({})", option.help, task.name)))
}

fn argument(option: &'static TaskOption) -> Arg {
    let argument = Arg::new(option.option).long(option.option).value_name(option.value_name).help_heading(HEADING);
    match &option.value {
        OptionValue::Integer(range) => argument.value_parser(values::unchecked::<u16>("an integer", limits(range))),
        OptionValue::Number(range) => argument.value_parser(values::unchecked::<f64>("a number", limits(range))),
        OptionValue::Word(words) => argument.value_parser(PossibleValuesParser::new(*words)),
        OptionValue::Words => argument.value_delimiter(',').action(ArgAction::Append),
        OptionValue::Flag => argument
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .value_parser(value_parser!(bool)),
    }
}

fn value(option: &TaskOption, matches: &ArgMatches) -> Option<Value> {
    match &option.value {
        OptionValue::Integer(_) => {
            matches.get_one::<u16>(option.option).map(|value| Value::Integer((*value).into()))
        }
        OptionValue::Number(_) => matches.get_one::<f64>(option.option).copied().map(Value::Float),
        OptionValue::Word(_) => matches.get_one::<String>(option.option).cloned().map(Value::String),
        OptionValue::Flag => matches.get_one::<bool>(option.option).copied().map(Value::Boolean),
        OptionValue::Words => {
            let words = matches.get_many::<String>(option.option)?.map(|word| word.trim());
            Some(Value::Array(words.filter(|word| !word.is_empty()).map(Value::from).collect()))
        }
    }
}
