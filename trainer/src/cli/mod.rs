//! Subcommands: they parse arguments, call the library, and print. No figure is computed here.

mod bench;
mod command;
mod demo;
mod evaluate;
mod flash;
mod inspect;
mod options;
mod output;
mod report;
mod train;
mod training;
mod values;

pub(crate) use command::Cli;
pub(crate) use output::OutputError;
