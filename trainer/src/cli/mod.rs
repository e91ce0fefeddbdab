//! Subcommands: they parse arguments, call the library, and print. No figure is computed here.

mod artifact;
mod bench;
mod command;
mod demo;
mod evaluate;
mod experiments;
mod flash;
mod inspect;
mod interrupt;
mod new;
mod options;
mod output;
mod record;
mod replaced;
mod report;
mod sweep;
mod tasks;
mod train;
mod train_many;
mod training;
mod training_folder;
mod values;
mod watch;

pub(crate) use command::Cli;
pub(crate) use output::{OutputError, error_text};
pub(crate) use tasks::give;
