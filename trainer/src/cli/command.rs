//! The whole command line: which commands there are.

use anyhow::Result;
use clap::{Parser, Subcommand};

use super::{bench, demo, evaluate, flash, inspect, report, train};

/// Learning to learn for microcontrollers: train on a computer how a spiking network learns, then let it learn on a
/// chip.
#[derive(Debug, Parser)]
#[command(version, about)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Trains a small cue association, exports it, and shows it learning on the host and on an emulated Cortex-M
    Demo(demo::Demo),
    /// Trains an experiment and exports the network
    Train(train::Train),
    /// Runs a network in unseen episodes on a body, in which it learns, and counts right decisions
    Evaluate(Box<evaluate::Evaluate>),
    /// Measures what the steps of unseen episodes cost on an emulated or real board
    Bench(bench::Bench),
    /// Builds the firmware of a board around a network and flashes it
    Flash(flash::Flash),
    /// Describes an artifact: populations, projections, rules, flash and RAM
    Inspect(inspect::Inspect),
    /// Writes one HTML file that shows what a network learned and how
    Report(report::Report),
}

impl Cli {
    pub(crate) fn run(self) -> Result<()> {
        match self.command {
            Command::Demo(demo) => demo.run(),
            Command::Train(train) => train.run(),
            Command::Evaluate(arguments) => evaluate::run(&arguments),
            Command::Bench(bench) => bench.run(),
            Command::Flash(flash) => flash.run(),
            Command::Inspect(inspect) => inspect.run(),
            Command::Report(report) => report.run(),
        }
    }
}
