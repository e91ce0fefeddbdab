//! Subcommands: they read arguments, call the library, and print. No figure is computed here.

mod demo;
mod evaluate;
mod inspect;
mod report;
mod train;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Learning to learn for microcontrollers: train on the desk how a spiking network learns, then let it learn on a
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
    /// Lets a network learn in unseen episodes on a body, and counts right decisions
    Evaluate(evaluate::Evaluate),
    /// Says what an artifact is: populations, projections, rules, flash and RAM
    Inspect(inspect::Inspect),
    /// Writes one HTML file that shows what a network learned and how
    Report(report::Report),
}

impl Cli {
    pub(crate) fn run(self) -> Result<()> {
        match self.command {
            Command::Demo(demo) => demo.run(),
            Command::Train(train) => train.run(),
            Command::Evaluate(evaluate) => evaluate.run(),
            Command::Inspect(inspect) => inspect.run(),
            Command::Report(report) => report.run(),
        }
    }
}

/// A fraction in percent, two decimals.
fn percent(fraction: f64) -> String {
    format!("{:.2} %", 100.0 * fraction)
}
