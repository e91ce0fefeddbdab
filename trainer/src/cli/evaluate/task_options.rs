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

/// The options that were given, each with its value, once for each task that has it.
#[derive(Debug)]
pub(super) struct TaskOptions {
    given: Vec<GivenOption>,
}

#[derive(Clone, Debug)]
struct GivenOption {
    task: &'static str,
    option: &'static TaskOption,
    value: Value,
}

impl TaskOptions {
    /// The parameters that they replace, by key.
    pub(super) fn table(&self) -> Table {
        self.given.iter().map(|given| (given.option.key.to_owned(), given.value.clone())).collect()
    }

    /// Those of the task of this name; refuses options that it has not. A task that is not known has none.
    pub(super) fn of_task(&self, task: &str) -> Result<Self> {
        let of_task = |given: &&GivenOption| given.task == task;
        let given: Vec<_> = self.given.iter().filter(of_task).cloned().collect();
        let Some(task) = tasks().find(task) else { return Ok(Self { given }) };
        let is_missing =
            |foreign: &&GivenOption| given.iter().all(|given| given.option.option != foreign.option.option);
        let Some(foreign) = self.given.iter().find(is_missing) else { return Ok(Self { given }) };
        let names: Vec<_> = task.options.iter().map(|option| format!("--{}", option.option)).collect();
        let (option, names) = (foreign.option.option, names.join(", "));
        bail!("--{option} is not an option of the network's task, {}, which has: {names}", task.name)
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
        let arguments = arguments();
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
        let given = all_options().into_iter().filter_map(|(task, option)| {
            Some(GivenOption { task: task.name, option, value: value(option, matches)? })
        });
        Ok(Self { given: given.collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The options of all tasks.
fn all_options() -> Vec<(&'static TaskDescriptor, &'static TaskOption)> {
    tasks().iter().flat_map(|task| task.options.iter().map(move |option| (task, option))).collect()
}

/// One of each name, with the help of every task that has it.
fn arguments() -> Vec<Arg> {
    let all = all_options();
    let mut names: Vec<&'static str> = Vec::new();
    for (_, option) in &all {
        if !names.contains(&option.option) {
            names.push(option.option);
        }
    }
    let of_name = |name| {
        let of_tasks: Vec<_> = all.iter().filter(|(_, option)| option.option == name).copied().collect();
        let options: Vec<_> = of_tasks.iter().map(|(_, option)| *option).collect();
        argument(&options).help(help(&of_tasks))
    };
    names.into_iter().map(of_name).collect()
}

/// What each of several tasks says of its option, once where they say the same.
fn help(of_tasks: &[(&TaskDescriptor, &TaskOption)]) -> String {
    let mut texts: Vec<(&str, Vec<&str>)> = Vec::new();
    for (task, option) in of_tasks {
        match texts.iter_mut().find(|(text, _)| *text == option.help) {
            Some((_, tasks)) => tasks.push(task.name),
            None => texts.push((option.help, vec![task.name])),
        }
    }
    let texts = texts.iter().map(|(text, tasks)| format!("{text} ({})", tasks.join(", ")));
    texts.collect::<Vec<_>>().join("; ")
}

/// The argument of options of the same name, whose values have the same type. Words may be any of those of any task, and
/// making the task refuses those of others.
fn argument(options: &[&'static TaskOption]) -> Arg {
    let option = options[0];
    let argument = Arg::new(option.option).long(option.option).value_name(option.value_name).help_heading(HEADING);
    match &option.value {
        OptionValue::Integer(range) => argument.value_parser(values::unchecked::<u16>("an integer", limits(range))),
        OptionValue::Number(range) => argument.value_parser(values::unchecked::<f64>("a number", limits(range))),
        OptionValue::Word(_) => argument.value_parser(PossibleValuesParser::new(words(options))),
        OptionValue::Words => argument.value_delimiter(',').action(ArgAction::Append),
        OptionValue::Flag => argument
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .value_parser(value_parser!(bool)),
    }
}

/// The words that options take, each once.
fn words(options: &[&'static TaskOption]) -> Vec<&'static str> {
    let all = options.iter().flat_map(|option| match option.value {
        OptionValue::Word(words) => words,
        _ => &[],
    });
    let mut words: Vec<_> = Vec::new();
    all.for_each(|word| {
        if !words.contains(word) {
            words.push(*word);
        }
    });
    words
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
