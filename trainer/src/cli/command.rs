//! The whole command line: which commands there are.

use anyhow::Result;
use clap::{Arg, Command, CommandFactory, FromArgMatches, Parser, Subcommand};
use metaplastic_task::TaskError;

use super::tasks::tasks;
use super::{
    bench, demo, evaluate, experiments, flash, inspect, interrupt, new, record, report, train, train_many, watch,
};

/// Learning to learn for microcontrollers: train on a computer how a spiking network learns, then let it learn on a
/// chip.
#[derive(Debug, Parser)]
#[command(version, about)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: CliCommand,
}

#[derive(Debug, Subcommand)]
enum CliCommand {
    /// Trains a small cue association, exports it, and shows it learning on the host and on an emulated Cortex-M
    Demo(demo::Demo),
    /// Begins a project of one's own: task, experiment, firmware, tests
    New(new::New),
    /// Lists the built-in experiments, or prints the file of one
    Experiments(experiments::Experiments),
    /// Trains an experiment, or several with other values and seeds, and exports the network
    Train(train::Train),
    /// Runs a network in unseen episodes on a body, in which it learns, and counts right decisions
    Evaluate(Box<evaluate::Evaluate>),
    /// Measures what the steps of unseen episodes cost on an emulated or real board
    Bench(bench::Bench),
    /// Records spikes, potentials, traces, weights and inputs of a network step by step, for numpy
    Record(Box<record::Record>),
    /// Opens a page on which the network is seen to learn, step by step
    Watch(Box<watch::Watch>),
    /// Builds the firmware of a board around a network and flashes it
    Flash(flash::Flash),
    /// Describes an artifact: populations, projections, rules, flash and RAM
    Inspect(inspect::Inspect),
    /// Writes one HTML file that shows what a network learned and how
    Report(report::Report),
}

/// Refuses an option of a task that a command has itself, as clap would in a debug build alone.
fn check_options(command: &Command) -> Result<(), TaskError> {
    let count = |name: &str| command.get_arguments().filter(|argument| argument.get_long() == Some(name)).count();
    let twice = tasks().iter().flat_map(|task| task.options).find(|option| count(option.option) > 1);
    twice.map_or(Ok(()), |option| Err(TaskError::Twice { what: "option", name: option.option }))
}

impl Cli {
    /// Parses the program's arguments, or prints help or an error and ends the program. A negative number is a value of
    /// its option, whose range refuses it, and no option.
    ///
    /// # Errors
    /// If an option of a task has the name of one of the program's own.
    pub(crate) fn of_arguments() -> Result<Self, TaskError> {
        let takes_value = |argument: &Arg| argument.get_action().takes_values();
        let number = move |argument: Arg| {
            if takes_value(&argument) { argument.allow_negative_numbers(true) } else { argument }
        };
        let command = Self::command().mut_subcommands(|command| command.mut_args(number));
        command.get_subcommands().try_for_each(check_options)?;
        Ok(Self::from_arg_matches(&command.get_matches()).unwrap_or_else(|error| error.exit()))
    }

    pub(crate) fn run(self) -> Result<()> {
        // A training takes the signals over itself.
        if !matches!(self.command, CliCommand::Demo(_) | CliCommand::Train(_)) {
            interrupt::remove_temporary_files();
        }
        match self.command {
            CliCommand::Demo(demo) => demo.run(),
            CliCommand::New(new) => new.run(),
            CliCommand::Experiments(experiments) => experiments.run(),
            CliCommand::Train(train) if train.is_sweep() => train_many::run(&train),
            CliCommand::Train(train) => train.run(),
            CliCommand::Evaluate(arguments) => evaluate::run(&arguments),
            CliCommand::Bench(bench) => bench.run(),
            CliCommand::Record(arguments) => record::run(&arguments),
            CliCommand::Watch(watch) => watch.run(),
            CliCommand::Flash(flash) => flash.run(),
            CliCommand::Inspect(inspect) => inspect.run(),
            CliCommand::Report(report) => report.run(),
        }
    }
}
